"""The rulebook over a whole roll: as SQL that the caller's engine runs."""
