"""The acts of the returning officer; the only door to storage, engines, clock and files.

Each act loads, calls one room, appends to the record, stores, and says what comes next. Takes a workspace
(DIR with `log.sqlite`, `vault/`, `public/`); gives sentences and files; refuses what `log/order.py` does not
allow. Deliberately absent: judgement about the subject matter (rooms have it), trustees' keys, private
credentials, clear choices (other seats have them), any command that turns a finding into an exclusion.
"""
