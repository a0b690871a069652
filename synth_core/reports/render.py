"""A document as one HTML file that needs nothing else: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

import jinja2
import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs
from plotly.utils import PlotlyJSONEncoder

from synth_core.reports.branding import Branding
from synth_core.reports.document import COLOURS, Block, Document

_FOLDER = Path(__file__).parent / "template"
#: Characters that turn or hide what stands beside them: bidirectional controls, other controls, lone surrogates.
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_LONGEST = 400  #: characters of one cell that are shown
_WHOLE = 120  #: characters of one word that are shown; a fingerprint has 64
_ENDLESS = re.compile(rf"\S{{{_WHOLE + 1},}}")
_WORD = 24  #: characters of a word; longer ones are broken where the line ends


def render(document: Document, branding: Branding) -> str:
    """One HTML page with everything in it: the same document and branding give the same page.

    Its policy forbids every connection, and every script but the two that are in it (by their hashes), so that text
    from a table stays text whatever it holds.
    """
    scripts = (_plotly(), _asset("draw.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return _environment().get_template("report.html").render(
        document=document,
        branding=branding,
        logo=Markup(branding.logo),  # a data address, checked by its class
        colours=COLOURS,
        policy=policy,
        css=Markup(_asset("report.css")),
        plotly=Markup(scripts[0]),
        draw=Markup(scripts[1]),
    )  # fmt: skip


def harmless(text: str) -> str:
    """``text`` without characters that would turn or hide what stands beside them."""
    return _TURNING.sub("\N{REPLACEMENT CHARACTER}", text)


def figure_json(figure: go.Figure) -> Markup:
    """A figure as JSON that may stand inside a ``script`` element."""
    text = json.dumps(
        figure.to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return Markup("".join(_IN_SCRIPT.get(c, c) for c in harmless(text)))


def _kind(block: Block) -> str:
    return type(block).__name__


def _said(value: object) -> object:
    """Text as it may stand in a sentence: nothing that turns it, and no word longer than anybody reads."""
    if isinstance(value, Markup):
        return value
    return _ENDLESS.sub(lambda m: f"{m[0][:_WHOLE]}…", harmless(str(value)))


def _shown(value: object) -> str:
    """The same of a name or cell, no longer than anybody reads."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_said,
    )  # fmt: skip
    environment.tests["wordy"] = lambda cell: max(map(len, str(cell).split()), default=0) > _WORD
    environment.filters |= {"kind": _kind, "figure_json": figure_json, "shown": _shown}
    return environment


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


@cache
def _plotly() -> str:
    return get_plotlyjs()


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
