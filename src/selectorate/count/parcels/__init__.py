"""Single transferable vote by parcels, for the rule books that move papers as they came.

A candidate holds parcels: papers that came together, each worth the same. Some rule books pass on a surplus with
the last parcel only; an exclusion moves its papers in batches, each a row of the sheet. What differs between the
rule books is read from their answers (`rule`); `engine` is the count from the first preferences to the last seat,
`election` says who is elected, `surplus` and `exclusion` move papers, `standing` tells equal candidates apart,
`sentences` says each row in plain words.
"""
