"""The trustees: their keys, singly and in threshold groups, and what they decrypt.

Duties: E4, E5, E7, E8, E9 (keys); D1, D2, D3 (decryptions); P7 (proofs of holding), P8 (refused decryptions).
In a threshold group each member i chose `threshold` coefficients and published g to the power of each: A_ik. The
group's part of the election's key is the product of all A_i0; the key at place j (from 1) that of all A_ik**(j**k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import auditor.forms as forms
from auditor.forms import Fault, Report, Waits, knows, proof, shown
from auditor.groups import Element, Group, in_parallel, parse_all
from auditor.record import tree_roots

if TYPE_CHECKING:
    from auditor.archive import Election, Event
    from auditor.record import Entry, Public

Keyed = tuple[str, Element | None]  # a key as its string, and as an element if it is one
Proof = tuple[int, int]  # challenge and response
Rows = list[list[tuple[str, str]]]  # per question, ciphertexts as strings


@dataclass(frozen=True)
class Part:
    """One entry of the list: a single trustee, or a threshold group; `members` are numbers of trustees."""

    members: tuple[int, ...]
    threshold: int = 1
    single: bool = True


@dataclass(frozen=True)
class Trustees:
    keys: tuple[Keyed, ...]
    parts: tuple[Part, ...]
    election_key: Element | None


# ---------------------------------------------------------------- E4, E5: the keys


def check_trustees(data: bytes, election_key: str, group: Group, report: Report) -> Trustees | None:
    """E4, E5, E7, E8, E9. None when the list cannot be read at all. A trustee's number is its place."""
    keys: list[Keyed] = []
    parts: list[Part] = []
    shares: list[Element | None] = []  # what each part gives to the election's key
    remarks: list[str] = []
    with report.duty("E4", "the list of trustees"):
        rows = forms.rows(forms.plain(data, "the list of trustees", remarks), "the list of trustees")
        if not rows:
            raise Fault("there are no trustees")
        for entry in rows:
            kind, value = forms.rows(entry, "an entry of the list of trustees", 2)
            if kind == "Single":
                text, element, _ = _key(value, group, f"trustee {len(keys) + 1}", report, remarks)
                parts.append(Part((len(keys) + 1,)))
                keys.append((text, element))
                shares.append(element)
            elif kind == "Pedersen":
                made = _ThresholdGroup(group, f"threshold group {len(parts) + 1}", report, remarks)
                threshold = made.read(value, len(keys) + 1)
                members = tuple(range(len(keys) + 1, len(keys) + len(made.keys) + 1))
                parts.append(Part(members, threshold, single=False))
                keys += [(text, element) for text, element, _ in made.keys]
                shares.append(made.share())
            else:
                raise Fault(f"an entry of the list of trustees is of the unknown kind {shown(kind)!r}")
        alike = [{keys[number - 1][0] for number in part.members} for part in parts]
        if len(set().union(*alike)) < sum(map(len, alike)):  # members of one group may be alike: threshold 1
            report.failed("E4", "two trustees have the same key")
        report.passed("E4", f"{len(keys)} trustees, each with a proof")
        report.remark("E4", remarks)
        return Trustees(tuple(keys), tuple(parts), _check_key(election_key, shares, parts, group, report))
    return None


def _key(
    value: Any, group: Group, what: str, report: Report, remarks: list[str]
) -> tuple[str, Element | None, Any]:
    """E4 for one trustee. Gives the key, as far as it can be read, and the signature on it, if there is one."""
    text, element, signature = "", None, None
    with report.duty("E4", what):
        order = ("pok", "public_key", "signature", "name")
        fields = forms.loose(value, what, order, ("signature", "name"), remarks)
        signature = fields.get("signature")
        forms.text(fields.get("name", ""), f"{what}'s name")
        text = forms.text(fields["public_key"], f"{what}'s key")
        element = group.parse(text)
        if not group.member(element) or group.same(element, group.one):
            raise Fault(f"{what}'s key is not a member of the group, or its identity")
        given = proof(fields["pok"], group, f"{what}'s proof of possession", remarks)
        if not knows(f"pok|{group.name}|{text}|", element, given, group):
            raise Fault(f"{what}'s proof of possession is wrong")
    return text, element, signature


