"""A count that a losing candidate can follow: the same values as terminal text and as a page with pictures."""
