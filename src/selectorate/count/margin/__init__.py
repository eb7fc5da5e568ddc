"""Margins: how many papers may be other than they are before somebody else is elected.

`certify` makes the certificate of the public record (`same_path`, docs/formats/certificate.md). Beside it stand
margins that are exact where exactness exists, bounds that are sound elsewhere, and assertions that anybody can
check by a sum. The gap of the last round is never given as a margin.
"""

from __future__ import annotations

from selectorate.count.margin.same_path import bound, certify

__all__ = ["bound", "certify"]
