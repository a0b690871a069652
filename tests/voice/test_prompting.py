"""Prompts are filled in by name, draw their examples by seed, and say what they will cost."""

import pytest

from synth_core.errors import VoiceError
from synth_core.voice.cost import Prices, estimate, tokens
from synth_core.voice.prompting import DEFAULT, PLACEHOLDERS, Template, brief_line, check, fill, named_in, prompts
from synth_core.voice.records import Brand, Brief, Compliance, Line, Prompt

LINES = tuple(Line(f"Line {i} of the house.", "Tide") for i in range(30))
BRIEF = Brief(
    "A small hotel.", "search_headline", ("the sauna", "the boathouse"), ("the jetty",), ("spring", "winter"),
    ("three nights for two",), ("Write to us", "Ring the bell"), ("nine rooms",),
)  # fmt: skip
BRAND = Brand("Tide House", LINES, brief=BRIEF, compliance=Compliance(banned=("luxury",), competitors=("Aurelle",)))


def test_each_prompt_shows_other_lines_and_records_them_as_parents():
    made = prompts(BRAND, 20, shots=5, seed=3, per_request=7)
    assert len({p.parents for p in made}) == len({p.hash for p in made}) == 20
    for prompt in made:
        shown = [line for line in LINES if f"- {line.text}\n" in prompt.user]
        assert {line.id for line in shown} == set(prompt.parents) and len(shown) == 5
        assert "Write 7 different lines." in prompt.user and "{" not in prompt.system + prompt.user
        assert "luxury" in prompt.system and "Aurelle" in prompt.system and "nine rooms" in prompt.system


def test_the_seed_decides_and_more_prompts_keep_the_first():
    assert prompts(BRAND, 4, seed=3) == prompts(BRAND, 9, seed=3)[:4]
    assert prompts(BRAND, 4, seed=3) != prompts(BRAND, 4, seed=4)


def test_the_brief_in_one_line_holds_one_of_each_slot():
    made = prompts(BRAND, 40, seed=1)
    briefs = [p.brief for p in made]
    assert all(
        "\n" not in b and b.startswith("Write a search ad headline for Tide House. About: A small hotel.")
        for b in briefs
    )
    assert all(("Product: the sauna." in b) != ("Product: the boathouse." in b) for b in briefs)
    assert 5 < sum("Season:" in b for b in briefs) < 35 and any("Season: winter." in b for b in briefs)
    assert all(p.brief in p.user for p in made)
    assert {p.brief for p in prompts(BRAND, 5, seed=1, focused=False)} == {brief_line(BRAND)}


def test_an_empty_brief_leaves_no_empty_labels():
    prompt = prompts(Brand("Tide", LINES), 1, seed=1)[0]
    assert prompt.brief == "Write a website headline for Tide."
    assert not any(line.rstrip().endswith(":") for line in prompt.system.split("\n"))


def test_a_line_made_offline_gets_a_brief_of_what_it_names():
    brief = named_in(BRIEF, "The boathouse, in winter. Write to us.")
    assert (brief.products, brief.places, brief.seasons, brief.offers) == (("the boathouse",), (), ("winter",), ())
    assert brief.actions == ("Write to us",) and brief.about == BRIEF.about


def test_values_with_braces_are_put_in_as_they_are():
    brand = Brand("{count} & {0.__class__}", (Line("A {brace} of ducks.", "x"),))
    prompt = prompts(brand, 1, seed=1)[0]
    assert "{count} & {0.__class__}" in prompt.system and "A {brace} of ducks." in prompt.user


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (Template("", "Write {lines}."), "Line 1 of the user template has an unknown placeholder “{lines}”"),
        (Template("Hi\n{tone}", "x"), "Line 2 of the system template has an unknown placeholder “{tone}”"),
        (Template("", "{brand.__class__}"), "unknown placeholder “{brand.__class__}”"),
        (Template("", "{brand!r}"), "unknown placeholder"),
        (Template("", "{count:>900000000}"), "unknown placeholder"),
        (Template("", "{}"), "unknown placeholder “{}”"),
        (Template("", "Answer as {json"), "single brace"),
        (Template("", "Answer as }"), "single brace"),
        (Template("x", "  "), "is empty"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_by_line(template, said):
    with pytest.raises(VoiceError) as caught:
        prompts(BRAND, 1, template=template, seed=1)
    assert said in str(caught.value)


def test_doubled_braces_are_braces_and_every_placeholder_is_known():
    assert fill('{{"lines": {count}}}', {"count": "3"}) == '{"lines": 3}'
    check(Template("", " ".join(f"{{{name}}}" for name in PLACEHOLDERS)))
    check(DEFAULT)
    assert Template.from_dict(DEFAULT.to_dict()) == DEFAULT


def test_no_approved_lines_is_told():
    with pytest.raises(VoiceError, match="no approved lines"):
        prompts(Brand("Tide", ()), 1, seed=1)


def test_tokens_are_a_quarter_of_the_characters_and_prices_are_never_assumed():
    asked = [Prompt("s" * 400, "u" * 800, (), "")] * 10
    plain = estimate(asked, per_request=5, line_characters=40)
    assert tokens("x" * 400) == 100 and plain.tokens_in == 10 * (100 + 200 + 8) and plain.tokens_out == 10 * 5 * 16
    assert plain.low is plain.high is None and "25%" in plain.told and "none are assumed" in plain.told
    assert "$" not in plain.told
    priced = estimate(asked, per_request=5, line_characters=40, prices=Prices(2.0, 10.0, "€"))
    middle = (3080 * 2 + 800 * 10) / 1e6
    assert priced.low == pytest.approx(0.75 * middle) and priced.high == pytest.approx(1.25 * middle)
    assert "€0.01 to €0.02" in priced.told
    with pytest.raises(VoiceError, match="below zero"):
        estimate(asked, per_request=5, line_characters=40, prices=Prices(-1.0, 1.0))
    assert estimate(asked, per_request=5, line_characters=40, prices=Prices(2.0, None)).low is None
