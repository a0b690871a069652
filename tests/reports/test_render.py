"""The page by itself: text of a table stays text, nothing is fetched, and the same result is the same page."""

import base64
import hashlib
import json
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from synth_core.charts import Chart
from synth_core.reports import Branding, Document, Part, render
from synth_core.reports.document import COLOURS, Finding, Grid, Pair, Picture, Points, Prose
from synth_core.reports.render import figure_json

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!--",
    '"><svg onload=alert(1)>',
    "=cmd|' /C calc'!A0",
    "{{7*7}}{% raw %}",
    "`backtick` ${7*7}",
    "turned \u202etxt.exe",
    "line\u2028end\u2029of",
    "javascript:alert(1)",
    "x" * 500,
    "lone \ud800 half",
    "\x00\x07 bell",
)


def hostile(text: str) -> Document:
    """``text`` wherever a name can stand."""
    figure = go.Figure(go.Bar(x=[text], y=[1], name=text)).update_layout(title=text)
    picture = Picture(text, Chart(figure, text))
    evidence = (
        picture, Pair(picture, picture), Grid(text, (text, text), ((text, text),), note=text), Points((text,), text),
        Prose(text, text),
    )  # fmt: skip
    part = Part("p-1", text, Finding("●", text, "neutral", text, (text,)), evidence, (text,), (text,), ((text, text),))
    return Document(text, text, (part,), ((text, text),), ((text, text),), text, text)


class Reader(HTMLParser):
    """Elements, attributes, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.scripts: list[tuple[dict, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.cdata_elem == "script":
            attrs, text = self.scripts[-1]
            self.scripts[-1] = attrs, text + data


def policy(reader: Reader) -> dict[str, str]:
    text = next(a["content"] for t, a in reader.found if a.get("http-equiv") == "Content-Security-Policy")
    return {d.split()[0]: " ".join(d.split()[1:]) for d in text.split(";")}


@pytest.fixture(scope="module")
def plain():
    return render(hostile("age"), Branding(agency="Agency", client="Client"))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_text(text, plain):
    safe, found = Reader(plain), Reader(render(hostile(text), Branding(agency="Agency", client=text[:100] or "-")))
    assert [t for t, _ in found.found] == [t for t, _ in safe.found]  # no element more, none less
    names = [sorted(a) for _, a in found.found]
    assert names == [sorted(a) for _, a in safe.found]
    data = [json.loads(s) for a, s in found.scripts if a.get("type") == "application/json"]
    assert len(data) == 3 and all("\u202e" not in json.dumps(d, ensure_ascii=False) for d in data)


def test_directions_are_not_turned_and_long_names_are_cut():
    page = render(hostile("a\u202eb\u2066c"), Branding())
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page) and "a\ufffdb\ufffdc" in page
    assert "x" * 121 not in render(hostile("x" * 5_000), Branding()).split('type="application/json"')[0]
    render(hostile("\ud800"), Branding()).encode()


def test_json_cannot_end_its_script():
    text = "</script><!--<script>&\u2028\u2029"
    found = figure_json(go.Figure(go.Bar(x=[text])))
    assert not re.search("[<>&\u2028\u2029]", found) and json.loads(found)["data"][0]["x"] == [text]


def test_the_policy_forbids_everything_but_what_is_inside(plain):
    reader = Reader(plain)
    rules = policy(reader)
    assert rules["default-src"] == "'none'" and rules["img-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'" and "connect-src" not in rules
    code = [s for a, s in reader.scripts if a.get("type") != "application/json"]
    assert len(code) == 2 and "unsafe" not in rules["script-src"]
    for script in code:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in rules["script-src"]
    for tag, attrs in reader.found:
        assert not any(name.startswith("on") for name in attrs)
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
        for name in ("src", "href"):
            assert attrs.get(name, "#").startswith(("data:", "#"))


def test_plotly_is_there_once(plain):
    assert plain.count("plotly.js v") == 1


def test_the_same_document_is_the_same_page():
    assert render(hostile("age"), Branding(client="A")) == render(hostile("age"), Branding(client="A"))
    assert render(hostile("age"), Branding(client="A")) != render(hostile("age"), Branding(client="B"))


def test_everybody_can_read_it(plain):
    reader = Reader(plain)
    assert ("html", {"lang": "en"}) in reader.found
    levels = [int(t[1]) for t, _ in reader.found if re.fullmatch("h[1-6]", t)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(a.get("scope") for t, a in reader.found if t == "th")
    pictures = [a for t, a in reader.found if a.get("role") == "img"]
    assert len(pictures) == 3 and all(a["aria-label"] == "age" for a in pictures)
    images = [a for t, a in reader.found if t == "img"]
    assert all(a.get("alt") for a in images)
    ids = [a["id"] for _, a in reader.found if "id" in a]
    assert len(ids) == len(set(ids))
    assert all(a["aria-labelledby"] in ids for _, a in reader.found if "aria-labelledby" in a)
    assert "<noscript>" in plain


def test_the_verdict_comes_first_and_limits_before_the_record(plain):
    text = unescape(re.sub("<[^>]+>", " ", plain))
    places = [text.index(h) for h in ("In short", "Evidence", "How it was found", "What these figures do not show",
                                      "For the record")]  # fmt: skip
    assert places == sorted(places)
    assert "Synthetic data" in text and "do not replace an adequate number of real rows" in text


def test_the_tone_is_never_colour_alone():
    for tone, colour in COLOURS.items():
        part = Part("p-1", "Q", Finding("▲", "Helps", tone, "Said."), (), (), (), ())
        page = render(Document("T", "", (part,)), Branding())
        assert colour in page and re.search(r"▲</span>\s*Helps", page)
