"""One winner, found in rounds: by excluding candidates, by a second round, or by adding preferences.

`eliminating` (alternative vote and its relatives, Coombs, Smith//IRV, points by unit), `runoff` (supplementary
and contingent vote, two rounds), `bucklin`. Each has a `run` that `methods.count` calls. `equal` tells equal votes
apart; `pairs` compares candidates paper against paper; `worth` says what a paper of a unit is worth; `wording`
puts a round into a sentence.
"""
