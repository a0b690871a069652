"""Prompts from a brand's brief and its approved lines, through templates the user may edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from string import Formatter
from typing import Any

import numpy as np

from synth_core.errors import VoiceError
from synth_core.records import build
from synth_core.voice.channels import CHANNELS
from synth_core.voice.records import Brand, Brief, Prompt

#: What a template may hold, and what it stands for.
PLACEHOLDERS: dict[str, str] = {
    "brand": "name of the brand",
    "count": "number of lines wanted",
    "brief": "the brief in one line",
    "about": "what the lines are about",
    "channel": "where they will appear",
    "product": "one product of the brief",
    "place": "one place of the brief",
    "season": "one season of the brief",
    "offer": "one offer of the brief",
    "action": "one call to action of the brief",
    "facts": "facts that may be claimed",
    "examples": "approved lines, one a line",
    "banned": "words that must not appear",
    "claims": "words that make a claim",
    "competitors": "names that must not appear",
}


@dataclass(frozen=True)
class Template:
    """The two turns of a request; ``{name}`` is replaced, and a line whose placeholders are all empty is left out.

    Attributes
    ----------
    system, user : str
    """

    system: str
    user: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Template:
        return build(Template, data)


DEFAULT = Template(
    system=(
        "You write copy in the voice of {brand}. The approved lines below are the voice: their rhythm, length, "
        "punctuation, choice of words and what they leave unsaid.\n"
        "Write new lines that the same writer could have written. Do not reuse an approved line or half of one.\n"
        "State no number, price, date or name that the brief does not give.\n"
        "Facts you may state: {facts}\n"
        "Never use these words: {banned}\n"
        "Make no claim with these words: {claims}\n"
        "Never mention: {competitors}\n"
        "Answer with a JSON array of strings and nothing else."
    ),
    user="Approved lines:\n{examples}\n\n{brief}\nWrite {count} different lines.",
)


def check(template: Template) -> None:
    """Refuse a template that cannot be filled in.

    Raises
    ------
    VoiceError
        It names an unknown placeholder, or has a stray brace.
    """
    for name, text in (("system", template.system), ("user", template.user)):
        fill(text, dict.fromkeys(PLACEHOLDERS, "x"), name)
    if not template.user.strip():
        raise VoiceError("The user template is empty. Write what is asked for, for example “Write {count} lines.”")


def fill(text: str, values: Mapping[str, str], name: str = "user") -> str:
    """``text`` with its placeholders replaced. Values are put in as they are: braces in them mean nothing.

    Raises
    ------
    VoiceError
    """
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        where = f"Line {number} of the {name} template"
        try:
            parts = list(Formatter().parse(line))
        except ValueError:
            raise VoiceError(
                f"{where} has a single brace: “{line.strip()[:60]}”. Write {{{{ or }}}} for a brace."
            ) from None
        out, used = "", []
        for literal, field, spec, conversion in parts:
            out += literal
            if field is None:
                continue
            if field not in values or spec or conversion:
                known = ", ".join(f"{{{n}}}" for n in PLACEHOLDERS)
                raise VoiceError(f"{where} has an unknown placeholder “{{{field}}}”. Known are {known}.")
            used.append(values[field])
            out += values[field]
        if not used or any(used):
            lines.append(out)
    return "\n".join(lines)


def prompts(
    brand: Brand,
    count: int,
    *,
    template: Template | None = None,
    shots: int = 8,
    seed: int,
    per_request: int = 10,
    focused: bool = True,
) -> list[Prompt]:
    """One prompt per request.

    Parameters
    ----------
    brand : Brand
    count : int
        Prompts.
    template : Template or None
        None: :data:`DEFAULT`.
    shots : int
        Approved lines shown in each prompt, drawn anew for each and recorded as its parents.
    seed : int
    per_request : int
        Lines asked for in each.
    focused : bool
        Each prompt is about one product, place, season, offer and action of the brief, drawn in turn; else its
        brief names them all.

    Returns
    -------
    list of Prompt

    Raises
    ------
    VoiceError
        The brand has no approved lines, or the template cannot be filled in.
    """
    if not brand.approved:
        raise VoiceError("This brand has no approved lines yet. Add some: they are what new lines are modelled on.")
    template = template or DEFAULT
    check(template)
    draws = np.random.default_rng([seed, 8])
    shots = min(max(shots, 1), len(brand.approved))
    made = []
    for _ in range(count):
        chosen = [brand.approved[i] for i in draws.choice(len(brand.approved), shots, replace=False)]
        brief = _focus(brand.brief, draws) if focused else brand.brief
        values = {
            **_values(brand, brief),
            "count": str(per_request),
            "examples": "\n".join(f"- {x.text}" for x in chosen),
        }
        made.append(
            Prompt(
                fill(template.system, values, "system").strip(),
                fill(template.user, values, "user").strip(),
                tuple(line.id for line in chosen),
                values["brief"],
            )
        )
    return made


def brief_line(brand: Brand, brief: Brief | None = None, subject: str = "") -> str:
    """A brief in one line: the user turn of the fine-tuning set.

    Parameters
    ----------
    brand : Brand
    brief : Brief or None
        None: the brand's own.
    subject : str
        What this line is about, where that is known.
    """
    brief = brief or brand.brief
    channel = _channel(brief.channel)
    article = "an" if channel[:1].lower() in "aeiou" else "a"
    parts = [f"Write {article} {channel} for {brand.name}."]
    for label, value in (
        ("Subject", subject),
        ("About", brief.about),
        ("Product", ", ".join(brief.products)),
        ("Place", ", ".join(brief.places)),
        ("Season", ", ".join(brief.seasons)),
        ("Offer", ", ".join(brief.offers)),
        ("Call to action", ", ".join(brief.actions)),
    ):
        if value := " ".join(value.split()).rstrip(". "):
            parts.append(f"{label}: {value}.")
    return " ".join(parts)


def named_in(brief: Brief, text: str) -> Brief:
    """The brief with those products, places, seasons, offers and actions only that a line names."""
    low = text.lower()

    def found(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(v for v in values if re.sub(r"^(?:the|a|an|our) ", "", v.strip().rstrip(".").lower()) in low)

    return replace(
        brief,
        products=found(brief.products),
        places=found(brief.places),
        seasons=found(brief.seasons),
        offers=found(brief.offers),
        actions=found(brief.actions),
    )


def _focus(brief: Brief, draws: np.random.Generator) -> Brief:
    """One of each slot; season, offer and action in half of the prompts, as copy seldom has all of them."""
    chosen = {}
    for name, often in (("products", 1.0), ("places", 1.0), ("seasons", 0.5), ("offers", 0.5), ("actions", 0.5)):
        options = getattr(brief, name)
        wanted = draws.random() < often  # drawn either way: one slot more must not change the others
        pick = int(draws.integers(max(len(options), 1)))
        chosen[name] = (options[pick],) if options and wanted else ()
    return Brief(brief.about, brief.channel, facts=brief.facts, **chosen)


def _values(brand: Brand, brief: Brief) -> dict[str, str]:
    return {
        "brand": brand.name,
        "brief": brief_line(brand, brief),
        "about": brief.about.strip(),
        "channel": _channel(brief.channel),
        "product": ", ".join(brief.products),
        "place": ", ".join(brief.places),
        "season": ", ".join(brief.seasons),
        "offer": ", ".join(brief.offers),
        "action": ", ".join(brief.actions),
        "facts": "; ".join(brief.facts),
        "banned": ", ".join(brand.compliance.banned),
        "claims": ", ".join(brand.compliance.claims),
        "competitors": ", ".join(brand.compliance.competitors),
    }


def _channel(key: str) -> str:
    """The channel as words in a sentence: ``"search_headline"`` → ``"search ad headline"``."""
    if key not in CHANNELS:
        return re.sub(r"[_\W]+", " ", key).strip() or "line"
    name = CHANNELS[key].name
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
