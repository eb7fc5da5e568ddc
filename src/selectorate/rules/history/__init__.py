"""Facts as at a day: what was true then, as far as it was recorded by another day.

`readings` says how a fact is read from events and reads it for one member; `asat` does so for a rulebook;
`table` says the same as SQL for everybody at once.
"""
