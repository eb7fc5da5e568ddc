"""The three groups: arithmetic on public values, in plain Python integers.

Duties helped here: B5, E4, E6, S2, D2 (membership and canonical strings), and every proof. No secret ever
passes through this file, so nothing in it needs to take constant time.

An element is a tuple of integers that only its group can read: (x,) in the finite fields, extended
coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z on the Edwards curve. The group operation is written
as multiplication in both, as in the description of the protocol; g is the generator, q its prime order.

    parse(text) -> element      canonical string to element; NOT yet a membership test
    outsiders(elements)         which of them are not in the subgroup of order q (a duty, done in batches)
    texts(elements)             back to canonical strings
    power_product(terms)        product of base**exponent, a few terms (shared squarings)
    big_power_product(terms)    the same for thousands of terms (Pippenger's buckets)
    powers(base, exponents)     many exponents of one base (Yao's method)
    fixed(base, exponent)       one base again and again (a table)
"""

from __future__ import annotations

import hashlib
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

from auditor.forms import DECIMAL, Fault

Element = tuple[int, ...]
Term = tuple[Element, int]
Unit = TypeVar("Unit")
Found = TypeVar("Found")

CHUNK = 250  # units that one process takes at a time

ED25519_TEXT = re.compile(r"[0-9a-f]{64}", re.ASCII)
TOOTH = 5  # bits of an exponent that a row of the tables for g and y stands for
TRIALS = 64  # a batch with an element outside the subgroup passes with a chance of at most 2**-64


