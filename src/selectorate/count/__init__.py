"""The count: papers in clear, to a sheet with every stage, to a margin, to a certificate.

Takes rankings as tuples of whole numbers (from a decrypted result or from a file of papers), the name of a
rule set, a number of seats, a tie seed, and two whole numbers from the roll (`doubtful`, `left_out`). Gives
`Profile`, `Sheet` and `Certificate`, and checks of the last two that share no arithmetic with their making.
Refuses a paper file it cannot read to the last line, a count that needs a lot when there is no seed, and any
rule set whose answers it does not know. Whole numbers and fractions only.

Deliberately absent: who cast a paper, any clock or file access, any rule written in code that a rule set
could state as data, and a word on whether a challenged elector was entitled to vote.
"""
