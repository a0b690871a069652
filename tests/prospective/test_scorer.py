"""Frozen scorers: the models of the study's look, the same after any journey, and nothing of the training rows."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import ScorerError, StudyError
from synth_core.lift.refit import refit
from synth_core.prospective import archive
from synth_core.prospective.frozen import from_parts
from synth_core.prospective.scorer import freeze, load, save
from synth_core.tables import Holdout, Train
from tests.prospective.frozen import leads, scorer, studied

ROOT = Path(__file__).resolve().parents[2]
KINDS = ["travel", "logistic", "search"]


def saved(found) -> bytes:
    buffer = io.BytesIO()
    save(found, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["travel", "search"])
def test_on_the_holdout_it_says_exactly_what_the_look_said(kind):
    found, frozen = studied(kind), scorer(kind)
    scores = frozen.score(found.split.holdout.frame)
    assert frozen.card.reference == found.study.holdout.reference
    assert frozen.card.arm == found.study.holdout.arm
    assert np.array_equal(scores["score_reference"], found.looks[frozen.card.reference].predictions)
    assert np.array_equal(scores["score_arm"], found.looks[frozen.card.arm].predictions)
    assert frozen.card.auc_arm == found.study.holdout.scores_arm.main
    assert frozen.card.added_rows == found.looks[frozen.card.arm].delivered


def test_a_linear_model_says_the_same_but_for_the_last_bits():
    found, frozen = studied("logistic"), scorer("logistic")
    scores = frozen.score(found.split.holdout.frame)
    for name, key in (("score_reference", frozen.card.reference), ("score_arm", frozen.card.arm)):
        np.testing.assert_allclose(scores[name], found.looks[key].predictions, rtol=1e-12)
    assert {"reference.json", "arm.json"} < set(frozen.parts)


@pytest.mark.parametrize("kind", KINDS)
def test_every_arm_can_be_trained_again(kind):
    found = studied(kind)
    arms = ["smotenc", ("trees", {"min_leaf": 20})] if kind == "logistic" else None
    again = refit(found.split, found.study, list(found.looks), arms=arms)
    for key, look in found.looks.items():
        outcome = again[key].outcome(found.split.holdout.frame)
        assert np.array_equal(outcome.predictions, look.predictions), key
        assert (outcome.requested, outcome.delivered) == (look.requested, look.delivered)


def test_an_arm_with_few_rows_is_trained_alone_as_beside_larger_ones():
    """An Autopilot's arms share the rows of its largest; the smaller ones take the first of them."""
    found = studied("search")
    small = [a for a in found.study.arms if a.role == "candidate" and a.requested < found.study.rows]
    assert small
    for arm in small[:3]:
        alone = refit(found.split, found.study, [arm.key])[arm.key]
        assert np.array_equal(alone.outcome(found.split.holdout.frame).predictions, found.looks[arm.key].predictions)


