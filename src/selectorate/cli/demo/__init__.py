"""The demonstration: an invented organisation that makes one selection from beginning to end."""
