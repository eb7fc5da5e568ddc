"""Acts that follow from a finding: reviewers declare themselves and decide, the numbers go on the record."""
