"""Each gate stops what it should, in words that quote it, and lets the brand's own manner through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import VoiceError
from synth_core.voice.channels import CHANNELS
from synth_core.voice.gates import spelling
from synth_core.voice.gates.base import Context
from synth_core.voice.gates.complete import Complete
from synth_core.voice.gates.compliance import Rules
from synth_core.voice.gates.copy import Copy
from synth_core.voice.gates.duplicate import Duplicate
from synth_core.voice.gates.facts import Facts
from synth_core.voice.gates.grammar import Grammar
from synth_core.voice.gates.length import Length
from synth_core.voice.gates.numbers import dates, figures
from synth_core.voice.gates.personal import Personal, spans
from synth_core.voice.gates.plausible import Plausible
from synth_core.voice.gates.profanity import EVERYDAY, Profanity
from synth_core.voice.gates.repetition import Repetition
from synth_core.voice.gates.settings import GATES, GateSettings
from synth_core.voice.gates.similar import Family, Similar
from synth_core.voice.gates.text import sentences, tokens
from synth_core.voice.gates.voice import Voice
from synth_core.voice.records import Brief, Compliance, Line
from tests.voice.stand_in import StandIn, house, recombined, written


def ask(gate, *texts: str) -> list[str | None]:
    return gate.check([written(text) for text in texts])


def one(gate, text: str) -> str | None:
    return ask(gate, text)[0]


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(house(), GateSettings())


@pytest.fixture(scope="module")
def facts(context) -> Facts:
    return Facts(context)


@pytest.fixture(scope="module")
def grammar(context) -> Grammar:
    return Grammar(context)


# --- duplicate, complete, length


def test_duplicate_candidates_approved_and_contrast(context):
    gate = Duplicate(context)
    first, again, approved, other = ask(
        gate,
        "A lamp in the boathouse.",
        "a lamp  in the BOATHOUSE.",
        context.approved[0].upper(),
        context.brand.contrast[0].text,
    )
    assert first is None
    assert "came before" in again and "BOATHOUSE" in again
    assert "word for word an approved line" in approved
    assert "word for word a line of promo" in other


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("?!…", "no word"),
        ("One line.\nAnother line.", "More than one line"),
        ("Sure, here is a variation of it.", "Sure, here is a variation"),
        ("As an AI I see no lamp.", "As an AI"),
        ("Variation 2: A lamp by the door.", "Variation 2:"),
        ("Breakfast at [place] by the water.", "[place]"),
        ("Come to {product} soon.", "{product}"),
        ("**A lamp** by the door.", "**"),
        ("1. A lamp by the door.", "1."),
        ("A lamp by the door, and a chair for the", "“the”"),
        ("A lamp by the door,", "“,”"),
        ("A lamp (by the door.", "“(”"),
        ('"A lamp by the door.', "partner"),
        ("A lamp by the door", "full stop"),
        ("a lamp by the door.", "begin with a capital"),
    ],
)
def test_complete_stops(context, text, words):
    assert words in one(Complete(context), text)


def test_complete_asks_for_stops_and_capitals_only_where_the_brand_has_them():
    lower = Context(
        house(approved=tuple(Line(t, "x") for t in ("quiet water", "old boats", "slow rain"))), GateSettings()
    )
    assert one(Complete(lower), "warm stones") is None


def test_own_lines_pass_every_gate_but_the_copy_gate(context, facts, grammar):
    gates = [Complete(context), Length(context), Rules(context), facts, Profanity(context), Personal(context), grammar]
    for gate in [*gates, Repetition(context)]:
        assert [r for r in ask(gate, *context.approved) if r] == [], gate.key
        assert gate.notes == ()


def test_length_says_which_limit(context):
    gate = Length(context)
    most = CHANNELS["headline"].max_chars
    assert one(gate, "Tea.") == "4 characters, 10 at least: “Tea.” is too short."
    assert f"{most} at most" in one(gate, "word " * 30)
    assert "sentences, 3 at most" in one(gate, "One here. Two here. Three here. Four here.")
    assert (
        one(Length(Context(house(), GateSettings(max_chars=200, max_words=60, max_sentences=9))), "word " * 30) is None
    )


def test_length_notes_a_channel_that_does_not_fit_the_brand():
    brief = replace(house().brief, channel="product")
    assert "would not fit “Product description”" in Length(Context(house(brief=brief), GateSettings())).notes[0]


# --- copy


def test_copy_by_ratio_coverage_and_run(context):
    approved = "Turn left at the churchyard, and keep turning left."
    gate = Copy(context)
    close, covered, fresh = ask(
        gate,
        "Turn left at the churchyard and keep turning left",
        "At dusk turn left at the churchyard and keep turning, Piet.",
        "The lamp on the landing is older than the stairs.",
    )
    assert "% the same as the approved line" in close and approved in close
    assert "of its wording stands in the approved line" in covered
    assert fresh is None
    ids = {line.text: line.id for line in context.brand.approved}
    assert gate.nearest[0][0] == ids[approved] and gate.nearest[0][1] > 90


def test_copy_run_of_more_than_eight_words():
    long = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen."
    brand = house(approved=(Line(long, "x"),))
    filler = " ".join(f"word{i}" for i in range(40))
    nine = f"{filler} one two three four five six seven eight nine {filler}."
    eight = f"{filler} one two three four five six seven eight {filler}."
    gate = Copy(Context(brand, GateSettings()))
    assert "9 words in a row" in one(gate, nine)
    assert one(gate, eight) is None


def test_light_policy_lets_variations_through_but_not_of_others(context):
    close = "Turn left at the old churchyard, then keep turning left."
    other = context.brand.contrast[0].text.replace("Friday", "Sunday")
    light = Copy(Context(house(), GateSettings(policy="light")))
    assert one(Copy(context), close) is not None
    assert one(light, close) is None
    assert "a line of the contrast" in one(light, other)


def test_a_line_of_two_halves_is_no_copy_of_either(context):
    text = "There is no cocktail list. Leave the shoes where they fell."
    assert one(Copy(context), text) is None


# --- compliance


def test_rules_quote_what_offends(context):
    gate = Rules(context)
    assert "“luxury” is on the list of banned words" in one(gate, "A little luxury by the water.")
    assert "“Aurelle's” is a competitor's name" in one(gate, "Quieter than Aurelle's beach.")
    assert "“best” is a claim" in one(gate, "The best soup on the coast.")
    assert "needs the disclaimer “until the geese go”" in one(gate, "Three nights for two, and soup.")
    assert one(gate, "Three nights for two, until the geese go.") is None
    assert one(gate, "The bestiary is on the second shelf.") is None


def test_a_claim_passes_where_a_fact_carries_it():
    brief = replace(house().brief, facts=("Guaranteed ferry at ten",))
    brand = house(brief=brief, compliance=Compliance(claims=("guaranteed",)))
    assert one(Rules(Context(brand, GateSettings())), "A guaranteed ferry.") is None


def test_rules_note_approved_lines_that_break_them():
    gate = Rules(Context(house(compliance=Compliance(banned=("soup",))), GateSettings()))
    assert "approved lines break the brand's own rules" in gate.notes[0]


# --- facts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rooms from £49 a night.", "The price “£49”"),
        ("Rooms from 49 EUR a night.", "The price “49 EUR”"),
        ("Save 20% on boots.", "The percentage “20%”"),
        ("Tea at 7:30, or whenever.", "The time “7:30”"),
        ("Built in 1911, and still leaning.", "“1911”"),
        ("Forty steps to the water.", "“Forty steps”"),
        ("Two hundred and fifty lamps.", "“Two hundred and fifty lamps”"),
        ("Eleven rooms, and a bell.", "is not what the brief says: 9"),
        ("An 11-room house by the water.", "is not what the brief says: 9"),
        ("Closed in November, like the bar.", "The date “November”"),
        ("Ask for Tomas at the bar.", "The name “Tomas”"),
        ("The boat to Lake Como leaves at ten.", "“Lake Como”"),
        ("Tomas rows you over.", "“Tomas” is not a common word"),
        ("Egyptian towels on the line.", "“Egyptian”"),
        ("Write to www.ebb.example soon.", "The address"),
        ("Look for @ebbhouse on the wall.", "The address"),
    ],
)
def test_facts_stop_what_nobody_said(facts, text, words):
    assert words in one(facts, text)


@pytest.mark.parametrize(
    "text",
    [
        "Nine rooms, and a bell.",
        "9 rooms, and a bell.",
        "A nine-room house by the water.",
        "Maren keeps the stove warm.",
        "The Petrel is out again.",
        "We open in March, quietly.",
        "March on, the path is dry.",
        "May the soup be hot.",
        "One of us is always awake.",
        "No one asks. The first light will do.",
        "It stopped in 1954, and so did we.",
        "“Sit,” says Otis, and I do.",
        "The Lantern Is Dented, The Hammock Is Yours",
        "Mustard on the ham. Socks on the rail.",
    ],
)
def test_facts_let_through_what_is_said_or_is_no_claim(facts, text):
    assert one(facts, text) is None


def test_names_come_from_the_brief_and_numbers_by_value():
    brief = Brief(about="A bakery in Whitby.", facts=("open since 1,200 days", "£4.50"))
    brand = house(approved=(Line("Bread first.", "x"), Line("Then butter.", "x")), brief=brief)
    gate = Facts(Context(brand, GateSettings()))
    assert one(gate, "The oven in Whitby is warm.") is None
    assert one(gate, "Twelve hundred days of bread.") is None
    assert one(gate, "A loaf for £4.50, still warm.") is None
    assert "£5" in one(gate, "A loaf for £5, still warm.")


def test_title_case_is_no_name_but_names_in_it_are(facts):
    assert "“Tomas”" in one(facts, "The Lantern Of Tomas Is Rather Dented")
    approved = tuple(Line(t, "x") for t in ("Warm Stones", "Old Boats", "Tea Before Rain", "Quiet Water"))
    gate = Facts(Context(house(approved=approved, brief=Brief()), GateSettings()))
    assert one(gate, "Dented Lanterns") is None and "“Tomas”" in one(gate, "Dented Tomas")
    assert "“Lanterns”" in one(facts, "Dented Lanterns")


def test_a_price_is_not_carried_by_a_plain_number(facts):
    assert "The price “£9”" in one(facts, "Rooms for £9.")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Four thousand books", ["4000"]),
        ("two hundred and fifty lamps", ["250"]),
        ("Forty-two steps, twenty three boats", ["42", "23"]),
        ("hundreds of books, a dozen eggs", ["100", "12"]),
        ("£1,499 for 50k fans", ["1499", "50000"]),
        ("the seventh supper, twice", ["7", "2"]),
        ("one boat, no one in it", []),
        ("salt and one million", ["1000000"]),
        ("1,234,567 and 1,234,568", ["1234567", "1234568"]),
        ("two three-course dinners, nineteen ninety", ["2", "3", "19", "90"]),
        ("one hundred and one nights, a hundred and then rain", ["101", "100"]),
        ("two thousand three hundred and four", ["2304"]),
        ("£9.90 or £09.9 or 9", ["9.9", "9.9", "9"]),
        ("7pm, 7 am, 07:00, 19:00", ["19:00", "7:00", "7:00", "19:00"]),
    ],
)
def test_figures(text, values):
    assert [figure.value for figure in figures(text)] == values


def test_dates_that_are_also_words():
    assert dates("May I? March on! In May, or on 3 March.") == [("May", "may"), ("March", "march")]
    assert dates("Come Sundays. Sat down. Sun on the wall.") == [("Sundays", "sunday")]
    assert dates("Closed from Christmas to late Jan") == [("Christmas", "christmas"), ("Jan", "january")]


# --- profanity, personal data


def test_profanity_disguised_and_everyday(context):
    gate = Profanity(context)
    assert "“shit”" in one(gate, "Holy shit, the soup.")
    assert "“sh1t”" in one(gate, "Holy sh1t, the soup.")
    assert one(gate, "A stroke past the dyke, a pot of tea, rum after.") is None
    assert one(gate, "Scunthorpe, cockles and a class of grass.") is None
    allowed = Profanity(Context(house(), GateSettings(profanity_allowed=("shit",))))
    assert one(allowed, "Holy shit, the soup.") is None


def test_what_the_brand_says_is_no_profanity():
    brand = house(approved=(*house().approved, Line("A bloody good bastard of a storm.", "x")))
    assert one(Profanity(Context(brand, GateSettings())), "That bastard wind.") is None
    assert one(Profanity(Context(house(), GateSettings())), "That bastard wind.") is not None


def test_everyday_words_are_on_the_list_they_are_taken_off():
    from better_profanity import utils

    listed = {
        w.strip().casefold() for w in utils.read_wordlist(utils.get_complete_path_of_file("profanity_wordlist.txt"))
    }
    assert listed >= EVERYDAY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ines@ebb.example today.", "an e-mail address"),
        ("Ring 0800 555 0100 today.", "a telephone number"),
        ("Ring +44 20 7946 0958 today.", "a telephone number"),
        ("Card 4111 1111 1111 1111 works.", "a card number"),
        ("Pay GB82 WEST 1234 5698 7654 32 by Friday.", "a bank account (IBAN)"),
        ("Mine is 078-05-1120 by the way.", "a social security number"),
        ("Mine is AB 12 34 56 C by the way.", "a national insurance number"),
        ("Come to 12 Harbour Street soon.", "a street address"),
    ],
)
def test_personal_data(context, text, kind):
    assert kind in one(Personal(context), text)


@pytest.mark.parametrize(
    "text",
    [
        "Since 1887, on the same hill.",
        "1,000,000 stars, none of them ours.",
        "From 1914-1918 it was shut.",
        "Pay £12,345.67.",
    ],
)
def test_numbers_that_are_nobodys(text):
    assert spans(text) == []


def test_a_wrong_check_digit_is_no_iban_and_no_card():
    assert (
        spans("GB83 WEST 1234 5698 7654 32") == []
        or spans("GB83 WEST 1234 5698 7654 32")[0][2] != "a bank account (IBAN)"
    )
    assert "a card number" not in [kind for *_, kind in spans("4111 1111 1111 1112")]


def test_the_brands_own_number_passes_and_the_facts_gate_leaves_it_alone():
    brand = house(brief=replace(house().brief, facts=("Telephone 0800 555 0100",)))
    context = Context(brand, GateSettings())
    assert one(Personal(context), "Ring 0800 555 0100 after breakfast.") is None
    assert one(Facts(context), "Ring 0800 555 0100 after breakfast.") is None
    assert one(Facts(Context(house(), GateSettings())), "Ring 0800 555 0100 after breakfast.") is None


# --- grammar, repetition


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Teh ferry stops here.", "Teh"),
        ("She go to the jetty.", "go"),
        ("We should of rowed back.", "should of"),
        ("The wndow is open.", "not in the dictionary"),
    ],
)
def test_grammar_stops(grammar, text, words):
    assert words in one(grammar, text)


def test_grammar_learns_words_and_rules_from_the_brand(grammar):
    assert one(grammar, "Maren and Piet row out.") is None
    assert grammar.allowed, "the demo brand breaks a rule or two"
    broken = [Line(f"We should of gone in {w}.", "x") for w in ("spring", "summer", "autumn", "winter", "fog", "rain")]
    own = Grammar(Context(house(approved=(*house().approved, *broken)), GateSettings()))
    assert one(own, "We should of rowed back.") is None


def test_grammar_is_never_hard_without_the_checker_or_enough_lines(monkeypatch):
    few = Grammar(Context(house(approved=house().approved[:19]), GateSettings()))
    assert one(few, "Teh ferry stops here.") is None and "too few" in few.notes[0]
    monkeypatch.setattr(spelling, "harper", None)
    without = Grammar(Context(house(), GateSettings()))
    assert one(without, "Teh ferry stops here.") is None and "not installed" in without.notes[0]
    facts = Facts(Context(house(), GateSettings()))
    assert "“Tomas”" in one(facts, "Ask for Tomas at the bar.") and "not installed" in facts.notes[0]


def test_other_languages_are_left_to_the_other_gates():
    german = (
        "Neun Zimmer, und jedes knarrt anders.",
        "Die Fähre hält an unserem Steg.",
        "Der Garten gehört den Bienen.",
    )
    approved = tuple(Line(f"{text} {i}.", "x") for i in range(8) for text in german)
    context = Context(house(approved=approved, brief=Brief()), GateSettings())
    line = "Am Kamin steht ein Sessel, und niemand fragt danach."
    grammar, facts = Grammar(context), Facts(context)
    assert one(grammar, line) is None and "not English" in grammar.notes[0]
    assert one(facts, line) is None and "not English" in facts.notes[0]
    assert "“49 €”" in one(facts, "Am Kamin für 49 € sitzen.")
    assert one(Complete(context), line) is None and one(Profanity(context), line) is None


def test_dialect_is_the_brands():
    american = [Line(f"The color of the harbor in {w}, gray and honored.", "x") for w in ("spring", "summer", "fog")]
    assert spelling.of_brand([line.text for line in american]).dialect == "American"
    assert spelling.of_brand(["The colour of the harbour, grey and honoured."]).dialect == "British"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The the boat leaves.", "the the"),
        ("Leave the shoes. Leave the shoes.", "2 times"),
        ("Soup for lunch, soup for tea, soup for supper.", "“soup” comes 3 times"),
        ("It is so gooood.", "oooo"),
        ("Come now!!", "!!"),
        ("We wait for rain, we wait for sun, we wait for tea.", "wait"),
    ],
)
def test_repetition_stops(context, text, words):
    assert words in one(Repetition(context), text)


def test_repetition_learns_what_the_brand_does():
    gate = Repetition(
        Context(
            house(approved=(*house().approved, Line("Gone!! Tea, tea, tea and no one there.", "x"))), GateSettings()
        )
    )
    assert one(gate, "Come now!!") is None
    assert one(gate, "Soup for lunch, soup for tea, soup for supper.") is None


def test_a_short_answer_is_no_doubled_word(context):
    assert one(Repetition(context), "The ferry stops at our jetty if you ask. Ask.") is None


# --- plausible, voice


def test_plausible_asks_recombined_lines_only_and_quotes(context):
    gate = Plausible(Context(house(), GateSettings(implausible=0.3)))
    parent = context.brand.approved[0].id
    odd = "Whichever xylophone mattered upon quarterly stockholders."
    assert gate.check([written(odd)]) == [None]
    reason = gate.check([recombined(odd, parent)])[0]
    assert "unlikely run of words" in reason and "nats a word" in reason
    assert gate.check([recombined("There is a chair, and no plan for it.", parent)]) == [None]


def test_plausible_stops_about_the_stated_share_of_held_out_lines(context):
    gate = Plausible(Context(house(), GateSettings(implausible=0.1)))
    own = [recombined(line.text, line.id) for line in context.brand.approved]
    assert 0.08 <= sum(r is not None for r in gate.check(own)) / len(own) <= 0.12


def test_plausible_scores_lines_by_models_that_have_not_seen_them(context):
    gate = Plausible(context)
    lines = context.brand.approved[:40]
    unseen = [gate._score(line.text, frozenset({gate._fold[line.id]})) for line in lines]
    seen = [gate._score(line.text, frozenset()) for line in lines]
    assert sum(seen) / 40 > sum(unseen) / 40 + 1, "a model knows the lines it was made of"


def test_plausible_needs_lines():
    gate = Plausible(Context(house(approved=house().approved[:29]), GateSettings()))
    assert "needs 30 approved lines" in gate.notes[0] and gate.check([recombined("Xylophone upon.", "a")]) == [None]


def test_voice_uses_the_classifiers_threshold_or_the_users(context):
    low, high = ask(Voice(context, StandIn()), "Come now!", "Stay a while.")
    assert "percentile 46.0, 50.0 needed" in low and "Exclamation marks: 1" in low and "“Come now!”" in low
    assert high is None
    assert one(Voice(Context(house(), GateSettings(voice=99.0)), StandIn()), "Stay a while.") is not None
    assert one(Voice(Context(house(), GateSettings(voice=5.0)), StandIn()), "Come now!") is None


# --- similar, family


def test_similar_only_to_accepted_lines(context):
    gate = Similar(context)
    assert one(gate, "Tea on the jetty at four.") is None
    assert one(gate, "At four, tea on the jetty.") is None, "the first was not accepted yet"
    gate.accept(written("Tea on the jetty at four."))
    assert "% the same words as the accepted line “Tea on the jetty at four.”" in one(
        gate, "At four, tea on the jetty."
    )
    assert one(gate, "The dog sleeps under the stairs.") is None
    assert "% the same words" in one(gate, "Tea on the jetty at five.")
    strict = Similar(Context(house(), GateSettings(similar=99)))
    strict.accept(written("Tea on the jetty at four."))
    assert one(strict, "Tea on the jetty at five.") is None


def test_family_counts_recombined_parents_and_the_nearest_of_written_lines(context):
    gate = Family(Context(house(), GateSettings(per_family=2)))
    a, b = context.brand.approved[0].id, context.brand.approved[1].id
    for text in ("One.", "Two."):
        gate.accept(recombined(text, a, b))
    assert "2 accepted lines stem from the approved line" in gate.check([recombined("Three.", b)])[0]
    prompt = tuple(line.id for line in context.brand.approved[:8])
    assert gate.check([written("Nothing like any of them at all, whatsoever.", parents=prompt)]) == [None]
    near = "Ring the bell at the landing. Somebody will put the kettle on."
    assert gate.check([written(near)])[0] is not None, "its nearest approved line has two already"


# --- settings, text


def test_settings_round_trip_and_refuse():
    own = GateSettings(off=("voice",), max_chars=70, policy="light", profanity_allowed=("damn",), voice=12.5)
    assert GateSettings.from_dict(own.to_dict()) == own
    assert GateSettings.from_dict({}) == GateSettings()
    for bad in (
        {"off": ["duplicate"]},
        {"off": ["nothing"]},
        {"policy": "bold"},
        {"voice": 101},
        {"similar": 10},
        {"per_family": 0},
        {"min_chars": 9, "max_chars": 3},
        {"unknown": 1},
        {"false_rejects": 0.9},
    ):
        with pytest.raises(VoiceError):
            GateSettings.from_dict(bad)
    with pytest.raises(VoiceError, match="headline"):
        GateSettings().channel("billboard")


def test_every_gate_has_a_name_and_every_channel_a_sane_range():
    keys = {
        cls.key for cls in (Duplicate, Complete, Length, Copy, Rules, Facts, Profanity, Personal, Grammar, Repetition)
    }
    assert keys | {"plausible", "voice", "similar", "family", "judge"} == set(GATES)
    for channel in CHANNELS.values():
        assert channel.min_chars < channel.max_chars and channel.min_words <= channel.max_words
    assert (CHANNELS["search_headline"].max_chars, CHANNELS["search_text"].max_chars) == (30, 90)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_no_text_breaks_a_gate(text):
    context = _small()
    for gate in _SMALL_GATES:
        for reason in gate.check([written(text)]):
            assert reason is None or reason.strip()
    assert isinstance(figures(text), list) and isinstance(dates(text), list) and isinstance(spans(text), list)
    assert tokens(text) == tokens(text) and all(sentences(text))
    assert context.vocabulary


def _small() -> Context:
    return Context(house(), GateSettings())


_SMALL_GATES = [
    cls(_small()) for cls in (Duplicate, Complete, Length, Copy, Rules, Facts, Profanity, Personal, Grammar, Repetition)
]
