"""Possible duplicates on an invented roll: false links, recall by the way names are built, time and memory."""