def _check_key(
    text: str, shares: list[Element | None], parts: list[Part], group: Group, report: Report
) -> Element | None:
    """E5."""
    key = None
    with report.duty("E5", "the election's key"):
        key = group.parse(text)
        known = [share for share in shares if share is not None]
        if len(known) < len(shares):
            raise Waits(report.broken("E4", "E7", "E8") or "E4")
        if not group.same(key, group.product(known)):
            raise Fault("the election's key is not the product of the parts of its trustees")
        if group.same(key, group.one):
            raise Fault("the election's key is the identity")
        report.passed("E5", f"the product of {len(parts)} parts")
    return key


# ---------------------------------------------------------------- E7, E8, E9: a threshold group


class _ThresholdGroup:
    """What its certificates, coefficients and keys say, read one after the other."""

    def __init__(self, group: Group, what: str, report: Report, remarks: list[str]) -> None:
        self.group, self.what, self.report, self.remarks = group, what, report, remarks
        self.signers: list[Element | None] = []  # the keys that the certificates name
        self.coefficients: list[list[Element] | None] = []
        self.elements: list[Element] = []
        self.keys: list[tuple[str, Element | None, Any]] = []

    def read(self, value: Any, first: int) -> int:
        """All of it; gives the threshold. `first` is the number of its first trustee. A Fault: it is none (E4)."""
        report, what = self.report, self.what
        order = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
        fields = forms.loose(value, what, order, ("signatures",), self.remarks)
        threshold = forms.whole(fields["threshold"], f"the threshold of {what}", least=-(2**53))
        certificates = forms.rows(fields["certs"], f"the certificates of {what}")
        coefficients = forms.rows(fields["coefexps"], f"the coefficients of {what}")
        keys = forms.rows(fields["verification_keys"], f"the keys of {what}")
        for number, one in enumerate(keys, first):
            self.keys.append(_key(one, self.group, f"trustee {number}", report, self.remarks))
        self._check_signatures(certificates, coefficients, threshold, fields.get("signatures"))
        self._check_sizes(threshold, len(certificates), len(coefficients), len(keys))
        self._check_keys()
        return threshold

    def share(self) -> Element | None:
        """The product of the first coefficients, if they are all there."""
        firsts = [one[0] for one in self.coefficients if one]
        return self.group.product(firsts) if firsts and len(firsts) == len(self.coefficients) else None

    def _check_sizes(self, threshold: int, certificates: int, lists: int, keys: int) -> None:
        """E7."""
        report, what = self.report, self.what
        if not certificates == lists == keys:
            report.failed("E7", f"{what} has {certificates} certificates, {lists} lists, {keys} keys")
        if not 1 <= threshold <= keys:
            report.failed("E7", f"the threshold of {what} is {threshold}, of {keys} members")
        for place, one in enumerate(self.coefficients, 1):
            if one is None:
                report.waits("E7", "E8")
            elif len(one) != threshold:
                report.failed(
                    "E7",
                    f"member {place} of {what} has {len(one)} coefficients, the threshold is {threshold}",
                )
        report.passed("E7", f"{threshold} of {keys} members")

    def _check_signatures(
        self, certificates: list[Any], coefficients: list[Any], threshold: int, signatures: Any
    ) -> None:
        """E8."""
        report, what = self.report, self.what
        with_context = 0
        written: list[Any] = []
        texts: list[list[Any]] = []
        for place, one in enumerate(certificates, 1):
            self.signers.append(None)
            with report.duty("E8", f"certificate {place} of {what}"):
                where = f"certificate {place} of {what}"
                message, given = self._signed(one, where)
                written.append({"message": message, "signature": one["signature"]})
                order = ("context", "verification", "encryption")
                fields = self._inner(message, where, order, ("context",))
                self.signers[-1] = self._element(fields["verification"])
                self._element(fields["encryption"])
                self._holds(self.signers[-1], message, given, where)
                if "context" in fields:
                    with_context += 1
                    self._check_context(fields["context"], len(certificates), threshold, place, where)
        for place, one in enumerate(coefficients, 1):
            self.coefficients.append(None)
            texts.append([])
            with report.duty("E8", f"list {place} of {what}"):
                where = f"the coefficients of member {place} of {what}"
                message, given = self._signed(one, where)
                texts[-1] = forms.rows(self._inner(message, where, ("coefexps",), ())["coefexps"], where)
                self.coefficients[-1] = [self._element(text) for text in texts[-1]]
                self._holds(self._signer(place), message, given, where)
        if self.group.outsiders(self.elements):
            report.failed("E8", f"{what} has keys or coefficients that are not members of the group")
        if 0 < with_context < len(certificates):
            report.failed(
                "E8", f"{with_context} of {len(certificates)} certificates of {what} have a context"
            )
        with report.duty("E8", f"the signatures of {what}"):
            if with_context:
                listed = forms.rows(signatures, f"the signatures of {what}", len(certificates))
                for place, (one, own) in enumerate(zip(listed, texts, strict=True), 1):
                    where = f"the signature of member {place} of {what} over all certificates"
                    message = forms.encode_belenios({"certs": written, "coefexps": own}).decode()
                    given = proof(one, self.group, where, self.remarks)
                    self._holds(self._signer(place), f"certs_sig|{message}", given, where)
        form = "with contexts" if with_context else "without contexts (an older ceremony)"
        report.passed("E8", f"{len(certificates)} certificates {form}")

    def _check_context(self, value: Any, size: int, threshold: int, place: int, where: str) -> None:
        context = forms.loose(value, where, ("group", "size", "threshold", "index"), (), self.remarks)
        expected = {"group": self.group.name, "size": size, "threshold": threshold, "index": place}
        for name, right in expected.items():
            if context[name] != right or isinstance(context[name], bool):
                raise Fault(f"{where} was made for {name} {shown(context[name])}, not {right}")

    def _check_keys(self) -> None:
        """E9. The product over all members of their k-th coefficients comes first, then the powers."""
        report, group, what = self.report, self.group, self.what
        lists = [one for one in self.coefficients if one is not None]
        if len(lists) < len(self.coefficients):
            report.waits("E9", "E8")
        else:
            most = max(map(len, lists), default=0)
            columns = [group.product([one[k] for one in lists if k < len(one)]) for k in range(most)]
            for place, (_, element, _) in enumerate(self.keys, 1):
                expected = group.product(
                    [group.power(c, pow(place, k, group.q)) for k, c in enumerate(columns)]
                )
                if element is None:
                    report.waits("E9", "E4")
                elif not group.same(element, expected):
                    report.failed("E9", f"key {place} of {what} is not what the coefficients give")
        signed = [place for place, (_, _, signature) in enumerate(self.keys, 1) if signature is not None]
        if 0 < len(signed) < len(self.keys):
            report.failed("E9", f"{len(signed)} of {len(self.keys)} keys of {what} are signed")
        for place in signed:
            text, _, signature = self.keys[place - 1]
            where = f"the signature on key {place} of {what}"
            with report.duty("E9", where):
                self._holds(self._signer(place), text, proof(signature, group, where, self.remarks), where)
        form = "signed" if signed else "not signed (an older ceremony)"
        report.passed("E9", f"{len(self.keys)} keys as the coefficients give them, {form}")

    def _signed(self, value: Any, where: str) -> tuple[str, Proof]:
        fields = forms.loose(value, where, ("message", "signature"), (), self.remarks)
        return forms.text(fields["message"], where), proof(
            fields["signature"], self.group, where, self.remarks
        )

    def _inner(
        self, message: str, where: str, order: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Any]:
        """A signed message is JSON within JSON."""
        value = forms.plain(message.encode(), where, self.remarks)
        return forms.loose(value, where, order, optional, self.remarks)

    def _element(self, text: Any) -> Element:
        self.elements.append(self.group.parse(text))
        return self.elements[-1]

    def _signer(self, place: int) -> Element | None:
        if place > len(self.signers):
            raise Waits("E7")
        return self.signers[place - 1]

    def _holds(self, signer: Element | None, message: str, given: Proof, where: str) -> None:
        if signer is None:
            raise Waits("E8")
        if not knows(f"sigmsg|{message}|", signer, given, self.group):
            raise Fault(f"{where} is not signed with the certificate's key")


