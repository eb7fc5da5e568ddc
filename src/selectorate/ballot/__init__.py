"""Secret ballots on the Belenios wire, protocol version 1.

Takes: an election's questions, trustees' public keys and public credentials; ballots, shuffles and partial
decryptions as the exact bytes of the wire; whole archives (`UUID.bel`). Gives: the bytes to append to an
archive event by event (`make`, `archive`), a verdict on each numbered duty of docs/formats/ballot.md
(`check`), verdicts on single ballots as they arrive (`acceptance`), rankings as tuples of ints (`papers`), a
threshold group's key made by people in different places (`ceremony`).
Refuses: kinds that are not supported yet (`ballot.unsupported`), an event out of order (`ballot.order`),
set-up objects that a verifier would not pass (`ballot.setup`).
Deliberately absent: storage, clock, randomness other than the kernel's, the counting of papers, names of
electors, protocol version 2.

The proofs and the group arithmetic are in the compiled kernel; whole objects cross that border.
"""
