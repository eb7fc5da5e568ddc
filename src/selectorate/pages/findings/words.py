"""Numbers of a finding as people say them. No word here or anywhere on these pages accuses somebody."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from selectorate.pages.html import number, several

SEVERITIES = {
    1: "For your notice",
    2: "Ask",
    3: "Ask now",
    4: "Settle before the vote",
}
URGES = {
    1: "Nothing has to be done.",
    2: "Write when you write to members anyway.",
    3: "Write now: people need time to answer.",
    4: "Write today: the answers have to be in before the vote opens.",
}
HAPPENED = {
    "join": "joined",
    "renewal": "renewed",
    "transfer": "came from another branch",
    "edit": "contact changed",
    "payment": "paid for",
    "receipt": "receipt written",
    "exclusion": "taken off the roll",
    "signin": "signed in",
}
SHARED = {
    "payer": "Account",
    "device": "Device",
    "phone": "Telephone",
    "email": "E-mail address",
    "building": "Building",
    "dwelling": "Address",
    "recruiter": "Recruiter",
    "collector": "Collector",
    "ip": "Connection",
    "operator": "Log-in",
    "session": "Session",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
RARE = "That something is rare does not say why it happened."


def level(severity: int) -> str:
    """The urgency in words: "Ask now (3 of 4)"."""
    return f"{SEVERITIES[severity]} ({severity} of 4)"


def shared(kind: str) -> str:
    """What members share, as a name in a picture."""
    return SHARED.get(kind, kind.replace("_", " ").capitalize())


def happened(what: str) -> str:
    return HAPPENED.get(what, what.replace("_", " "))


def day(text: str) -> str:
    """An ISO day as people write it; another text as it is."""
    try:
        when = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def between(first: str, last: str) -> str:
    """From the first to the last day, and how many days that is."""
    try:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    except ValueError:
        return f"{first} to {last}"
    if days == 1:
        return f"on {day(first)}, one day"
    return f"from {day(first)} to {day(last)}, {several(days, 'day', 'days')}"


def by_chance(text: str) -> str:
    """How many such groups coincidence brings, said as how often one looks in vain."""
    try:
        expected = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return "How often coincidence alone brings such a group was not reckoned for this finding."
    if expected <= 0:
        return f"Coincidence alone brings next to none on a roll of this size and history. {RARE}"
    if expected >= 1:
        groups = "one such group" if round(expected) == 1 else f"{number(round(expected))} such groups"
        return f"Coincidence alone brings about {groups} on a roll of this size and history: this may well be one."
    if expected > Fraction(1, 2):
        return "Coincidence alone brings such a group on most rolls of this size and history: this may well be one."
    return (
        f"Coincidence alone brings such a group about once in {number(_rounded(1 / expected))} looks at a roll of "
        f"this size and history. {RARE}"
    )


def unusual(thousandths: int) -> str:
    """A log10 evidence as "once in": 2300 thousandths are about once in 200."""
    if thousandths < 500:
        return "nothing unusual by itself"
    return f"about once in {number(_rounded(Fraction(10 ** (thousandths / 1000))))}"


def units(thousandths: int) -> str:
    """Thousandths as a number with two places: 2300 is 2.30."""
    hundredths = (thousandths + 5) // 10
    return f"{hundredths // 100}.{hundredths % 100:02}"


def weighed(permille: int) -> str:
    """What reviewed cases did to a signal; "" where nothing."""
    if permille >= 1000:
        return ""
    return (
        "Earlier findings of this kind were nearly all cleared, so the signal now carries "
        f"{permille // 10} % of its weight."
    )


def _rounded(value: Fraction) -> int:
    """To one significant figure, two from 1 to 2: nobody should read more into it."""
    whole = max(1, round(value))
    step = int("1" + "0" * max(0, len(str(whole)) - (2 if str(whole)[0] == "1" else 1)))
    return (whole + step // 2) // step * step
