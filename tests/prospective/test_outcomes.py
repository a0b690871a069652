"""Files of outcomes: spellings, columns, ids, and putting them together."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import ScorerError
from synth_core.prospective.outcomes import Levels, fold, read
from synth_core.prospective.settling import count, match, settle
from tests.prospective.standin import outcomes_csv

YES_NO = Levels("yes", "no")


def said(*rows) -> pd.DataFrame:
    """(lead, outcome, file, correction) as the log holds them."""
    frame = pd.DataFrame(rows, columns=["lead_id", "outcome", "file", "correction"])
    return frame.astype({"outcome": float, "file": int, "correction": bool}).assign(received=frame["file"] * 10.0)


@pytest.mark.parametrize("text", ["yes", " YES ", "Y", "true", "TRUE", "1", "1.0", "ja", "oui", "sí"])
def test_yes_in_other_spellings(text):
    assert YES_NO.read(text) == 1.0


@pytest.mark.parametrize("text", ["no", "No", "n", "FALSE", "0", "0.0", "nein", "non"])
def test_no_in_other_spellings(text):
    assert YES_NO.read(text) == 0.0


@pytest.mark.parametrize("text", ["", "pending", "N/A", "unknown", "-", "tbd"])
def test_an_open_outcome_is_neither(text):
    assert np.isnan(YES_NO.read(text))


@pytest.mark.parametrize("text", ["maybe", "2", "yes?", "won"])
def test_anything_else_is_unreadable(text):
    assert YES_NO.read(text) is None


@pytest.mark.parametrize(
    ("levels", "text", "outcome"),
    [
        (Levels(">50K", "<=50K"), "<=50k", 0.0),
        (Levels(">50K", "<=50K"), "yes", 1.0),
        (Levels(">50K"), "<=50K", None),
        (Levels("2", "1"), "1", 0.0),
        (Levels("2", "1"), "2.0", 1.0),
        (Levels("2", "1"), "yes", None),  # could mean either
        (Levels("2"), "1", None),  # the other level is not known, and may be 1
        (Levels("2"), "0", None),
        (Levels("2"), "no", 0.0),
        (Levels("-1"), "1", None),
        (Levels(">50K"), "0", 0.0),
        (Levels("no", "yes"), "no", 1.0),
        (Levels("no", "yes"), "true", 0.0),
        (Levels("no", "yes"), "0", 1.0),
        (Levels("0", "1"), "no", 1.0),
        (Levels("1", "0"), "no", 0.0),
        (Levels("unknown", "known"), "unknown", 1.0),  # its own level goes before "not known yet"
        (Levels("no", "never"), "yes", 0.0),
    ],
)
def test_the_targets_own_levels_go_first(levels, text, outcome):
    assert levels.read(text) == outcome


def test_a_file_is_read_with_its_counts():
    data = outcomes_csv([("a", "yes"), ("b", "No"), ("c", "pending"), ("d", "perhaps"), ("", "yes"), ("e", "")])
    found = read(data, id_column="ID", target="booked", levels=YES_NO)
    assert found.rows.to_dict("list") == {"lead_id": ["a", "b"], "outcome": [1.0, 0.0]}
    assert (found.total, found.open, found.unreadable, found.blank) == (6, 2, 1, 1)
    assert any("“perhaps”" in n and "“yes” or “no”" in n for n in found.notes)
    assert any("keep waiting" in n for n in found.notes)


def test_of_two_columns_the_other_one_is_the_outcome():
    found = read(outcomes_csv([("a", 1), ("b", 0)], "result"), id_column="id", target="booked", levels=YES_NO)
    assert found.rows["outcome"].tolist() == [1.0, 0.0]
    assert "“result” is read as the outcome “booked”." in found.notes


def test_columns_that_are_missing_are_named():
    with pytest.raises(ScorerError, match=r"no column “lead”.*id, booked"):
        read(outcomes_csv([("a", "yes")]), id_column="lead", target="booked", levels=YES_NO)
    with pytest.raises(ScorerError, match=r"no column “booked”.*id, p, q"):
        read(b"id,p,q\na,1,2\nb,2,1\n", id_column="id", target="booked", levels=YES_NO)
    with pytest.raises(ScorerError, match="“perhaps”"):
        read(outcomes_csv([("a", "perhaps")]), id_column="id", target="booked", levels=YES_NO)


def test_ids_keep_their_zeros_in_every_format():
    frame = pd.DataFrame({"id": ["007", "010"], "booked": ["yes", "no"]})
    book = io.BytesIO()
    frame.to_excel(book, index=False)
    parquet = frame.to_parquet(index=False)
    for data in (frame, frame.to_csv(index=False, sep=";").encode("utf-16"), book.getvalue(), parquet):
        assert read(data, id_column="id", target="booked", levels=YES_NO).rows["lead_id"].tolist() == ["007", "010"]


def test_ids_are_matched_as_written_then_without_zeros_and_case():
    leads = pd.Index(["007", "7", "0042", "ENQ-1", "12"])
    given = pd.Series(["007", "7", "07", "42", "42.0", "enq-1", "12.0", "99"])
    assert match(given, leads).tolist() == ["007", "7", None, "0042", "0042", "ENQ-1", "12", None]


def test_ids_as_numbers_match_text():
    found = read(pd.DataFrame({"id": [7.0, 12.0], "booked": [1, 0]}), id_column="id", target="booked", levels=YES_NO)
    assert match(found.rows["lead_id"], pd.Index(["00007", "00012"])).tolist() == ["00007", "00012"]
    assert fold("000") == "0"


def test_contradictory_outcomes_are_left_out_until_a_correction():
    leads = pd.Index(["a", "b", "c"])
    rows = said(("a", 1, 1, False), ("a", 0, 2, False), ("b", 1, 1, False), ("b", 1, 2, False))
    found = settle(leads, rows)
    assert found["conflicting"].tolist() == [True, False, False]
    assert found["outcome"].fillna(-1).tolist() == [-1, 1, -1]
    assert found.loc["b", "received"] == 10.0
    found = settle(leads, pd.concat([rows, said(("a", 0, 3, True))]))
    assert found["conflicting"].sum() == 0 and found.loc["a", "outcome"] == 0.0
    found = settle(leads, pd.concat([rows, said(("a", 0, 3, True), ("a", 1, 4, True), ("a", 0, 5, False))]))
    assert found.loc["a", "outcome"] == 1.0 and not found.loc["a", "conflicting"]  # the last correction stands
    found = settle(leads, pd.concat([rows, said(("b", 0, 3, True), ("b", 1, 3, True))]))
    assert found.loc["b", "conflicting"]  # a correction that contradicts itself


def test_what_a_file_brings_is_counted():
    leads = pd.Index(["a", "b", "c", "d"])
    before = said(("a", 1, 1, False), ("b", 0, 1, False), ("d", 0, 2, True))
    rows = pd.DataFrame({"lead_id": ["a", "b", "c", "c", "x", "d", "d"], "outcome": [1.0, 1, 0, 0, 1, 1, 0]})
    found = count(leads, before, rows, correction=False)
    assert (found.matched, found.repeated, found.conflicting, found.unknown) == (1, 3, 2, 1)
    assert any("The correction stands" in n for n in found.notes) and any("“x”" in n for n in found.notes)
    found = count(leads, before, rows, correction=True)
    assert (found.matched, found.repeated, found.conflicting, found.unknown) == (4, 1, 1, 1)


def test_a_file_in_which_every_lead_still_waits_is_fine():
    found = read(outcomes_csv([("a", ""), ("b", "pending")]), id_column="id", target="booked", levels=YES_NO)
    assert found.rows.empty and found.open == 2
    counts = count(pd.Index(["a", "b"]), said(), found.rows, correction=False)
    assert (counts.matched, counts.repeated, counts.conflicting, counts.unknown) == (0, 0, 0, 0)


def test_nothing_said_yet():
    found = settle(pd.Index(["a"]), said())
    assert found["outcome"].isna().all() and not found["conflicting"].any()


def test_a_level_that_is_the_columns_name_does_not_hide_the_header():
    data = outcomes_csv([("a", "booked"), ("b", "lost"), ("c", "booked")])
    found = read(data, id_column="id", target="booked", levels=Levels("booked", "lost"))
    assert found.rows["outcome"].tolist() == [1.0, 0.0, 1.0]
