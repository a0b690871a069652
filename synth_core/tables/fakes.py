"""Invented names, addresses and codes, as many as wanted and none twice.

The words come from Faker; they are combined here, since Faker makes some 10,000 values a second and gives up where its
lists run out. Whatever could reach somebody does not: mail and web addresses are at example.com and its kin (RFC 2606),
telephone numbers in the range 555-01xx kept for fiction, IP addresses in ranges kept for tests and private networks
(RFC 2544, 1918), bank accounts at banks that do not exist.
"""

from __future__ import annotations

import re
import string
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from synth_core.tables._recipes import Recipe, words
from synth_core.tables.schema import Column, Role

#: What can be invented.
WHAT = (
    "name", "first_name", "last_name", "email", "phone", "street_address", "city", "postcode", "company", "url", "ip",
    "iban", "click_id", "uuid", "user_name", "text", "id",
)  # fmt: skip

_DOMAINS = ("example.com", "example.org", "example.net")
_AREAS = tuple(str(n) for n in range(201, 990) if n % 100 != 11)
_NETS = ("198.18", "198.19", *(f"10.{n}" for n in range(256)))
_BANKS = ("FAKE", "MOCK", "TEST", "DEMO", "SHAM", "NONE", "VOID", "NULL")
#: Where the telling part stands in a real value, after what varies in writing was taken out.
_KEY_IN = {
    "phone": (r"(\d{3})55501\d\d", r"[^\d\n]"),
    "ip": (r"(\d+\.\d+)\.\d+\.\d+", r"[^\d.\n]"),
    "iban": (r"[a-z]{2}\d\d([a-z0-9]{4})", r"[ \-]"),
}
#: Where all of them are taken; real values do not look like these.
_FURTHER = {"phone": ("000",), "ip": tuple(f"240.{n}" for n in range(256)), "iban": ("ZZZZ",)}
_FEW = 100  #: fewer words than this make values too much alike
_HEADERS = (
    ("email", r"e[\W_]?mail"), ("phone", r"phone|mobile|(^|_)(tel|cell)|msisdn|whatsapp"), ("iban", r"iban|account"),
    ("click_id", r"clid$|click|cookie|braid|idfa|gaid"), ("uuid", r"uuid|guid"), ("url", r"url|website|link|homepage"),
    ("ip", r"(^|[\W_])ip([\W_]|$)"), ("street_address", r"street|addr"), ("postcode", r"post.?code|zip|postal"),
    ("city", r"city|town"), ("company", r"company|firm|employer|organi[sz]ation|business"),
    ("user_name", r"user|login|nick|handle"), ("first_name", r"(first|given|fore)[\W_]?name"),
    ("last_name", r"(last|sur|family)[\W_]?name"), ("name", r"name|customer|guest|contact|client|travell?er|passenger"),
)  # fmt: skip
_REASONS = (
    ("email", "e-mail addresses"), ("url", "web addresses"), ("ip", "IP addresses"), ("phone", "phone numbers"),
    ("iban", "bank accounts"), ("click_id", "click or device id"), ("street_address", "postal addresses"),
    ("uuid", "UUIDs"),
)  # fmt: skip
_EXAMPLES = (
    ("email", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"), ("url", r"(https?://|www\.)\S+"), ("ip", r"(\d{1,3}\.){3}\d{1,3}"),
    ("uuid", r"(?i)[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"), ("iban", r"[A-Z]{2}\d\d([ ]?[A-Z0-9]{4}){3,}.*"),
)  # fmt: skip


def fake(what: str, rows: int, *, seed: int, unique: bool = True, tokens: Sequence[str] | None = None) -> list[str]:
    """Invented values.

    Parameters
    ----------
    what : str
        One of ``WHAT``.
    rows : int
    seed : int
        The same seed gives the same values.
    unique : bool
        No value twice. Where the words run out, second names or numbers are added.
    tokens : sequence of str, optional
        Instead of all words for the part that tells values apart (the surname of a name, the domain of an address …);
        see :func:`free_tokens`.

    Raises
    ------
    ValueError
        ``what`` is not one of ``WHAT``.
    """
    rng = np.random.default_rng(seed)
    recipes = _recipes(what, tuple(tokens) if tokens is not None else key_tokens(what))
    if not unique:
        return [_finish(what, text) for text in recipes[0].draw(rows, rng, unique=False)]
    recipe = next((r for r in recipes if r.size >= 2 * rows), recipes[-1])
    while recipe.size < 2 * rows:
        recipe = replace(recipe, digits=recipe.digits + 1)
    found: dict[str, None] = {}
    while len(found) < rows:  # more than one turn only where two combinations read the same
        found.update(dict.fromkeys(_finish(what, text) for text in recipe.draw(rows, rng)))
    return list(found)[:rows]


def key_tokens(what: str) -> tuple[str, ...]:
    """Every word for the part that tells values of ``what`` apart; empty where there is none."""
    fixed = {"email": _DOMAINS, "url": _DOMAINS, "phone": _AREAS, "ip": _NETS, "iban": _BANKS}
    if what in fixed:
        return fixed[what]
    if what in ("postcode", "id", "uuid", "click_id"):
        return ()
    return words({"first_name": "first_name", "text": "word"}.get(what, "last_name"))


_LOOKED = 300  #: characters of an example
#: Words joined by hyphens; looked for from the beginning of a word on, which keeps endless words quick.
_COMPOUND = r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)+"


def free_tokens(what: str, real: Iterable[str]) -> tuple[str, ...] | None:
    """Words for :func:`fake` that occur in none of the ``real`` values, so that no invented one can equal any.

    Where the real values leave too few words, compound ones (``Lin-Romero``) join them. None where ``what`` is made of
    random characters and has no words.
    """
    known = key_tokens(what)
    if not known:
        return None
    text = "\n".join(real).casefold()
    if what in ("email", "url"):
        more = (f"{word}.example.com" for word in words("word"))
        return tuple(islice((w for w in chain(known, more) if w not in text), len(_DOMAINS)))
    if what in _KEY_IN:
        pattern, varying = _KEY_IN[what]
        seen = set(re.findall(pattern, re.sub(varying, "", text)))
        return tuple(w for w in known if w.casefold() not in seen) or _FURTHER[what]
    used: Container[str] = text  # these are written in one word with others
    if what not in ("city", "user_name"):
        used = set(re.findall(r"[^\W\d_]+", text)) | set(re.findall(_COMPOUND, text))
    free = [w for w in known if w.casefold() not in used]
    if len(free) >= _FEW:
        return tuple(free)
    pairs = np.random.default_rng(0).integers(len(known), size=(10 * _FEW, 2)).tolist()
    compound = dict.fromkeys(f"{known[a]}-{known[b]}" for a, b in pairs if a != b)
    return (*free, *islice((c for c in compound if c.casefold() not in used), 2 * _FEW))


def kind_of(column: Column) -> str | None:
    """What to invent for a column, from the reason of its role, its examples and its header; None if nothing fits."""
    for what, reason in _REASONS:
        if reason in column.reason:
            return what
    examples = [e.strip()[:_LOOKED] for e in column.examples]
    for what, pattern in _EXAMPLES:
        if examples and all(re.fullmatch(pattern, e) for e in examples):
            return what
    if column.role is Role.IDENTIFIER:
        return "id"
    header = column.original.strip() or column.name
    header = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header).lower()
    for what, pattern in _HEADERS:
        if re.search(pattern, header):
            return what
    return "text" if column.role is Role.FREE_TEXT or any(len(e.split()) > 3 for e in examples) else None


