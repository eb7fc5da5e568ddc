"""The ceremony in which the members of a threshold group make one key that none of them holds.

Rounds of letters between people in different places: certificate, commitment to a polynomial, the polynomial,
the own share (or a complaint). `check` judges any bag of letters and says who is at fault and whom one waits
for; `make` writes the letters of one member. Both take and give values; files and passphrases are the
caller's. Described in docs/formats/ceremony.md.
"""
