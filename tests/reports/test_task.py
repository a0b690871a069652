"""The task: which runs go in, what its folder holds, and what it refuses."""

import json
from dataclasses import replace

import pytest

from synth_core.errors import ReportError, RunError
from synth_core.progress import SILENT
from synth_core.reports import Branding, branding, printing
from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample
from synth_core.tasks import composing, report, report_choice
from tests.pages import stored, stored_budget, stored_fidelity, stored_journeys, stored_privacy


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))  # makers of stored results ask for it
    monkeypatch.setattr(printing, "browser", lambda: None)
    return Store(tmp_path)


@pytest.fixture
def runs(store):
    """A study, rows and their check on the travel sample, newest last."""
    table = load_sample("travel")
    dataset = TableLibrary(store.layout.home / "datasets").add(table)
    rows = stored_fidelity.store(store, table, dataset, stored_fidelity.report())
    check = stored_privacy.store_report(store, stored_privacy.report(), rows)
    meters = stored_privacy.store_self_test(store, stored_privacy.self_test(), dataset)
    study = stored.store_study(store, stored.study(), dataset, {"arms": ["trees"]})
    return {"lift": study, "generate": rows, "privacy": check, "self_test": meters}


def made(store, **spec) -> tuple[str, dict]:
    folder = store.layout.draft("0" * 32)
    folder.mkdir(parents=True)
    report.run(spec, folder, SILENT)
    return (folder / "report.html").read_text("utf-8"), json.loads((folder / "report.json").read_text("utf-8"))


def test_the_folder_holds_the_page_and_its_facts(store, runs):
    branding.write(Branding(agency="Atelier", client="Nobody", accent="#123456"), store.layout.home)
    page, facts = made(store, runs=[r.id for r in runs.values()], client="Acme & Sons", title="Spring")
    assert "For Acme &amp; Sons" in page and "Atelier" in page and "#123456" in page and "<h1>Spring</h1>" in page
    assert facts["findings"][0]["word"] == "No evidence" and len(facts["findings"]) == 3
    assert facts["client"] == "Acme & Sons" and facts["bytes"] == len(page.encode()) and not facts["pdf"]
    assert runs["lift"].dataset in page and "abc123" in page  # fingerprints of the table and of the holdout
    assert "simulated" in page  # the sample is no client's table
    assert len(page.encode()) < 8e6
    assert sorted(p.name for p in store.layout.draft("0" * 32).iterdir()) == ["report.html", "report.json"]


def test_the_same_runs_in_any_order_are_the_same_report(store, runs):
    ids = [r.id for r in runs.values()]
    assert composing.html_of(store.layout.home, ids) == composing.html_of(store.layout.home, ids[::-1])


def test_nothing_gone_unfinished_or_foreign_goes_in(store, runs, tmp_path):
    home = store.layout.home
    with pytest.raises(ReportError, match="at least one"):
        composing.html_of(home, [])
    with pytest.raises(RunError, match="deleted"):
        composing.html_of(home, ["f" * 32])
    waiting = stored_privacy.store_run(store, "privacy", {"dataset": None}, state="failed", error="No.")
    with pytest.raises(RunError, match="no result"):
        composing.html_of(home, [waiting.id])
    frozen = stored_journeys.store_run(store, "stress", {})
    store.layout.published(frozen.id).mkdir(exist_ok=True)
    with pytest.raises(ReportError, match="nothing that a report can show"):
        composing.html_of(home, [frozen.id])
    other = Store(tmp_path, owner="a" * 32)
    with pytest.raises(RunError, match="deleted"):
        composing.html_of(other.layout.home, [runs["lift"].id])


def test_a_removed_table_is_told(store, runs):
    TableLibrary(store.layout.home / "datasets").remove(runs["lift"].dataset)
    assert "a table that has been removed" in composing.html_of(store.layout.home, [runs["lift"].id])


def test_private_rows_bring_their_certificate_and_no_exact_number(store, runs):
    dataset = runs["lift"].dataset
    private = stored_budget.store_private(store, dataset)
    page, facts = made(store, runs=[private.id])
    assert "A mathematical bound" in page and "Outside the guarantee" in page
    page = page.split("<script>")[0]  # Plotly has numbers of its own
    assert dataset not in page and "1,200" not in page  # neither the real rows' hash nor their exact number
    (finding,) = facts["findings"]
    assert "promise" in finding["question"]


def test_figures_beside_private_rows_are_marked(store, runs):
    private = stored_budget.store_private(store, runs["lift"].dataset)
    check = stored_privacy.store_report(store, stored_privacy.clean(), private)
    document = composing.document_of(store.layout.home, [check.id])
    assert document.parts[0].evidence[0].title == "Outside the guarantee"
    unmarked = composing.document_of(store.layout.home, [runs["privacy"].id])
    assert unmarked.parts[0].evidence[0].title != "Outside the guarantee"


def test_a_report_starts_with_the_study_its_rows_and_their_check(store, runs):
    listed, dataset = store.list(), runs["lift"].dataset
    every = {r.id for r in runs.values()}
    assert set(report_choice.proposed(listed, dataset)) == every
    assert set(report_choice.proposed(listed, dataset, runs["privacy"])) == every
    private = stored_budget.store_private(store, dataset)
    assert private.id not in report_choice.proposed(store.list(), dataset)
    assert report_choice.proposed(store.list(), dataset, private) == [private.id]
    grades = stored_journeys.store_grades(store, stored_journeys.grades())
    assert report_choice.proposed(store.list(), None, grades) == [grades.id]
    assert report_choice.proposed([], dataset) == []


def test_rows_of_another_generator_are_not_taken_for_those_of_the_study(store, runs):
    table = load_sample("travel")
    other = stored_fidelity.store(
        store, table, runs["lift"].dataset, stored_fidelity.report(0.1), title="other", generator="copula"
    )
    chosen = report_choice.proposed(store.list(), runs["lift"].dataset)
    assert other.id not in chosen and runs["generate"].id in chosen


def test_a_browser_that_prints_nothing_leaves_no_file(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("<p>page")
    for command in ("/bin/false", "/nonexistent", "/bin/cat"):
        monkeypatch.setattr(printing, "browser", lambda command=command: command)
        assert not printing.to_pdf(page, tmp_path / "page.pdf", timeout=5)
    monkeypatch.setattr(printing, "browser", lambda: None)
    assert not printing.to_pdf(page, tmp_path / "page.pdf")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_study_with_a_long_hostile_table_name_has_a_bounded_page(store, runs):
    bad = "<script>alert(1)</script>" * 20
    study = stored.store_study(
        store, stored.study(target=bad, verdict=replace(stored.study().verdict, sentence=f"About {bad}.")),
        runs["lift"].dataset, {"arms": []},
    )  # fmt: skip
    page = composing.html_of(store.layout.home, [study.id])
    assert "<script>alert" not in page and len(page.encode()) < 8e6
