"""What follows from a finding until it is settled: who may decide, by which words, what decisions teach the signals.

Nothing here excludes anybody. A decision about a member is `cleared`, `unresolved` (the member votes like everyone
else and counts as doubtful in the certificate) or `withdrawn` (by the member's own word; the membership ends as any
other does, outside of this).
"""

from __future__ import annotations
