"""Walk a record, run every check, make a report.

Takes a path: a public folder or one archive. Gives a `Report` whose duties are numbered as on the public
method pages (docs/formats), and what the election promises (`claims`). Refuses (exit 2) what is neither form or
not yet supported; everything wrong inside is a failed check, never an exception. Imports only checks, objects,
canon and the log, so nothing that makes an artefact can take part in judging it. Deliberately absent: any option
that turns a check off.
"""

from selectorate.verify.resume import Progress
from selectorate.verify.run import Judgement, judge, not_covered, verify
from selectorate.verify.source import open_source

__all__ = ["Judgement", "Progress", "judge", "not_covered", "open_source", "verify"]