# ---------------------------------------------------------------- D1, D2, D3: the decryptions

Factors = list[list[Element]]  # per question
Factor = tuple[str, Element, Proof]  # alpha, factor, proof


def is_trustee(owner: object, election: Election) -> bool:
    return isinstance(owner, int) and not isinstance(owner, bool) and 1 <= owner <= len(election.trustees)


def check_decryptions(
    election: Election,
    events: list[Event],
    tally: Rows,
    cause: str,
    chosen: list[set[int]] | None,
    processes: int,
    report: Report,
) -> tuple[set[int], dict[int, Factors]]:
    """D1 to D3. Gives the owners of all, and the factors of the good ones by owner. With a `cause`, what was to
    be decrypted is not known for the sake of that duty, and D2 and D3 wait for it."""
    owners: list[int] = []
    good: dict[int, Factors] = {}
    for number, event in enumerate(events, 1):
        what = f"decryption {number}"
        owner: Any = 0
        with report.duty("D1", what):
            owner = event.owner()
            if not is_trustee(owner, election):
                raise Fault(f"{what} belongs to {shown(owner)}; there are {len(election.trustees)} trustees")
            if owner in owners:
                report.failed("D1", f"{what} is a second one of trustee {owner}")
            owners.append(owner)
        if cause or owner not in owners:
            for duty in ("D2", "D3"):
                report.waits(duty, cause or "D1")
            continue
        factors = judge_decryption(
            event.objects()[0],
            owner,
            election,
            tally,
            chosen,
            processes,
            f"{what} by trustee {owner}",
            report,
        )
        if factors is not None:
            good.setdefault(owner, factors)
    total = sum(map(len, tally))
    report.passed("D1", f"{len(events)} decryptions by {len(set(owners))} trustees")
    for duty, seen in (("D2", "factors each, all in the group"), ("D3", "factors each, all proven")):
        report.passed(duty, f"{total:,} {seen}")
        if chosen is not None:
            done = sum(map(len, chosen))
            report.left_out(duty, f"{done:,} of {total:,} ciphertexts checked, all good; the rest left out")
    return set(owners), good


