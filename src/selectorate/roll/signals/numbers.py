"""The roll as whole numbers: what the look for the unlike may see of it, and nothing else.

Takes the tables of `intake` in one database and writes tables of whole numbers into another, which is all that the
signals are ever given. Accounts, telephones, e-mail addresses, homes, devices and log-ins cross as the first 51 bits
of their keyed token, members and branches as a place in a list that stays behind, days as days since 1 January 1970.
No name, number of a member, address or contact crosses, neither clear nor under a hash without a key.

A home is what `intake` takes for one: an address without its room or flat, or what the organisation declared. Each
member has one event: joining, or a later day on which they came back after a lapse or began to be paid for by another
account; the account and collector of that day go with it. Of somebody who joined before the ledger begins nothing is
known until it is fifteen months old: whoever then pays for the first time has come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from selectorate.roll.tokens import address, tokens

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LAPSE_DAYS = 455
"""A yearly subscription and three months of grace: whoever pays again later has come back."""
SHORT_DAYS = 730
"""A ledger that begins later says nothing of who paid before: the first payment in it by an account that pays for
several homes is then looked at as if it were new."""
SETTLED_DAYS = 60
"""A second payment so soon after joining belongs to joining."""
BEFORE_DAYS, AFTER_DAYS = 30, 120
"""A payment, receipt or form so near the event is the one that belongs to it."""
MOVED_DAYS = 60
"""An edit of the address so near a transfer is the move of house that explains it."""
ADDRESS_WORDS = "addres|adress|anschrift|indirizz|direcc|street|post ?code|zip|plz"
PHONE_WORDS = "phone|mobil|telef|handy|cell"
MAIL_WORDS = "mail|courriel|correo"
BATCH = 100_000

_WHOLE = "CREATE OR REPLACE TEMP MACRO whole(token) AS coalesce(('0x' || left(token, 13))::BIGINT // 2, -1)"
# Whoever joined before 1970 joined on day 0: nothing so old is compared with anything.
_DAY = (
    "CREATE OR REPLACE TEMP MACRO day_of(d) AS CASE WHEN d IS NULL THEN -1 "
    "ELSE greatest(0, date_diff('day', DATE '1970-01-01', d)) END"
)

_NUMBERED = """
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT member_id, row_number() OVER (ORDER BY member_id) AS number FROM
(SELECT member_id FROM members UNION SELECT member_id FROM events WHERE kind = 'removed')
"""
_PLACES = """
CREATE OR REPLACE TEMP TABLE places AS
SELECT branch, row_number() OVER (ORDER BY branch) - 1 AS place FROM (
  SELECT branch FROM members UNION SELECT value FROM events WHERE kind = 'moved'
  UNION SELECT before FROM events WHERE kind IN ('moved', 'removed'))
WHERE branch IS NOT NULL AND branch <> ''
"""

# The day of the event: joining, or the last day on which somebody came back or another account began to pay.
_EVENTS = """
CREATE OR REPLACE TEMP TABLE happened AS
WITH activity AS (
  SELECT member_id, paid_on AS day, payer FROM payments WHERE amount >= 0 AND paid_on <= $freeze
  UNION ALL SELECT member_id, on_day, NULL FROM events WHERE kind = 'renewed' AND on_day <= $freeze),