class Group(ABC):
    """What the checks need of a group; see the head of this file."""

    name: str
    q: int
    g: Element
    one: Element
    int_bits: int  # how far of_ints shifts its numbers to the left
    batches = True  # whether testing many elements together is cheaper
    ranked_most: int  # how many numbers a ranked answer can hold (0: none)

    @abstractmethod
    def parse(self, text: object) -> Element: ...

    @abstractmethod
    def texts(self, elements: list[Element]) -> list[str]: ...

    @abstractmethod
    def multiply(self, a: Element, b: Element) -> Element: ...

    @abstractmethod
    def squares(self, a: Element, times: int) -> Element: ...

    @abstractmethod
    def inverse(self, a: Element) -> Element: ...

    @abstractmethod
    def same(self, a: Element, b: Element) -> bool: ...

    @abstractmethod
    def member(self, element: Element) -> bool: ...

    @abstractmethod
    def power_product(self, terms: list[Term]) -> Element: ...

    @abstractmethod
    def order_key(self, text: str) -> bytes | int: ...

    @abstractmethod
    def derived_generator(self, index: int) -> Element: ...

    @abstractmethod
    def to_number(self, text: str) -> int: ...

    def outsiders(self, elements: list[Element]) -> list[int]:
        """Which elements are outside the subgroup of order q.

        If some element is, a random sub-product of all of them is so, too, with chance at least 1/2; so TRIALS
        independent random sub-products find out. Five elements at a time share a table of their 32
        sub-products. One random combination with large weights would not do: it misses a part of order 2
        half the time.
        """
        if self.batches and len(elements) >= 2 * TRIALS and self._all_inside(elements):
            return []
        return [index for index, one in enumerate(elements) if not self.member(one)]

    def _all_inside(self, elements: list[Element]) -> bool:
        sums: list[Element] = [self.one] * TRIALS
        for start in range(0, len(elements), 5):
            table: list[Element] = [self.one]
            for element in elements[start : start + 5]:
                table += [element] + [self.multiply(entry, element) for entry in table[1:]]
            mask = len(table) - 1
            coins = int.from_bytes(secrets.token_bytes(5 * TRIALS // 8 + 1), "big")
            for trial in range(TRIALS):
                choice = coins >> 5 * trial & mask
                if choice:
                    sums[trial] = self.multiply(sums[trial], table[choice])
        return all(self.member(total) for total in sums)

    def powers(self, base: Element, exponents: list[int]) -> list[Element]:
        """Yao: base**(16**i) once for all, then per exponent one round of buckets of its digits."""
        if len(exponents) == 1:
            return [self.power(base, exponents[0])]
        steps, count = [base], (self.q.bit_length() + 3) // 4
        for _ in range(count - 1):
            steps.append(self.squares(steps[-1], 4))
        results, multiply = [], self.multiply
        for exponent in exponents:
            exponent %= self.q
            buckets: dict[int, Element] = {}
            for place in range(count):
                digit = exponent >> 4 * place & 15
                if digit:
                    step = steps[place]
                    buckets[digit] = multiply(buckets[digit], step) if digit in buckets else step
            results.append(self._sum_of_buckets(buckets, 15))
        return results

    def fixed(self, base: Element, exponent: int) -> Element:
        """One multiplication per TOOTH bits of the exponent, out of a table that is made once."""
        exponent, result, multiply = exponent % self.q, self.one, self.multiply
        for row in comb(self.name, base):
            digit = exponent & (1 << TOOTH) - 1
            if digit:
                result = multiply(result, row[digit])
            exponent >>= TOOTH
        return result

    def text(self, element: Element) -> str:
        return self.texts([element])[0]

    def power(self, base: Element, exponent: int) -> Element:
        return self.power_product([(base, exponent)])

    def divide(self, a: Element, b: Element) -> Element:
        return self.multiply(a, self.inverse(b))

    def product(self, elements: list[Element]) -> Element:
        result = self.one
        for element in elements:
            result = self.multiply(result, element)
        return result

    def to_ints(self, count: int, text: str) -> list[int]:
        """The numbers in an element's string: shift the padding away, take `count` bytes from the low end."""
        number = self.to_number(text) >> self.int_bits
        return [number >> 8 * (count - 1 - place) & 255 for place in range(count)]

    def challenge(self, prefix: str, commitments: list[Element]) -> int:
        """hashG: SHA-256 of prefix and commitments, joined by commas, as an exponent."""
        text = prefix + ",".join(self.texts(commitments))
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q

    def big_power_product(self, terms: list[Term]) -> Element:
        """Pippenger: cut exponents into digits; per digit put each base into the bucket of its digit."""
        if len(terms) < 8:
            return self.power_product(terms)
        terms = [(base, exponent % self.q) for base, exponent in terms]
        width = max(2, len(terms).bit_length() - 3)
        longest = max(exponent.bit_length() for _, exponent in terms)
        multiply, mask = self.multiply, (1 << width) - 1
        result = self.one
        for shift in range((longest // width) * width, -1, -width):
            result = self.squares(result, width)
            buckets: dict[int, Element] = {}
            for base, exponent in terms:
                digit = exponent >> shift & mask
                if digit:
                    buckets[digit] = multiply(buckets[digit], base) if digit in buckets else base
            result = multiply(result, self._sum_of_buckets(buckets, mask))
        return result

    def _sum_of_buckets(self, buckets: dict[int, Element], highest: int) -> Element:
        """Product of bucket[d]**d: a running product from the highest digit down; their product."""
        running = total = self.one
        for digit in range(highest, 0, -1):
            if digit in buckets:
                running = self.multiply(running, buckets[digit])
            total = self.multiply(total, running)
        return total


class FiniteField(Group):
    """Integers modulo a prime p, the subgroup of order q."""

    one: Element = (1,)
    int_bits = 8

    def __init__(self, name: str, p: int, q: int, g: int, ranked_most: int) -> None:
        self.name, self.p, self.q, self.g, self.ranked_most = name, p, q, (g,), ranked_most
        self.batches = 2 * q + 1 != p

    def parse(self, text: object) -> Element:
        if not isinstance(text, str) or len(text) > 617 or not DECIMAL.fullmatch(text):
            raise Fault("a group element is not a canonical number")
        number = int(text)
        if not 0 < number < self.p:
            raise Fault("a group element is not between 0 and p")
        return (number,)

    def texts(self, elements: list[Element]) -> list[str]:
        return [str(element[0]) for element in elements]

    def multiply(self, a: Element, b: Element) -> Element:
        return (a[0] * b[0] % self.p,)

    def squares(self, a: Element, times: int) -> Element:
        return (pow(a[0], 1 << times, self.p),)

    def inverse(self, a: Element) -> Element:
        return (pow(a[0], -1, self.p),)

    def same(self, a: Element, b: Element) -> bool:
        return a == b

    def member(self, element: Element) -> bool:
        """x**q = 1; where q = (p-1)/2 this says that x is a square, which Jacobi's symbol tells faster."""
        x = element[0]
        if 2 * self.q + 1 == self.p:
            return jacobi(x, self.p) == 1
        return pow(x, self.q, self.p) == 1

    def power_product(self, terms: list[Term]) -> Element:
        result = 1
        for base, exponent in terms:
            result = result * pow(base[0], exponent % self.q, self.p) % self.p
        return (result,)

    def order_key(self, text: str) -> int:
        return int(text)

    def derived_generator(self, index: int) -> Element:
        seed = int.from_bytes(hashlib.sha256(f"ggen|{index}".encode()).digest(), "big")
        return (pow(seed, (self.p - 1) // self.q, self.p),)

    def to_number(self, text: str) -> int:
        return int(text)


def jacobi(a: int, n: int) -> int:
    """Jacobi's symbol (a/n) for odd n > 0."""
    a, sign = a % n, 1
    while a:
        twos = (a & -a).bit_length() - 1
        a >>= twos
        if twos & 1 and n & 7 in (3, 5):
            sign = -sign
        if a & 3 == 3 and n & 3 == 3:
            sign = -sign
        a, n = n % a, a
    return sign if n == 1 else 0


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
D2 = 2 * D % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """The x with that lowest bit on -x^2 + y^2 = 1 + d x^2 y^2, or None (also for "minus zero")."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    v3 = v * v % P * v % P
    x = u * v3 % P * pow(u * v3 % P * v3 % P * v % P, (P - 5) // 8, P) % P
    square = v * x % P * x % P
    if square != u:
        if square != P - u:
            return None
        x = x * ROOT_OF_MINUS_1 % P
    if x == 0 and sign:
        return None
    return P - x if x & 1 != sign else x


def add(a: Element, b: Element) -> Element:
    """Unified addition in extended coordinates (a = -1); no exceptional cases, whatever the points."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    m, n = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = t1 * t2 % P * D2 % P, 2 * z1 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(a: Element, times: int = 1) -> Element:
    """a**(2**times); the fourth coordinate is only worked out at the end."""
    x, y, z, t = a
    for left in range(times, 0, -1):
        xx, yy, s = x * x % P, y * y % P, x + y
        h, g = xx + yy, xx - yy
        e, f = h - s * s % P, 2 * z * z % P + g
        x, y, z = e * f % P, g * h % P, f * g % P
        if left == 1:
            t = e * h % P
    return x, y, z, t


class Edwards(Group):
    """edwards25519 with the element strings of the protocol: y with the sign of x on top, big-endian hex."""

    name = "Ed25519"
    q = 2**252 + 27742317777372353535851937790883648493
    one: Element = (0, 1, 1, 0)
    int_bits = 14
    ranked_most = 30

    def __init__(self) -> None:
        y = 4 * pow(5, -1, P) % P
        x = recover_x(y, 0)
        if x is None:
            raise ArithmeticError("the base point is not on the curve")
        self.g = (x, y, 1, x * y % P)

    def parse(self, text: object) -> Element:
        if not isinstance(text, str) or not ED25519_TEXT.fullmatch(text):
            raise Fault("a group element is not 64 lower-case hexadecimal digits")
        return self.from_number(int(text, 16))

    def from_number(self, number: int) -> Element:
        y, sign = number & (1 << 255) - 1, number >> 255
        x = recover_x(y, sign) if y < P else None
        if x is None:
            raise Fault("a group element is not the canonical form of a point on the curve")
        return (x, y, 1, x * y % P)

    def texts(self, elements: list[Element]) -> list[str]:
        """One inversion for all of them (Montgomery's trick)."""
        products, running = [], 1
        for element in elements:
            products.append(running)
            running = running * element[2] % P
        inverse = pow(running, -1, P)
        texts = []
        for element, before in zip(reversed(elements), reversed(products), strict=True):
            z_inverse = inverse * before % P
            inverse = inverse * element[2] % P
            x, y = element[0] * z_inverse % P, element[1] * z_inverse % P
            texts.append(f"{y | (x & 1) << 255:064x}")
        return texts[::-1]

    def multiply(self, a: Element, b: Element) -> Element:
        return add(a, b)

    def squares(self, a: Element, times: int) -> Element:
        return double(a, times)

    def inverse(self, a: Element) -> Element:
        return (-a[0] % P, a[1], a[2], -a[3] % P)

    def same(self, a: Element, b: Element) -> bool:
        return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0

    def member(self, element: Element) -> bool:
        """The curve is the subgroup times a cyclic group of order 8."""
        return self.same(self._ladder([(element, self.q)]), self.one)

    def power_product(self, terms: list[Term]) -> Element:
        return self._ladder([(base, exponent % self.q) for base, exponent in terms])

    def _ladder(self, terms: list[Term]) -> Element:
        """Shared doublings; each exponent in signed digits, of which about one in six is not zero."""
        plan: dict[int, list[Element]] = {}
        for base, exponent in terms:
            odd = odd_multiples(base)
            for place, digit in signed_digits(exponent):
                chosen = odd[digit >> 1] if digit > 0 else self.inverse(odd[-digit >> 1])
                plan.setdefault(place, []).append(chosen)
        result, last = self.one, max(plan, default=0)
        for place in sorted({*plan, 0}, reverse=True):
            result = double(result, last - place)
            last = place
            for chosen in plan.get(place, ()):
                result = add(result, chosen)
        return result

    def order_key(self, text: str) -> bytes:
        return bytes.fromhex(text)[::-1]

    def derived_generator(self, index: int) -> Element:
        number = int.from_bytes(hashlib.sha256(f"ggen|{index}".encode()).digest(), "big") >> 2
        while True:
            try:
                point = self.from_number(number)
            except Fault:
                number += 1
                continue
            return double(point, 3)

    def to_number(self, text: str) -> int:
        return int(text, 16)


def signed_digits(exponent: int) -> list[tuple[int, int]]:
    """(place, odd digit) with |digit| < 16, so that the exponent is the sum of digit * 2**place."""
    digits, place = [], 0
    while exponent:
        if exponent & 1:
            digit = exponent & 31
            if digit > 15:
                digit -= 32
            digits.append((place, digit))
            exponent -= digit
        zeros = (exponent & -exponent).bit_length() - 1 if exponent else 0
        exponent >>= zeros
        place += zeros
    return digits


def odd_multiples(base: Element) -> list[Element]:
    """base**1, base**3, ... base**15."""
    twice, odd = double(base), [base]
    for _ in range(7):
        odd.append(add(odd[-1], twice))
    return odd


@lru_cache(maxsize=16)
def comb(group_name: str, base: Element) -> list[list[Element]]:
    """For each digit of TOOTH bits of an exponent, the powers that the digit can stand for."""
    group = GROUPS[group_name]
    table: list[list[Element]] = []
    for _ in range(-(-group.q.bit_length() // TOOTH)):
        row = [group.one]
        for _ in range((1 << TOOTH) - 1):
            row.append(group.multiply(row[-1], base))
        table.append(row)
        base = group.multiply(row[-1], base)
    return table


def in_parallel(
    work: Callable[..., list[Found]], units: Sequence[Unit], processes: int, *shared: Any, size: int = CHUNK
) -> list[Found]:
    """`work(chunk, *shared)` for chunks of the units, over processes if there are many; results in order."""
    chunks = [units[start : start + size] for start in range(0, len(units), size)]
    if processes <= 1 or len(chunks) <= 1:
        return [found for chunk in chunks for found in work(chunk, *shared)]
    with ProcessPoolExecutor(processes) as pool:
        waiting = [pool.submit(work, chunk, *shared) for chunk in chunks]
        return [found for future in waiting for found in future.result()]


RFC_3526_P = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)
BELENIOS_2048_P = int(
    "20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129"
    "06663313807895840496005438963628979639303877390572280360597374942767137677761889858987273586504908116709"
    "93105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019110007867373"
    "07333564123971732897913240474578834468260652327974647951137672658693582180046317922073668860052627186363"
    "38608879688212076943236614949100292344434637322214588410058642105024212036543356120132048111885240873107"
    "7014151666200162313177169372189248078507711827842317498073276598828825169183103125680162072880719"
)
BELENIOS_2048_G = int(
    "24023526775018522092276877035323999327122876573783649165100753187876632741463532193202856761552696787996"
    "94668298749389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846"
    "13986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065818686865115"
    "13585764101388822153960160432288436039309893336627728484065931384060102316750957637779826651036068224066"
    "35076697764025346253773085133173495194248967754052573659049492477631475991575198775177711481490920456600"
    "205478127054728238140972518639858334115700568353695553423781475582491896050296680037745308460627"
)
BELENIOS_2048_Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441

GROUPS: dict[str, Group] = {
    "Ed25519": Edwards(),
    "BELENIOS-2048": FiniteField("BELENIOS-2048", BELENIOS_2048_P, BELENIOS_2048_Q, BELENIOS_2048_G, 0),
    "RFC-3526-2048": FiniteField("RFC-3526-2048", RFC_3526_P, (RFC_3526_P - 1) // 2, 2, 255),
}


def parse_all(texts: Sequence[str], group_name: str) -> list[Element]:
    return [GROUPS[group_name].parse(text) for text in texts]
