"""The archive: who may export, what stands in each format, families never parted, an honest manifest."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from synth_core.errors import VoiceError
from synth_core.voice.export import FORMATS, archive, preview
from synth_core.voice.export_formats import system_turn
from synth_core.voice.export_pairs import pairs
from synth_core.voice.export_rows import Row, parents, rows
from synth_core.voice.export_split import split
from synth_core.voice.families import NEAR
from synth_core.voice.records import Decision, Measure, Profile, Verdict, line_id
from tests.voice.stand_in import batch, house, recombined, written

BRAND = house()
IDS = [line.id for line in BRAND.approved]
NOUNS = "lamp pear stair hen kettle anchor window ladder apron lantern pebble ribbon tray shutter spoon".split()  # noqa: SIM905
VERBS = "waits leans sings creaks shines sleeps listens turns floats drips rests hums".split()  # noqa: SIM905


def verdicts(count, seed=0, kind="written", brief="Write a headline about tea."):
    dice, made, seen = random.Random(seed), [], set()
    while len(made) < count:
        text = (
            f"The {dice.choice(NOUNS)} {dice.choice(VERBS)} by the {dice.choice(NOUNS)}, {dice.choice(VERBS)} no more."
        )
        if text in seen:
            continue
        seen.add(text)
        if kind == "written":
            made.append(Verdict(written(text, brief=brief, parents=tuple(IDS[:8])), None, percentile=50.0))
        else:
            made.append(Verdict(recombined(text, *dice.sample(IDS, 2), brief=brief), None, percentile=50.0))
    return made


def keep(made, verdict="keep"):
    return {v.candidate.id: Decision(v.candidate.id, verdict, at=1.0) for v in made}


def unzip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def jsonl(data):
    return [json.loads(row) for row in data.decode().splitlines()]


# --- who may export


def test_refused_while_lines_wait_unless_overridden_and_recorded():
    made = verdicts(6)
    decisions = keep(made[:4])
    with pytest.raises(VoiceError, match="2 lines have not been reviewed"):
        archive(batch(made), BRAND, decisions)
    files = unzip(archive(batch(made), BRAND, decisions, override="Read on paper by Ines", approved=False))
    manifest = json.loads(files["manifest.json"])
    assert manifest["review"] == {
        "kept": 4, "edited": 0, "rejected": 0, "unreviewed": 2, "override": "Read on paper by Ines",
        "edits_that_a_gate_would_stop": [],
    }  # fmt: skip
    assert sum(manifest["examples"].values()) == 6
    assert any("not read by anybody. Reason given: Read on paper" in w for w in manifest["warnings"])


def test_an_override_without_need_is_not_recorded():
    made = verdicts(4)
    manifest = json.loads(unzip(archive(batch(made), BRAND, keep(made), override="just so"))["manifest.json"])
    assert manifest["review"]["override"] == ""


def test_nothing_to_export_wrong_brand_wrong_format():
    made = verdicts(3)
    with pytest.raises(VoiceError, match="No new line"):
        archive(batch(made), BRAND, keep(made, "reject"))
    with pytest.raises(VoiceError, match="made for Ebb House"):
        archive(batch(made), replace(BRAND, name="Other"), keep(made))
    with pytest.raises(VoiceError, match="format 'tsv'"):
        archive(batch(made), BRAND, keep(made), formats=("tsv",))
    with pytest.raises(VoiceError, match="validation share"):
        archive(batch(made), BRAND, keep(made), validation=0.9)


# --- rows


def test_rows_take_kept_and_edited_lines_once():
    made = verdicts(5)
    ids = [v.candidate.id for v in made]
    decisions = keep(made[:2]) | {
        ids[2]: Decision(ids[2], "edit", "The anchor rests, and so may you."),
        ids[3]: Decision(ids[3], "reject"),
    }
    stopped = Verdict(written("Stopped by a gate."), "voice", "why")
    found = rows(batch([*made, stopped]), BRAND, decisions, approved=False)
    assert [row.text for row in found] == [
        made[0].candidate.text,
        made[1].candidate.text,
        "The anchor rests, and so may you.",
    ]
    assert [row.edited for row in found] == [False, False, True]
    assert len(rows(batch(made), BRAND, decisions)) == 203
    assert len(rows(batch(made), BRAND, decisions, approved=False, unreviewed=True)) == 4


def test_the_user_turn_is_the_brief():
    made = verdicts(3)
    found = rows(batch(made), BRAND, keep(made))
    briefs = {row.text: row.brief for row in found}
    jetty = briefs["The ferry stops at our jetty if you ask. Ask."]
    assert jetty.startswith("Write a website headline for Ebb House. Subject: arrival. About: ")
    assert "Place: the jetty." in jetty and "Product" not in jetty and "Offer" not in jetty
    assert "Offer: three nights for two." in briefs["Three nights for two, Monday to Thursday, until the geese go."]
    assert found[-1].brief == "Write a headline about tea."


def test_examples_in_the_prompt_are_no_parents_but_the_nearest_line_is():
    prompt = tuple(IDS[:8])
    far = Verdict(written("x", parents=prompt), None, nearest=IDS[9], similarity=40.0)
    near = Verdict(written("x", parents=prompt), None, nearest=IDS[9], similarity=75.0)
    made = Verdict(recombined("x", IDS[1], IDS[2]), None, nearest=IDS[9], similarity=75.0)
    assert (parents(far), parents(near), parents(made)) == ((), (IDS[9],), (IDS[1], IDS[2]))


# --- split


def row(text, *parents_):
    return Row(line_id(text), "b", text, "recombined", parents_)


TEXTS = st.lists(
    st.tuples(st.sampled_from(NOUNS), st.sampled_from(VERBS), st.sampled_from(NOUNS)), min_size=1, max_size=40
)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.integers(1, 12), st.integers(0, 3), st.floats(0, 0.5), st.integers(0, 99))
def test_no_parent_and_no_near_duplicate_is_parted(words, lines, most, share, seed):
    dice = random.Random(seed)
    texts = list(dict.fromkeys(f"The {a} {b} by the {c}." for a, b, c in words))
    made = [row(text, *(f"p{i}" for i in dice.sample(range(lines), min(most, lines)))) for text in texts]
    found = split(made, validation=share, seed=seed)
    everything = sorted((*found.train, *found.validation, *found.left_out))
    assert everything == list(range(len(made)))
    train, held = ([made[i] for i in side] for side in (found.train, found.validation))
    assert not {p for r in train for p in r.parents} & {p for r in held for p in r.parents}
    for a in train:
        for b in held:
            assert fuzz.token_sort_ratio(a.text.casefold(), b.text.casefold()) < NEAR
    assert not {found.families[i] for i in found.train} & {found.families[i] for i in found.validation}
    assert all((found.families[i] == -1) == (i in found.left_out) for i in range(len(made)))
    assert found.exact_overlap == 0 and found == split(made, validation=share, seed=seed)


def test_whole_families_lose_nothing():
    made = [row(v.candidate.text, f"p{i // 4}") for i, v in enumerate(verdicts(200, seed=4))]
    found = split([replace(r, text=f"{r.text} {i * 7919}") for i, r in enumerate(made)], validation=0.2, seed=1)
    assert found.left_out == () and 30 <= len(found.validation) <= 40


def test_lines_tied_into_one_family_are_cut_and_the_loss_is_counted():
    dice = np.random.default_rng(3)
    made = []
    for i in range(600):
        first, second = dice.choice(150, 2, replace=False)
        made.append(row(f"{first * 7 + 13}{second * 11 + 17} {i * 104729} {second * 31}", f"p{first}", f"p{second}"))
    found = split(made, validation=0.1, seed=0)
    assert 50 <= len(found.validation) <= 75
    assert 0 < len(found.left_out) < 130, "a cut at random would leave out some 260"
    assert len(found.train) > 400


def test_similarity_names_the_closest_lines():
    made = [
        row("The lamp waits by the stair."),
        row("The lamp waits by the old hen."),
        row("Quite another thing altogether, friend."),
    ]
    found = split(made, validation=0.34, seed=2)
    assert found.validation and set(found.closest) <= {r.text for r in made}
    assert found.similarity == pytest.approx(fuzz.ratio(*(t.casefold() for t in found.closest)), abs=0.01)


def test_no_validation_wanted():
    made = verdicts(20)
    files = unzip(archive(batch(made), BRAND, keep(made), validation=0))
    assert "openai/train.jsonl" in files and "openai/validation.jsonl" not in files
    assert preview(batch(made), BRAND, keep(made), validation=0).validation == ()


# --- formats


@pytest.fixture(scope="module")
def exported():
    made = verdicts(60)
    ids = [v.candidate.id for v in made]
    decisions = keep(made)
    decisions[ids[0]] = Decision(ids[0], "edit", "The anchor rests, and so may you.")
    decisions[ids[1]] = Decision(ids[1], "edit", "Rooms from £9, until Sunday.")
    decisions[ids[2]] = Decision(ids[2], "reject", reason="Dull")
    measure = Measure("auc", "AUC", 0.95, 0.9, 0.99, 0.92, "higher", "told")
    profile = Profile(BRAND.name, 200, 160, 190, (("promo", 40),), (), (measure,), False, batch(made).seeds, (), 0)
    made_batch = batch(made)
    data = archive(made_batch, BRAND, decisions, run="r1", validation=0.2, profile=profile, seed=5)
    again = archive(made_batch, BRAND, decisions, run="r1", validation=0.2, profile=profile, seed=5)
    assert data == again, "the same content must give the same bytes"
    return unzip(data), made


def test_openai_chat(exported):
    """One object per row; roles system, user, assistant; the answer last; ten examples at least."""
    files, _ = exported
    train, held = jsonl(files["openai/train.jsonl"]), jsonl(files["openai/validation.jsonl"])
    assert len(train) >= 10 and held
    for item in (*train, *held):
        assert set(item) == {"messages"}
        assert [m["role"] for m in item["messages"]] == ["system", "user", "assistant"]
        assert all(set(m) == {"role", "content"} and m["content"].strip() for m in item["messages"])
        assert item["messages"][0]["content"] == system_turn("Ebb House")
        assert "variation" not in item["messages"][1]["content"]
    answers = [{i["messages"][-1]["content"] for i in side} for side in (train, held)]
    assert not answers[0] & answers[1]
    assert "The anchor rests, and so may you." in answers[0] | answers[1]


def test_alpaca_and_sharegpt_and_their_index(exported):
    files, _ = exported
    info = json.loads(files["dataset_info.json"])
    for side in ("train", "validation"):
        chat = jsonl(files[f"openai/{side}.jsonl"])
        alpaca, shared = (json.loads(files[f"{name}/{side}.json"]) for name in ("alpaca", "sharegpt"))
        assert len(alpaca) == len(shared) == len(chat)
        for a, s, c in zip(alpaca, shared, chat, strict=True):
            asked, answered = c["messages"][1]["content"], c["messages"][2]["content"]
            assert a == {"instruction": asked, "input": "", "output": answered, "system": system_turn("Ebb House")}
            assert s["conversations"] == [{"from": "human", "value": asked}, {"from": "gpt", "value": answered}]
            assert s["system"] == system_turn("Ebb House")
        for name in ("alpaca", "sharegpt"):
            entry = info[f"{name}_{side}"]
            assert entry["file_name"] in files
            columns = set(json.loads(files[entry["file_name"]])[0])
            assert set(entry["columns"].values()) <= columns
        assert info[f"sharegpt_{side}"]["formatting"] == "sharegpt"


def test_parquet_and_its_card(exported):
    files, _ = exported
    _, header, body = files["parquet/README.md"].decode().split("---\n", 2)
    config = yaml.safe_load(header)["configs"][0]["data_files"]
    assert [part["split"] for part in config] == ["train", "validation"]
    for part in config:
        paths = [name for name in files if name.startswith("parquet/" + part["path"].rstrip("*"))]
        table = pq.read_table(io.BytesIO(files[paths[0]])).to_pandas()
        chat = jsonl(files[f"openai/{part['split']}.jsonl"])
        assert table["completion"].tolist() == [c["messages"][-1]["content"] for c in chat]
        assert table["prompt"].tolist() == [c["messages"][1]["content"] for c in chat]
        assert set(table["kind"]) <= {"approved", "written"} and table["reviewed"].all()
    assert "share no approved line" in body and "| Brand voice | 60 | 0 |" in body


def test_preference_pairs(exported):
    files, made = exported
    plain = [p for side in ("train", "validation") for p in jsonl(files.get(f"preferences/pairs_{side}.jsonl", b""))]
    dpo = [p for side in ("train", "validation") for p in jsonl(files.get(f"preferences/openai_{side}.jsonl", b""))]
    texts = [v.candidate.text for v in made]
    assert {p["rejected"] for p in plain} == set(texts[:3])
    assert next(p for p in plain if p["rejected"] == texts[0])["chosen"] == "The anchor rests, and so may you."
    for p, d in zip(plain, dpo, strict=True):
        assert set(p) == {"prompt", "chosen", "rejected"} and p["chosen"] != p["rejected"]
        assert set(d) == {"input", "preferred_output", "non_preferred_output"}
        assert d["input"]["messages"][-1] == {"role": "user", "content": p["prompt"]}
        assert d["preferred_output"] == [{"role": "assistant", "content": p["chosen"]}]
        assert d["non_preferred_output"] == [{"role": "assistant", "content": p["rejected"]}]


def test_pairs_stay_with_their_brief():
    tea, coal = verdicts(4, seed=1), verdicts(3, seed=2, brief="Write a headline about coal.")
    decisions = keep(tea[:3]) | keep([tea[3], *coal], "reject")
    made = batch([*tea, *coal])
    found, alone = pairs(made, decisions, rows(made, BRAND, decisions, approved=False))
    assert [p.rejected for p in found] == [tea[3].candidate.text] and found[0].brief == "Write a headline about tea."
    assert alone == 3


def test_formats_can_be_chosen():
    made = verdicts(12)
    files = unzip(archive(batch(made), BRAND, keep(made), formats=("alpaca",), approved=False, validation=0))
    assert set(files) == {"alpaca/train.json", "dataset_info.json", "manifest.json"}
    assert set(FORMATS) == {"openai", "alpaca", "sharegpt", "parquet", "preferences"}


# --- manifest


def test_manifest_answers_for_the_set(exported):
    files, _ = exported
    manifest = json.loads(files["manifest.json"])
    assert manifest["seed_lines_sha256"] == "ab" * 32 and manifest["run"] == "r1"
    assert (manifest["provider"], manifest["model"], manifest["voice_threshold_percentile"]) == ("fake", "m", 10.0)
    assert manifest["gates"] == [{"gate": "voice", "name": "Brand voice", "reached": 60, "stopped": 0}]
    assert manifest["classifier"]["measures"][0]["value"] == 0.95
    assert manifest["review"]["edited"] == 2 and manifest["review"]["rejected"] == 1
    overruled = manifest["review"]["edits_that_a_gate_would_stop"]
    assert [o["text"] for o in overruled] == ["Rooms from £9, until Sunday."] and "£9" in overruled[0]["reason"]
    part = manifest["split"]
    assert part["exact_overlap"] == 0 and 0 < part["largest_similarity"] < 100 and len(part["closest_lines"]) == 2
    assert part["train"] + part["validation"] + part["left_out"] == sum(manifest["examples"].values()) == 259
    assert len(jsonl(files["openai/train.jsonl"])) == part["train"]
    for path, entry in manifest["files"].items():
        assert hashlib.sha256(files[path]).hexdigest() == entry["sha256"] and len(files[path]) == entry["bytes"]
    assert set(manifest["files"]) == set(files) - {"manifest.json"}


def test_manifest_warns_of_few_examples_and_of_recombined_lines():
    made = verdicts(8, kind="recombined")
    manifest = json.loads(unzip(archive(batch(made), BRAND, keep(made), approved=False, validation=0))["manifest.json"])
    assert any("OpenAI asks for 10" in w for w in manifest["warnings"])
    assert any("8 lines were put together from approved lines" in w for w in manifest["warnings"])
    assert manifest["classifier"] is None


def test_lines_that_are_all_alike_train_and_the_manifest_says_so():
    texts = [f"The old lamp waits by the window, line {n}." for n in range(40)]
    made = [Row(line_id(t), "", t, "written", (), False, True, 50.0, line_id(t)) for t in texts]
    parted = split(made, validation=0.5, seed=3)
    assert parted.alike and len(parted.train) == 40 and not parted.validation and not parted.left_out