def judge_decryption(
    body: bytes,
    owner: int,
    election: Election,
    tally: Rows,
    chosen: list[set[int]] | None,
    processes: int,
    what: str,
    report: Report,
) -> Factors | None:
    """D2 and D3 of one decryption. Its factors if it is good."""
    group, remarks = election.group, []  # type: Group, list[str]
    shape = None
    with report.duty("D2", what):
        order = ("decryption_factors", "decryption_proofs")
        fields = forms.loose(forms.plain(body, what, remarks), what, order, (), remarks)
        shape = [_rows(fields[name], election, tally, what) for name in order]
        factors = [in_parallel(parse_all, row, processes, group.name) for row in shape[0]]
        picked = [range(len(row)) if chosen is None else sorted(chosen[n]) for n, row in enumerate(tally)]
        flat = [row[index] for row, places in zip(factors, picked, strict=True) for index in places]
        outside = group.outsiders(flat)
        if outside:
            raise Fault(f"{what}: factor {outside[0] + 1} of {len(flat)} is not a member of the group")
        with report.duty("D3", what):
            if election.trustees[owner - 1][1] is None:
                raise Waits("E4")
            proofs = [[proof(one, group, f"a proof of {what}", remarks) for one in row] for row in shape[1]]
            report.remark("D3", remarks)
            units = [
                (tally[n][index][0], factors[n][index], proofs[n][index])
                for n, places in enumerate(picked)
                for index in places
            ]
            right = in_parallel(right_factors, units, processes, election, owner)
            if not all(right):
                raise Fault(f"{what}: the proof of factor {right.index(False) + 1} of {len(right)} is wrong")
            return factors
        return None
    report.waits("D3", "D2")
    return None


def _rows(value: Any, election: Election, tally: Rows, what: str) -> list[list[Any]]:
    """Factors or proofs, in the shape of the tally."""
    rows = forms.rows(value, f"a list of {what}", len(tally))
    return [
        question.row(row, f"a row of {what}", len(ciphers))
        for question, row, ciphers in zip(election.questions, rows, tally, strict=True)
    ]


def right_factors(units: Sequence[Factor], election: Election, owner: int) -> list[bool]:
    """For each factor whether it is proven that log_g(key) = log_alpha(factor)."""
    group = election.group
    key_text, key = election.trustees[owner - 1]
    power = group.fixed if len(units) > 10 else group.power  # a table is worth its while
    verdicts = []
    for alpha, factor, (challenge, response) in units:
        a = group.multiply(group.fixed(group.g, response), power(key or group.one, challenge))
        b = group.power_product([(group.parse(alpha), response), (factor, challenge)])
        verdicts.append(group.challenge(f"decrypt|{election.phi}|{key_text}|", [a, b]) == challenge)
    return verdicts