def _recipes(what: str, key: tuple[str, ...]) -> tuple[Recipe, ...]:
    """How values are put together, from the plainest recipe to the one with most combinations."""
    letters, lower = tuple(string.ascii_uppercase), tuple(string.ascii_lowercase)
    match what:
        case "name":
            first = words("first_name")
            return Recipe((first, " ", key)), Recipe((first, " ", letters, ". ", key))
        case "first_name":
            return Recipe((key,)), Recipe((key, " ", words("first_name")))
        case "last_name":
            return Recipe((key,)), Recipe((key, "-", words("last_name")))
        case "email":
            return (Recipe((words("first_name"), ".", words("last_name"), "@", key), number_at=3),)
        case "user_name":
            return (Recipe((lower, key)),)
        case "phone":
            recipe = Recipe(("+1-", key, "-555-01", range(100)))
            return recipe, replace(recipe, parts=(*recipe.parts, " x"))
        case "street_address":
            return (Recipe((tuple(map(str, range(1, 1_000))), " ", key, " ", words("street_suffix"))),)
        case "city":
            before = ("", *(f"{p} " for p in words("city_prefix")))
            return (Recipe((before, key, words("city_suffix"))),)
        case "postcode":
            return Recipe((range(10_000, 100_000),)), Recipe((range(10_000, 100_000), "-", range(10_000)))
        case "company":
            recipe = Recipe((key, " ", ("Inc", "Ltd", "LLC", "PLC", "Group", "and Sons")))
            return recipe, Recipe((key, ", ", words("last_name"), " and ", words("last_name")))
        case "url":
            return (Recipe(("https://", words("word"), ".", key, "/", words("word")), number_at=6),)
        case "ip":
            octet = tuple(map(str, range(1, 255)))
            return (Recipe((key, ".", octet, ".", octet)),)
        case "iban":
            return (Recipe((key, range(10**6), range(10**8))),)
        case "text":
            return (Recipe((*(p for _ in range(7) for p in (words("word"), " ")), key)),)
        case "uuid":
            return (Recipe((tuple("0123456789abcdef"),) * 32),)
        case "click_id":
            return (Recipe((tuple(string.ascii_letters + string.digits + "-_"),) * 56),)
        case "id":
            return (Recipe(("ID", range(10**7))),)
    raise ValueError(f"{what!r} cannot be invented; choose one of {', '.join(WHAT)}.")


def _finish(what: str, text: str) -> str:
    """The last touch: capitals, check digits, hyphens."""
    if what in ("email", "user_name"):
        return re.sub(r"[^a-z0-9.@\-]", "", text.lower())
    if what == "url":
        return text.lower()
    if what == "text":
        return text.capitalize() + "."
    if what == "uuid":  # version 4, as most are
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:]}"
    if what == "iban":
        number = "".join(str(int(c, 36)) for c in f"{text}GB00")
        return f"GB{98 - int(number) % 97:02d}{text}"
    return text