ordered AS (
  SELECT member_id, day, payer, lag(day) OVER turn AS before, row_number() OVER turn AS place,
         last_value(payer IGNORE NULLS) OVER (PARTITION BY member_id ORDER BY day, payer
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS payer_before
  FROM activity WINDOW turn AS (PARTITION BY member_id ORDER BY day, payer)),
begun AS (SELECT min(day) AS day FROM activity),
several AS (
  SELECT a.payer FROM activity a JOIN members m USING (member_id) WHERE a.payer IS NOT NULL
  GROUP BY a.payer HAVING count(DISTINCT m.household) >= 2),
fresh AS (
  SELECT member_id, max(day) AS day FROM ordered JOIN members m USING (member_id)
  WHERE m.joined_on IS NULL AND place = 1 OR (m.joined_on IS NULL OR day > m.joined_on + $settled) AND CASE
    WHEN place = 1 THEN day > (SELECT day FROM begun) + $lapse OR
      ((SELECT day FROM begun) > $freeze - $short AND payer IN (SELECT payer FROM several))
    ELSE day - before > $lapse OR (payer IS NOT NULL AND payer IS DISTINCT FROM payer_before) END
  GROUP BY member_id)
SELECT m.member_id, m.joined_on AS joined, f.day AS renewed,
       greatest(coalesce(m.joined_on, DATE '1900-01-01'), coalesce(f.day, DATE '1900-01-01')) AS day
FROM members m LEFT JOIN fresh f USING (member_id)
"""

_MEMBERS = """
CREATE TABLE {into}.members AS
WITH paid AS (
  SELECT h.member_id, arg_min(p.payer, (p.paid_on, p.payer)) AS payer FROM happened h JOIN payments p USING (member_id)
  WHERE p.payer IS NOT NULL AND p.amount >= 0 AND p.paid_on <= h.day + $after
        AND p.paid_on >= h.day - CASE WHEN h.renewed = h.day THEN 0 ELSE $before END AND p.paid_on <= $freeze
  GROUP BY h.member_id),
standing AS (
  SELECT member_id, min(token) AS payer FROM tokens ANTI JOIN payments USING (member_id) WHERE kind = 'payer'
  GROUP BY member_id),
collected AS (
  SELECT h.member_id, arg_min(e.actor, (e.on_day, e.actor)) AS actor FROM happened h JOIN events e USING (member_id)
  WHERE e.kind = 'receipt' AND e.actor IS NOT NULL AND e.on_day BETWEEN h.day - $before AND h.day + $after
        AND e.on_day <= $freeze GROUP BY h.member_id),
sent AS (
  SELECT h.member_id, arg_min(e.actor, (e.on_day, e.actor)) AS actor FROM happened h JOIN events e USING (member_id)
  WHERE e.kind = 'form_sent' AND e.actor IS NOT NULL AND e.on_day BETWEEN h.day - $before AND h.day + $after
        AND e.on_day <= $freeze GROUP BY h.member_id),
recruited AS (
  SELECT member_id, arg_max(actor, (on_day, actor)) AS actor FROM events
  WHERE kind = 'joined' AND actor IS NOT NULL AND on_day <= $freeze GROUP BY member_id),
moved AS (
  SELECT member_id, max(on_day) AS day FROM events WHERE kind = 'moved' AND on_day <= $freeze GROUP BY member_id),
contacts AS (
  SELECT member_id, min(token) FILTER (kind = 'phone') AS phone, min(token) FILTER (kind = 'email') AS email
  FROM tokens GROUP BY member_id)
SELECT n.number AS member_id, coalesce(b.place, -1) AS branch, day_of(h.joined) AS join_day,
       day_of(h.renewed) AS renewal_day, day_of(v.day) AS transfer_day,
       whole(a.building) AS building, whole(a.dwelling) AS dwelling, whole(coalesce(p.payer, s.payer)) AS payer,
       whole(f.actor) AS device, -1::BIGINT AS ip, whole(c.phone) AS phone, whole(c.email) AS email,
       whole(r.actor) AS recruiter, whole(k.actor) AS cash_collector, whole(a.household) AS household
FROM happened h JOIN numbered n USING (member_id) JOIN addressed a USING (member_id)
LEFT JOIN members m USING (member_id) LEFT JOIN places b ON m.branch = b.branch
LEFT JOIN paid p USING (member_id) LEFT JOIN standing s USING (member_id) LEFT JOIN collected k USING (member_id)
LEFT JOIN sent f USING (member_id)
LEFT JOIN recruited r USING (member_id) LEFT JOIN moved v USING (member_id) LEFT JOIN contacts c USING (member_id)
ORDER BY n.number
"""

_EDITS = """
CREATE TABLE {into}.edits AS
SELECT n.number AS member_id, coalesce(b.place, -1) AS branch, day_of(e.on_day) AS day, -1::BIGINT AS minute,
       whole(e.actor) AS operator, -1::BIGINT AS session, e.field, -1::BIGINT AS value
FROM changed e JOIN numbered n USING (member_id) JOIN members m USING (member_id)
LEFT JOIN places b ON m.branch = b.branch
WHERE e.on_day <= $freeze ORDER BY ALL
"""
_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed AS
SELECT member_id, on_day, actor, CASE WHEN regexp_matches(said, $mail) THEN 2 WHEN regexp_matches(said, $phone) THEN 1
  WHEN regexp_matches(said, $address) THEN 0 ELSE 3 END::BIGINT AS field
FROM (SELECT member_id, on_day, actor, strip_accents(lower(coalesce(value, ''))) AS said FROM events
      WHERE kind = 'contact_changed' AND on_day IS NOT NULL)
"""
_RECEIPTS = """
CREATE TABLE {into}.receipts AS
SELECT n.number AS member_id, coalesce(b.place, -1) AS branch, day_of(e.on_day) AS day, -1::BIGINT AS minute,
       whole(e.actor) AS collector,
       coalesce(try_cast(regexp_extract(e.value, '[0-9]{{1,15}}$') AS BIGINT), -1) AS number
FROM events e JOIN numbered n USING (member_id) JOIN members m USING (member_id)
LEFT JOIN places b ON m.branch = b.branch
WHERE e.kind = 'receipt' AND e.on_day <= $freeze ORDER BY ALL
"""
_REMOVED = """
CREATE TABLE {into}.exclusions AS
WITH reasons AS (
  SELECT value, row_number() OVER (ORDER BY value) - 1 AS reason FROM events
  WHERE kind = 'removed' AND value IS NOT NULL GROUP BY value),
recruited AS (
  SELECT member_id, arg_max(actor, (on_day, actor)) AS actor FROM events
  WHERE kind = 'joined' AND actor IS NOT NULL AND on_day <= $freeze GROUP BY member_id)
SELECT n.number AS member_id, coalesce(b.place, -1) AS branch, day_of(e.on_day) AS day,
       coalesce(q.reason, -1) AS reason, whole(r.actor) AS recruiter
FROM events e JOIN numbered n USING (member_id) LEFT JOIN members m USING (member_id)
LEFT JOIN places b ON coalesce(e.before, m.branch) = b.branch LEFT JOIN reasons q ON e.value = q.value
LEFT JOIN recruited r USING (member_id)
WHERE e.kind = 'removed' AND e.on_day <= $freeze ORDER BY ALL
"""
# Without a book of edits nobody knows whether an address changed; then transfers stay with the members alone.
_TRANSFERS = """
CREATE TABLE {into}.transfers AS
SELECT n.number AS member_id, coalesce(f.place, -1) AS from_branch, coalesce(t.place, -1) AS branch,
       day_of(e.on_day) AS day, CASE WHEN EXISTS (
         SELECT 1 FROM changed c WHERE c.member_id = e.member_id AND c.field = 0
         AND c.on_day BETWEEN e.on_day - $near AND e.on_day + $near) THEN 1 ELSE 0 END::BIGINT AS address_changed
FROM events e JOIN numbered n USING (member_id) LEFT JOIN places f ON e.before = f.branch
LEFT JOIN places t ON e.value = t.branch
WHERE e.kind = 'moved' AND e.on_day <= $freeze ORDER BY ALL
"""


def whole(token: str) -> int:
    """A token as the number that stands for it; -1 for none."""
    return int(token[:13], 16) // 2 if token else -1


def number(engine: DuckDBPyConnection) -> None:
    """The temporary tables `numbered` (member, number) and `places` (branch, place): the same for the same roll."""
    for statement in (_NUMBERED, _PLACES):
        engine.execute(statement).fetchall()


def lay_out(engine: DuckDBPyConnection, freeze: date, key: bytes, into: str) -> frozenset[str]:
    """Write the tables of whole numbers into the attached database `into`, which holds nothing yet; gives the
    names of those beside `members`. Leaves the temporary tables `numbered` and `places` behind, for `names`.

    key: the organisation's 32 bytes for tokens. Raises Refusal `roll.key`.
    """
    for statement in (_WHOLE, _DAY):
        engine.execute(statement).fetchall()
    number(engine)
    words = {"mail": MAIL_WORDS, "phone": PHONE_WORDS, "address": ADDRESS_WORDS}
    engine.execute(_CHANGED, words).fetchall()
    engine.execute(
        _EVENTS, {"freeze": freeze, "settled": SETTLED_DAYS, "lapse": LAPSE_DAYS, "short": SHORT_DAYS}
    ).fetchall()
    _addressed(engine, key)
    near = {"freeze": freeze, "before": BEFORE_DAYS, "after": AFTER_DAYS}
    engine.execute(_MEMBERS.format(into=into), near).fetchall()
    told = {kind for (kind,) in engine.execute("SELECT DISTINCT kind FROM events").fetchall()}
    made = set()
    for kind, name, statement, more in (
        ("contact_changed", "edits", _EDITS, {}),
        ("receipt", "receipts", _RECEIPTS, {}),
        ("removed", "exclusions", _REMOVED, {}),
        ("moved", "transfers", _TRANSFERS, {"near": MOVED_DAYS}),
    ):
        if kind in told and (name != "transfers" or "contact_changed" in told):
            engine.execute(statement.format(into=into), {"freeze": freeze, **more}).fetchall()
            made.add(name)
    for table in ("changed", "happened", "addressed"):
        engine.execute(f"DROP TABLE {table}").fetchall()
    return frozenset(made)


def _addressed(engine: DuckDBPyConnection, key: bytes) -> None:
    """The tokens of home, building and dwelling. Most addresses have no room or flat and are tokens already."""
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE addressed AS SELECT member_id,
             CASE WHEN household NOT LIKE 'alone:%' THEN replace(household, 'declared:', '') END AS household,
             CASE WHEN household NOT LIKE 'alone:%' AND household NOT LIKE 'declared:%' THEN household END AS building,
             CASE WHEN household NOT LIKE 'alone:%' AND household NOT LIKE 'declared:%' THEN household END AS dwelling
           FROM members"""
    ).fetchall()
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE rooms (member_id VARCHAR, building VARCHAR, dwelling VARCHAR)"
    )
    reader = engine.cursor()
    found = reader.execute(
        """SELECT member_id, address_1, coalesce(address_2, ''), coalesce(postcode, '') FROM members
           WHERE coalesce(address_1, '') <> '' AND (coalesce(address_2, '') <> '' OR household LIKE 'declared:%')
           ORDER BY member_id"""
    )
    while lines := found.fetchmany(BATCH):
        buildings = tokens(key, "address", [address(f"{street} {code}") for _, street, _, code in lines])
        dwellings = tokens(
            key, "address", [address(f"{street} {room} {code}") for _, street, room, code in lines]
        )
        members = [line[0] for line in lines]
        engine.execute(
            "INSERT INTO rooms SELECT unnest($m::VARCHAR[]), unnest($b::VARCHAR[]), unnest($d::VARCHAR[])",
            {"m": members, "b": buildings, "d": dwellings},
        ).fetchall()
    engine.execute(
        "UPDATE addressed SET building = r.building, dwelling = r.dwelling FROM rooms r "
        "WHERE addressed.member_id = r.member_id"
    ).fetchall()
    engine.execute("DROP TABLE rooms").fetchall()


def branch_names(engine: DuckDBPyConnection) -> Mapping[int, str]:
    """Place -> branch, after `number`."""
    return {
        int(place): str(branch)
        for branch, place in engine.execute("SELECT branch, place FROM places").fetchall()
    }


def member_numbers(engine: DuckDBPyConnection, places: list[int]) -> Mapping[int, str]:
    """Place -> the member's own number, of those asked for; after `number`."""
    query = "SELECT number, member_id FROM numbered WHERE list_contains($places, number)"
    found = engine.execute(query, {"places": places}).fetchall()
    return {int(place): str(member) for place, member in found}
