"""Invented rolls with stacking in them, whose truth is known, and the table of what a detector finds there."""