@pytest.mark.parametrize("kind", KINDS)
def test_scores_are_the_same_after_saving_and_in_another_process(kind, tmp_path):
    frozen, rows = scorer(kind), leads()
    before = frozen.score(rows)
    card = save(frozen, tmp_path / "scorer.zip")
    loaded = load(tmp_path / "scorer.zip")
    assert loaded.card == card == frozen.card
    assert loaded.score(rows).equals(before)
    assert saved(loaded) == (tmp_path / "scorer.zip").read_bytes()
    rows.drop(columns="booked").to_parquet(tmp_path / "leads.parquet")
    code = (
        "import sys, pandas as pd; from synth_core.prospective.scorer import load;"
        "load('scorer.zip').score(pd.read_parquet('leads.parquet')).to_parquet('scores.parquet')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert pd.read_parquet(tmp_path / "scores.parquet").equals(before)


@pytest.mark.parametrize("kind", ["travel", "logistic"])
def test_a_row_is_scored_by_itself(kind):
    frozen, rows = scorer(kind), leads()
    whole = frozen.score(rows)
    order = np.random.default_rng(0).permutation(len(rows))
    assert frozen.score(rows.iloc[order]).loc[rows.index].equals(whole)
    parts = [frozen.score(rows.iloc[first : first + 7]) for first in range(0, len(rows), 7)]
    assert pd.concat(parts).equals(whole)
    assert frozen.score(rows.iloc[:0]).shape == (0, 2)


def test_any_changed_byte_is_refused():
    content = saved(scorer())
    with zipfile.ZipFile(io.BytesIO(content)) as archived:
        starts = [i.header_offset for i in archived.infolist()]
    spots = {*range(0, len(content), 331), *starts, *(s + 40 for s in starts), *range(len(content) - 700, len(content))}
    for spot in sorted(spots):
        changed = bytearray(content)
        changed[spot] ^= 1
        with pytest.raises(ScorerError):
            load(bytes(changed))
    for cut in (content[:-1], content[: len(content) // 2], content + b"x"):
        with pytest.raises(ScorerError, match=r"changed or damaged"):
            load(cut)


@pytest.mark.parametrize("part", ["scorer.json", "reference.txt", "arm.txt", "card.json", "card.md"])
def test_a_part_exchanged_by_hand_is_noticed(part):
    """With a new seal, but the old manifest; with a new manifest, too, it is another scorer with another id."""
    frozen = scorer()
    other = frozen.parts[part].replace(b"0", b"1", 1)
    assert other != frozen.parts[part]
    parts = {**frozen.parts, part: other}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in {**parts, archive.MANIFEST: archive.manifest(frozen.parts)}.items():
            made.writestr(name, content)
        made.comment = b"0" * 64
    body = buffer.getvalue()[:-64]
    with pytest.raises(ScorerError, match="changed or damaged"):
        load(body + archive._seal(body))
    assert archive.identity(parts) != frozen.card.id


def test_foreign_files_are_told_apart(monkeypatch, tmp_path):
    for content in (b"", b"id,score\n1,2\n", b"PK\x05\x06" + bytes(18)):
        with pytest.raises(ScorerError):
            load(content)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("model.json", "{}")
    with pytest.raises(ScorerError, match="not a file of a frozen scorer"):
        load(other.getvalue())
    with pytest.raises(ScorerError, match=r"no readable file “none\.zip”"):
        load(tmp_path / "none.zip")
    content = saved(scorer())
    monkeypatch.setattr(archive, "MAX_BYTES", len(content) + 1)
    with pytest.raises(ScorerError, match="Unpacked, this file is larger"):
        load(content)
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000)
    for source in (content, io.BytesIO(content)):
        with pytest.raises(ScorerError, match="no frozen scorer is"):
            load(source)


def test_a_file_of_a_newer_version_says_so(monkeypatch):
    monkeypatch.setattr(archive, "VERSION", 2)
    content = saved(scorer())
    monkeypatch.setattr(archive, "VERSION", 1)
    with pytest.raises(ScorerError, match="newer version"):
        load(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"left_child=\d+", "left_child=0"),  # its own child: a walk without end
        (r"left_child=\d+", "left_child=9"),
        (r"right_child=-\d+", "right_child=-9"),
        (r"split_feature=\d+", "split_feature=99"),
        (r"num_leaves=\d+", "num_leaves=40"),
        (r"objective=binary", "objective=regression"),
        (r"threshold=[\d.e+-]+", "threshold=x"),
        (r"max_feature_idx=\d+", "max_feature_idx=40"),
    ],
)
def test_trees_that_point_outside_are_refused_even_with_matching_hashes(old, new):
    frozen = scorer()
    text = frozen.parts["arm.txt"].decode()
    spot = re.search(old, text)
    tree = re.search(r"Tree=0", text).start()
    changed = text[: spot.start()] + new + text[spot.end() :]
    if spot.start() > tree:  # sizes of trees must fit, or the size alone gives it away
        first, *others = re.search(r"tree_sizes=(.*)", text)[1].split()
        size = str(int(first) + len(new) - len(spot[0]))
        changed = changed.replace("tree_sizes=" + " ".join([first, *others]), "tree_sizes=" + " ".join([size, *others]))
    with pytest.raises(ScorerError, match="changed or damaged"):
        from_parts({**frozen.parts, "arm.txt": changed.encode()})
    assert from_parts(frozen.parts).card == frozen.card  # unchanged parts are taken


def test_the_file_holds_no_training_row():
    found, frozen = studied("travel"), scorer()
    texts = {name: content.decode() for name, content in frozen.parts.items()}
    real = found.split.train.frame
    for name, text in texts.items():
        assert "ENQ-" not in text, name
        assert "enquiry_id" not in text or name == "scorer.json", name  # a column's name
    state = json.loads(texts["scorer.json"])
    assert all(not c["examples"] and not c["reason"] and not c["missing_tokens"] for c in state["schema"]["columns"])
    allowed = {edge for bins in state["bins"] for edge in bins["edges"]}
    allowed |= {f[key] for f in state["encoder"] for key in ("median", "mean", "scale")}
    numbers = {float(n) for text in texts.values() for n in re.findall(r"-?\d+\.\d+(?:e[+-]?\d+)?", text)}
    quotes = set(real["quote_eur"])
    assert len(quotes) > 900
    assert not (numbers - allowed) & quotes
    assert len(allowed & quotes) <= 10
    smallest, largest = real["household_income"].min(), real["household_income"].max()
    assert f"{smallest}" not in re.findall(r"\d+", texts["arm.txt"])
    assert f"{largest}" not in re.findall(r"\d+", texts["arm.txt"])