def shares_used(election: Election, good: dict[int, Factors]) -> list[tuple[int, int]] | None:
    """Whose factors make the result, and to which power; None where there are too few.

    Of a threshold group these are the first `threshold` members that are there, each to the power of
    Lagrange's coefficient for the value at 0: the product of k / (k - j) over the other places k.
    """
    used: list[tuple[int, int]] = []
    q = election.group.q
    for part in election.parts:
        places = [place for place, owner in enumerate(part.members, 1) if owner in good][: part.threshold]
        if len(places) < part.threshold:
            return None
        for j in places:
            power = 1
            for k in places:
                if k != j:
                    power = power * k * pow(k - j, -1, q) % q
            used.append((part.members[j - 1], power))
    return used


# ---------------------------------------------------------------- P7, P8: the trustees on the record


def check_held(public: Public, report: Report) -> None:
    """P7. The text that is hashed names a checkpoint of this record that covers the final roll."""
    final = public.first("roll.final")
    if not public.data("poll.opened") or not final:
        return
    election, held = public.needed_election(), set()
    opened = max(entry.number for entry in public.all("poll.opened"))
    entries = [entry for entry in public.all("trustee.held") if entry.number < opened]
    roots = tree_roots(list(public.record.lines), {entry.data["size"] for entry in entries})
    faults: dict[int, list[str]] = {}  # of each trustee; one good proof is enough
    for entry in entries:
        trial = Report()
        with trial.duty("P7"):
            _check_proof(entry, final.number, roots, election)
            held.add(entry.data["trustee"])
        faults.setdefault(entry.data["trustee"], []).extend(trial.found.get("P7", ()))
        if trial.waiting:
            report.waits("P7", "E4")
    for number in range(1, len(election.trustees) + 1):
        if number not in held:
            for sentence in faults.get(number, ["there is none"]):
                report.failed("P7", f"trustee {number} did not prove to hold the key: {sentence}")
    report.passed("P7", f"{len(held)} trustees")


def _check_proof(entry: Entry, final: int, roots: dict[int, bytes], election: Election) -> None:
    data, what = entry.data, f"entry {entry.number}"
    if data["uuid"] != election.uuid or not is_trustee(data["trustee"], election):
        raise Fault(f"{what} is of no trustee of this election")
    text, key = election.trustees[data["trustee"] - 1]
    size, root = data["size"], data["root"]
    if data["public_key"] != text:
        raise Fault(f"{what} is about another key than the archive has")
    if key is None:
        raise Waits("E4")
    if not final < size <= entry.number or roots[size].hex() != root:
        raise Fault(f"{what} names a size and root that do not cover the final roll of this record")
    given = proof({name: data[name] for name in ("challenge", "response")}, election.group, what)
    if not knows(f"held|{election.uuid}|{size}|{root}|{text}|", key, given, election.group):
        raise Fault(f"the proof of {what} is wrong")


def check_refused(public: Public, report: Report) -> None:
    """P8. Only the first document of a trustee is published. A refusal for D1 is right if another one stands."""
    refused = [entry for entry in public.all("decryption.refused") if entry.data["document"]]
    firsts = {entry.data["trustee"]: entry for entry in reversed(refused)}
    if not firsts:
        return
    election, archive = public.needed_election(), public.needed_archive()
    for trustee, entry in firsts.items():
        what, data = f"the refused decryption of trustee {trustee}", entry.data
        with report.duty("P8", what):
            document = data["document"]
            if data["uuid"] != election.uuid or not is_trustee(trustee, election):
                raise Fault(f"{what} is of no trustee of this election")
            if document["name"] != f"refused-{trustee}.json" or document["sha256"] != data["object"]:
                raise Fault(f"{what} is not the document that entry {entry.number} names")
            body = public.needed_document(document["name"])
            tallied, own, owners = public.needed_tallied(), Report(), []
            if tallied.decrypted is None:
                raise Waits(report.broken("T1", "S2", "S3", "A3") or "T1")
            for event in archive.of_type("PartialDecryption"):
                with own.duty("D1"):
                    owners.append(event.owner())
            if not (data["duty"] == "D1" and trustee in owners) and judge_decryption(
                body, trustee, election, tallied.decrypted, None, 1, what, own
            ):
                raise Fault(f"{what} is a good one")
    report.passed("P8", f"{len(firsts)} refused decryptions")
