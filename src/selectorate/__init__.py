"""selectorate: an organisation governs itself so that it cannot be captured.

Rooms compute, the office acts, the log remembers, a stranger checks. See ARCHITECTURE.md.
"""

__version__ = "0.1.0"