def test_the_holdout_is_never_trained_on():
    """Another holdout changes no model; only the reference's scores for it, kept as bins."""
    found = studied("travel")
    holdout = found.split.holdout
    frame = holdout.frame.assign(
        quote_eur=1.0, booked=np.where(holdout.frame["booked"] == "yes", "no", "yes"), channel="Nowhere"
    )
    other = replace(found.split, holdout=Holdout(replace(holdout.table, frame=frame), holdout.row_ids))
    study = replace(found.study, holdout=None)
    parts = [
        freeze(split, study, name="x", arm=found.study.holdout.arm).parts for split in (found.split, other)
    ]  # fmt: skip
    for name in ("reference.txt", "arm.txt"):
        assert parts[0][name] == parts[1][name] == scorer().parts[name]
    states = [json.loads(p["scorer.json"]) for p in parts]
    assert states[0]["encoder"] == states[1]["encoder"]
    assert states[0]["bins"] == states[1]["bins"]
    assert states[0]["score_bins"] != states[1]["score_bins"]


def test_absent_features_count_as_missing_and_other_columns_are_not_looked_at():
    frozen, rows = scorer(), leads()
    blank = rows.assign(call_minutes=np.nan)
    assert frozen.score(rows.drop(columns=["call_minutes", "booked"])).equals(frozen.score(blank))
    turned = rows.assign(booked="yes", enquiry_id="x")
    assert frozen.score(turned).equals(frozen.score(rows))
    assert not frozen.score(blank).equals(frozen.score(rows))


def test_values_of_another_kind_are_named():
    frozen, rows = scorer(), leads()
    with pytest.raises(ScorerError, match=r"“quote_eur” should hold numbers, but holds “12,5”.*read_leads"):
        frozen.score(rows.assign(quote_eur="12,5"))
    with pytest.raises(ScorerError, match="“channel” should hold text, but holds “3”"):
        frozen.score(rows.assign(channel=3))
    with pytest.raises(ScorerError, match="“enquiry_date” should hold dates, but holds “5”"):
        frozen.score(rows.assign(enquiry_date=5))


def test_what_cannot_be_frozen_is_said():
    found = studied("travel")
    split, study = found.split, found.study
    with pytest.raises(ScorerError, match="no name"):
        freeze(split, study, name=" ")
    with pytest.raises(ScorerError, match="no arm with synthetic rows"):
        freeze(split, study, name="x", arm="D")
    with pytest.raises(ScorerError, match="has not two classes"):
        freeze(split, replace(study, task="multiclass"), name="x")
    with pytest.raises(StudyError, match="another table or split"):
        freeze(split.train.table.split(seed=1), study, name="x")
    with pytest.raises(StudyError, match="settings of “Trees"):
        freeze(*_of("logistic"), name="x", arm="trees(min_leaf=20)/own")


def _of(kind):
    return studied(kind).split, studied(kind).study


def test_a_table_that_changed_since_the_study_is_noticed():
    found = studied("travel")
    train = found.split.train
    frame = train.frame.assign(quote_eur=train.frame["quote_eur"].to_numpy()[::-1])
    other = replace(found.split, train=Train(replace(train.table, frame=frame), train.row_ids))
    with pytest.raises(ScorerError, match="could not be trained as in the study: its AUC"):
        freeze(other, found.study, name="x")


def test_models_that_were_not_looked_at_have_no_auc():
    found = studied("travel")
    other = next(a.key for a in found.study.arms if a.role == "candidate" and a.key != found.study.holdout.arm)
    card = freeze(found.split, found.study, name="x", arm=other).card
    assert card.auc_reference == found.study.holdout.scores_reference.main
    assert card.auc_arm is None
    frozen = freeze(found.split, found.study, name="x", seed=8)
    assert (frozen.card.auc_reference, frozen.card.auc_arm, frozen.card.seed) == (None, None, 8)
    assert "not looked at" in frozen.parts["card.md"].decode()
    assert frozen.card.id != scorer().card.id
