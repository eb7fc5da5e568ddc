"""The questions that a rule set of each family must answer: one module per family, named as the family is.

Each module has `QUESTIONS`: name -> `Asked`, in the order in which sheet, help and documents show them. What an
engine does not know is no answer: a rule set that gives another is refused when it is loaded.
"""
