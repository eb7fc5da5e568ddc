"""Margins of elimination rounds: the exact number of papers, and assertions that prove the winner by sums."""
