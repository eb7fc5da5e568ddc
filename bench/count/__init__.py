"""The count, side by side with other programs: `make bench-count`."""
