"""What a person sees of findings: a page of each, an overview of all, and the same as plain text.

Takes the values of `objects`. Gives bytes of pages without script, or text. A finding is evidence: what stands
out and what does not fit have the same rank and the same room, and every page says what to do next. Members are
"Member 1" and homes are "Home 1" in pictures; the numbers of members stand in one table that begins closed.
"""

from __future__ import annotations
