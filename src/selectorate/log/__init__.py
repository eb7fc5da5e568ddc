"""The append-only public record and its proofs.

Takes: acts as plain values, and a signing key that the office holds. Gives: entries (canonical bytes), the
Merkle tree over them (RFC 6962), signed checkpoints (C2SP signed-note and tlog-checkpoint), receipts.
Refuses: an act out of order (`order.py`, the one table that office and verifier both use), data that the
act does not have, a second log under one key. Deliberately absent: time in entries (checkpoints carry it),
storage (office/store), anything personal.
"""
