"""The Fidelity page on results written by hand: every state, each tab, runs side by side, and the audit's form."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui import fidelity_pairs, frame, workspace
from pages.ui.fidelity_columns import MEASURES
from synth_core.errors import RunError
from synth_core.records import Unavailable
from synth_core.tables import load_sample, to_csv_bytes
from synth_core.tasks.deleting import delete_run
from tests.pages import stored_fidelity as stored
from tests.pages.opening import alt_texts, open_page, said

VIEWS = ("Overview", "Columns", "Pairs", "Target and map", "All numbers")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture(scope="module")
def table():
    return load_sample("travel")


@pytest.fixture
def keep(table):
    """Store a hand-written report; the run it belongs to."""
    dataset = workspace.library().add(table)
    return lambda report, **more: stored.store(workspace.store(), table, dataset, report, **more)


def show(run, view: str = "Overview", **query: str) -> AppTest:
    app = open_page("Fidelity", run=run.id, dataset=run.dataset, **query)
    if view != "Overview":
        app.session_state["fidelity-view"] = view
        app.run()
    assert not app.exception and not app.error
    return app


def html(app: AppTest) -> str:
    return " ".join(e.proto.body for e in app.get("html"))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("held", [True, False])
def test_every_tab_draws_its_charts_with_a_takeaway(keep, monkeypatch, view, held):
    monkeypatch.setattr(fidelity_pairs, "_pair", lambda *args: stored.pair())
    app = show(keep(stored.report(held=held)), view)
    assert all(alt_texts(app)) and len(alt_texts(app)) == {"Overview": 2, "All numbers": 0}.get(view, 2)


def test_the_scorecard_has_value_reference_direction_sentence_and_formula(keep):
    app = show(keep(stored.report()))
    assert app.markdown[1].value.endswith("income.") and "AUC 0.62" in app.markdown[2].value
    text = html(app)
    for score in stored.report().scores:
        assert all(part in text for part in (score.title, score.formula, score.sentence))
    assert "0.200" in text and "0.030" in text and "0.510" in text
    assert all(way in text for way in ("↓ lower", "↑ higher", "→ near 0.5"))
    assert "Real holdout" in text and "–" in text, "a score that could not be computed is there too"


def test_without_a_holdout_no_reference_is_shown_and_the_page_says_why(keep):
    app = show(keep(stored.report(held=False)))
    assert "Real holdout" not in html(app)
    assert "no real rows were kept from the generator" in said(app)


def test_the_two_sample_test_names_what_gives_the_rows_away(keep):
    app = show(keep(stored.report()))
    assert "**income** (70 % of the model's gain): synthetic rows have more of 5 – 9." in said(app)
    assert "400 rows a side" in said(app)
    without = stored.report(two_sample=None, unavailable=(Unavailable("Two-sample test", "needs 30 rows"),))
    app = show(keep(without, title="without"))
    assert any("needs 30 rows" in alt for alt in alt_texts(app))


def test_one_column_starts_with_the_worst_and_has_every_measure(keep):
    app = show(keep(stored.report()), "Columns")
    box = app.selectbox(key="feature-detail")
    assert box.options == ["income · KL 0.200", "colour · KL 0.040", "age · KL 0.010"]
    assert "income drifts" in said(app) and "Wasserstein of income: half of the real rows" in said(app)
    assert all(title in html(app) and f"How {field} is made." in html(app) for field, (title, _) in MEASURES.items())
    box.select("age").run()
    assert "age drifts" in said(app) and "Wasserstein of income" not in said(app)


def test_missing_values_ranges_and_levels_are_on_the_columns_tab(keep):
    app = show(keep(stored.report()), "Columns")
    found = next(d.value for d in app.dataframe if "Missing, real" in d.value.columns)
    assert list(found["Column"]) == ["income", "colour", "age"]
    assert {"Range or levels covered", "Inside range or levels", "Different values, synthetic"} <= set(found.columns)


def test_one_pair_starts_with_the_least_alike_and_follows_the_choice(keep, monkeypatch):
    asked = []
    monkeypatch.setattr(fidelity_pairs, "_pair", lambda *args: asked.append(args[2:4]) or stored.pair())
    app = show(keep(stored.report()), "Pairs")
    assert asked[-1] == ("income", "colour")
    assert list(app.dataframe[0].value["Similarity of holdout"])[:2] == [0.97, 0.98]
    assert any("Most at 5 – 9 with green" in alt for alt in alt_texts(app))
    app.selectbox(key="pair-first").select("age").run()
    assert asked[-1] == ("age", "colour")
    assert "age" not in app.selectbox(key="pair-second-age").options


def test_a_report_without_pairs_or_target_says_why(keep):
    bare = stored.report(
        associations=None, projection=None, target=None,
        unavailable=(Unavailable("Pairs", "needs two features that vary"),
                     Unavailable("Relation to the target", "needs a target with two classes")),
    )  # fmt: skip
    run = keep(bare)
    assert any("needs two features that vary" in alt for alt in alt_texts(show(run, "Pairs")))
    assert any("Projection" in alt or "nothing to compare" in alt for alt in alt_texts(show(run, "Target and map")))


def test_all_numbers_has_every_measure_of_synthetic_and_holdout_and_drops_nothing(keep):
    report = stored.report(unavailable=(*stored.report().unavailable, Unavailable("notes", "free text")))
    app = show(keep(report), "All numbers")
    (found,) = (d.value for d in app.dataframe)
    assert len(found) == 3
    for field, (title, _) in MEASURES.items():
        assert found[f"{title}, synthetic"].tolist() == [
            pytest.approx(getattr(f.synthetic, field), nan_ok=True) if getattr(f.synthetic, field) is not None else
            pytest.approx(float("nan"), nan_ok=True)
            for f in sorted(report.features, key=lambda f: -f.synthetic.kl)
        ]  # fmt: skip
        assert f"{title}, holdout" in found
    assert {"Missing, real", "Different values, real"} <= set(found.columns)
    assert "**notes**: free text" in said(app) and "**Wasserstein of income**" in said(app)
    assert "Pairs use 5,000 of 9,000 rows." in said(app) and "800 real training rows" in said(app)


def test_names_are_text_and_no_markup(keep):
    odd = replace(stored.feature("<b>*a*</b>", 0.3), sentence="<b>*a*</b> drifts.")
    app = show(keep(stored.report(features=(odd,), associations=None)), "Columns")
    assert "\\<b\\>\\*a\\*\\</b\\> drifts." in [m.value for m in app.markdown]
    assert "<b>*a*" not in html(app)


def test_two_runs_side_by_side_mark_the_best_with_a_word(keep):
    first = keep(stored.report(), title="500 rows by Trees · travel")
    second = keep(stored.report(0.1), title="500 rows by Copula · travel")
    app = show(first)
    box = app.multiselect(key="compare-with")
    assert box.options == ["500 rows by Copula"]
    box.select(second.id).run()
    assert app.query_params["with"] == second.id
    assert [t.label for t in app.tabs] == ["Side by side", *VIEWS] and len(alt_texts(app)) == 1
    rows = html(app).split("<tr>")[2:]
    worst = next(r for r in rows if "Worst KL" in r)
    assert worst.index("0.200<br>★ best") < worst.index("0.300") < worst.index("0.030")
    shape = next(r for r in rows if ">Shape<" in r)
    assert "0.950<br>★ best" in shape
    assert "★" not in next(r for r in rows if "Density" in r), "nothing is best where nothing is known"
    assert not app.info
    box = app.multiselect(key="compare-with")
    box.unselect(second.id).run()
    assert [t.label for t in app.tabs] == list(VIEWS) and len(alt_texts(app)) == 2


def test_better_than_real_rows_is_not_better_still(keep):
    def scored(value):
        score = stored.scores()[1]  # higher is better, real rows reach 0.98
        return stored.report(scores=(replace(score, value=value),), headline=f"{value}")

    first = keep(scored(0.985), title="a")
    others = [keep(scored(v), title=f"{v}") for v in (0.999, 0.97)]
    text = html(show(first, **{"with": [r.id for r in others]}))
    assert "0.985<br>★ best" in text and "0.999<br>★ best" in text and "0.970<br>" not in text


def test_a_run_without_a_yardstick_is_never_the_best_beside_those_that_have_one(keep):
    first, second = keep(stored.report(0.1)), keep(stored.report(0.2), title="second")
    seen = keep(stored.report(held=False), task="audit", name="x", synthetic="0" * 64, saw="all")
    text = html(show(first, **{"with": [second.id, seen.id]}))
    worst = next(r for r in text.split("<tr>") if "Worst KL" in r)
    assert worst.index("0.300<br>★ best") < worst.index("0.400") < worst.index("0.200</td>")


def test_runs_to_compare_with_come_from_the_address_at_most_three_of_the_same_table(keep):
    first = keep(stored.report())
    more = [keep(stored.report(0.01 * i), title=f"run {i}") for i in range(1, 6)]
    app = show(first, **{"with": [r.id for r in more]})
    assert len(app.multiselect(key="compare-with").value) == 3
    app = show(first, **{"with": ["0" * 32, more[0].id]})
    assert app.multiselect(key="compare-with").value == [more[0].id]
    assert "1 of the runs to compare with in this address cannot be" in app.warning[0].value


def test_runs_with_other_holdouts_keep_their_own_reference(keep):
    first, second = keep(stored.report()), keep(stored.report(0.1), title="another seed", seed=8)
    app = show(first, **{"with": second.id})
    assert "did not see the same real rows" in app.info[0].value and "seed 8, 20 % locked away" in app.info[0].value
    text = html(app)
    assert "Real holdout" not in text and "0.200<br>★ best<br>real 0.030" in text


def test_runs_of_one_name_are_told_apart(keep):
    first = keep(stored.report(), title="500 rows by Trees · travel")
    again = [keep(stored.report(0.1), title="500 rows by Trees · travel", seed=s) for s in (8, 9)]
    app = show(first, **{"with": again[0].id})
    assert app.multiselect(key="compare-with").options == [
        f"500 rows by Trees, seed {s}, 20 % locked away" for s in (9, 8)
    ]
    assert all(f"500 rows by Trees, seed {s}" in html(app) for s in (7, 8)) and "seed 9" not in html(app)


def test_an_audit_says_what_its_generator_saw_and_offers_no_verdict(keep):
    run = keep(stored.report(), task="audit", name="theirs.csv", synthetic="0" * 64)
    app = show(run)
    assert "**theirs.csv** was made elsewhere" in said(app) and "training rows only (seed 7" in said(app)
    assert "A note on the rows." in said(app)
    assert not {"Get a verdict"} & {b.label for b in app.button}
    every = keep(stored.report(held=False), task="audit", name="theirs.csv", synthetic="0" * 64, saw="all")
    assert "no fair yardstick" in said(show(every)) and "holdout are left out" in said(show(every))


@pytest.mark.parametrize("state", ["running", "failed"])
def test_an_audit_that_has_not_finished(keep, state, monkeypatch):
    run = keep(stored.report(), task="audit", name="theirs.csv", synthetic="0" * 64)
    changed = replace(run, state=state, error="“age” holds numbers." if state == "failed" else None)
    monkeypatch.setattr(type(workspace.store()), "list", lambda self: [changed])
    monkeypatch.setattr(type(workspace.store()), "get", lambda self, run_id: changed)
    app = open_page("Fidelity", run=run.id, dataset=run.dataset)
    assert ("Cancel" if state == "running" else "Run again") in {b.label for b in app.button}


def test_without_any_run_an_audit_can_be_started_and_rows_generated(table):
    workspace.library().add(table)
    app = open_page("Fidelity")
    assert app.radio(key="audit-saw").value == "train"
    assert [b.label for b in app.button] == ["Generate"]
    assert app.get("file_uploader") and app.get("download_button")
    app.radio(key="audit-saw").set_value("all").run()
    assert "no fair yardstick" in said(app) and not app.get("download_button")


def test_generate_sends_an_audit_to_its_own_page(keep, monkeypatch):
    run = keep(stored.report(), task="audit", name="theirs.csv", synthetic="0" * 64)
    sent = []

    def go(name, **params):
        sent.append((name, params["run"]))
        st.stop()

    monkeypatch.setattr(frame, "go", go)
    open_page("Generate", run=run.id, dataset=run.dataset)
    assert sent == [("Fidelity", run.id)]
    app = open_page("Runs")
    assert app.dataframe[0].value["Open"][0].startswith("/Fidelity?run=")


def test_the_audited_table_goes_with_its_last_run(keep, table):
    audited = workspace.audits().add(table)
    runs = [
        keep(stored.report(), task="audit", title=f"audit {i}", name="x", synthetic=audited, seed=i) for i in (1, 2)
    ]
    delete_run(workspace.store(), runs[0])
    assert workspace.audits().get(audited)
    delete_run(workspace.store(), runs[1])
    assert not workspace.audits().list()


def upload(app: AppTest, frame, name: str = "theirs.csv") -> AppTest:
    content = frame.to_csv(index=False).encode()
    app.file_uploader(key="audit-upload").set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def test_an_uploaded_table_is_shown_with_what_was_changed_and_audited(table, monkeypatch):
    dataset = workspace.library().add(table)
    asked = []
    store = type(workspace.store())

    def submit(self, task, spec, **about):
        asked.append((task, spec, about))
        raise RunError("Not in this test.")

    monkeypatch.setattr(store, "submit", submit)
    theirs = pd.read_csv(io.BytesIO(to_csv_bytes(table.frame.head(120), table.schema)))
    app = upload(open_page("Fidelity", dataset=dataset), theirs[theirs.columns[::-1]].drop(columns="age").assign(x=1))
    count = len(table.schema.columns)
    assert f"120 rows, {count - 1} of the {count} columns" in said(app)
    assert "ignored: x" in said(app).replace("\\", "") and "age" in said(app) and not app.error
    app.slider(key="audit-holdout").set_value(30).run()
    app.button(key="audit-start").click().run()
    (task, spec, about) = asked[0]
    assert task == "audit" and about["title"] == "Audit of theirs.csv · " + table.name
    assert {k: spec[k] for k in ("dataset", "name", "saw", "seed", "holdout")} == {
        "dataset": dataset, "name": "theirs.csv", "saw": "train", "seed": 7, "holdout": 0.3,
    }  # fmt: skip
    given = workspace.audits().get(spec["synthetic"])
    assert len(given) == 120 and "age" not in given.schema
    assert [d.id for d in workspace.library().list()] == [dataset], "it is not listed among the real tables"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"width,height\n1,2\n3,4\n", "None of the columns"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a table"),
    ],
)
def test_a_wrong_upload_is_one_sentence(table, content, words):
    workspace.library().add(table)
    app = open_page("Fidelity")
    app.file_uploader(key="audit-upload").set_value(("theirs.csv", content, "text/csv")).run()
    assert not app.exception and len(app.error) == 1 and words in app.error[0].value
    assert "audit-start" not in {b.key for b in app.button}


def test_the_form_asks_for_the_real_table_where_there_are_several(table):
    others = [workspace.library().add(t) for t in (table, table.take(np.arange(200)))]
    app = open_page("Fidelity", dataset=others[1])
    box = app.selectbox(key=f"audit-table-{others[1]}")
    assert box.value == others[1] and len(box.options) == 2


def test_a_table_too_small_to_split_says_so_and_can_still_be_audited_as_seen(table):
    dataset = workspace.library().add(table.take(np.arange(8)))
    app = open_page("Fidelity", dataset=dataset)
    assert "at least 10 are needed" in app.error[0].value
    app.radio(key="audit-saw").set_value("all").run()
    assert not app.error and app.get("file_uploader")
