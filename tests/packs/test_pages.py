"""A pack opened in a fresh workspace: the same figures on every page, without the real table."""

import pytest

from synth_core.runs import Store
from synth_core.tables import TableLibrary
from synth_core.tasks import unpacking
from tests.packs.makers import protected_values
from tests.pages.opening import alt_texts, buttons, open_page, said, words

ABSENT = "The real table is not in the hand-over pack"


@pytest.fixture
def here(made, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(made.store.workspace))
    return made


@pytest.fixture
def opened(content, tmp_path, monkeypatch):
    """The runs of the pack where nothing else is stored."""
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    return unpacking.adopt(Store(tmp_path), content)


def html(app) -> str:
    """Tables and banners of our own, styles left out."""
    return " ".join(e.proto.body for e in app.get("html") if "<style" not in e.proto.body)


def figures(page: str, run, **query) -> tuple[str, list[str]]:
    app = open_page(page, run=run.id, dataset=run.dataset, **query)
    return html(app), alt_texts(app)


def test_the_same_figures_on_every_page(made, content, tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(made.store.workspace))
    pages = {"Fidelity": "generate", "Privacy": "privacy", "Lift": "lift"}
    own = {"generate": made.rows, "privacy": made.check, "lift": made.study}
    before = {page: figures(page, own[task]) for page, task in pages.items()}
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    adopted = unpacking.adopt(Store(tmp_path), content)
    for page, task in pages.items():
        shown, alts = figures(page, adopted[task])
        assert (shown, alts) == before[page], page
        assert len(shown) > 100 and alts


def test_generate_shows_the_rows_and_says_what_cannot_be_done(opened, made):
    run = opened["generate"]
    app = open_page("Generate", run=run.id, dataset=run.dataset)
    text = words(app) + said(app)
    assert "200 of 200 requested rows made by Trees" in text and "bookings.csv" in text and "240 rows" in text
    assert ABSENT in text and "compared with it when the pack was made" in text
    assert "Also in this pack" in text and "Hand over as a pack" not in buttons(app)
    assert not {"Get a verdict", "Generate"} & buttons(app)
    labels = [d.proto.label for d in app.get("download_button")]
    assert labels == ["Synthetic rows (CSV)", "Synthetic rows (Parquet)"]
    shown = next(d.value for d in app.dataframe if "income" in d.value)
    assert len(shown) == 50 and not set(shown["customer_id"]) & set(protected_values(made.table))


def test_fidelity_says_that_pairs_need_the_real_rows(opened):
    run = opened["generate"]
    app = open_page("Fidelity", run=run.id, dataset=run.dataset)
    assert not {"Get a verdict", "Compare"} & buttons(app) and "See how they compare" not in words(app)
    app.session_state["fidelity-view"] = "Pairs"
    app.run()
    assert not app.exception and not app.error and f"{ABSENT}, and counting two columns together" in said(app)


def test_privacy_and_lift_offer_nothing_that_needs_the_real_rows(opened):
    check, study = opened["privacy"], opened["lift"]
    app = open_page("Privacy", run=check.id, dataset=check.dataset)
    assert not {"Check privacy", "Test the meters"} & buttons(app) and ABSENT in said(app)
    app = open_page("Lift", run=study.id, dataset=study.dataset)
    assert not {"Get a verdict", "Freeze both models for a prospective test"} & buttons(app) and ABSENT in said(app)
    assert "No evidence" in html(app)


def test_privacy_without_a_check_says_so(made, tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    run = unpacking.adopt(Store(tmp_path), made.pack(privacy=None))["generate"]
    app = open_page("Privacy", run=run.id, dataset=run.dataset)
    assert "nor is a privacy check of these rows" in said(app) and not app.error


def test_other_pages_do_not_look_for_the_table(opened):
    run = opened["generate"]
    app = open_page("Generate", run=run.id, dataset=run.dataset)
    assert "dataset" not in app.session_state
    again = next(b for b in open_page("Runs", run=run.id).button if b.label == "Run again")
    assert again.disabled and ABSENT in again.help
    assert "No finished study yet" in said(open_page("Prospective", view="freeze"))


def test_with_the_same_table_stored_everything_is_offered(opened, made, tmp_path):
    assert TableLibrary(tmp_path / "datasets").add(made.table) == opened["generate"].dataset
    app = open_page("Generate", run=opened["generate"].id, dataset=made.dataset)
    assert "Get a verdict" in buttons(app) and ABSENT not in said(app)
    assert "Real + synthetic (CSV)" in [d.proto.label for d in app.get("download_button")]


def test_rows_out_of_a_pack_are_not_packed_again(opened):
    app = open_page("Report", view="pack", run=opened["privacy"].id)
    assert "hand that pack on as it is" in said(app) and "Make pack" not in buttons(app)


def test_report_opens_packs_where_nothing_is_stored(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    app = open_page("Report", view="open")
    assert [u.proto.label for u in app.get("file_uploader")] == ["Hand-over pack"] and not app.error
    assert "Nothing has been generated yet" in said(open_page("Report", view="pack"))


def test_a_pack_is_made_and_offered(here):
    assert "Hand over as a pack" in buttons(open_page("Generate", run=here.rows.id, dataset=here.dataset))
    here.pack()
    app = open_page("Report", view="pack", run=here.study.id, dataset=here.dataset)
    assert "Make a new pack" in buttons(app)
    download = next(d for d in app.get("download_button") if d.proto.label.startswith("Download pack"))
    assert "kB" in download.proto.label and "check and verdict" in said(app)


def test_private_rows_come_with_their_certificate_and_nothing_else(private, tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    run = unpacking.adopt(Store(tmp_path), private.pack())["generate"]
    app = open_page("Generate", run=run.id, dataset=run.dataset)
    labels = [d.proto.label for d in app.get("download_button")]
    assert "Certificate (Markdown)" in labels and "Real + synthetic (CSV)" not in labels
    assert "ε = 2" in said(app) and not app.error
    assert not [c for c in app.checkbox if c.label.startswith("Also offer")]
    app = open_page("Fidelity", run=run.id, dataset=run.dataset)
    assert "outside its guarantee" in said(app) and not alt_texts(app) and not app.error
