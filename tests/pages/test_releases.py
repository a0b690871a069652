"""What comes out of sensitive columns, checked downloads and saved generators, as the pages show them."""

import io

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import workspace
from synth_core.generators import create, saving
from synth_core.progress import SILENT
from synth_core.runs.database import insert, move
from synth_core.tables import Release, Train, set_target, table_from_frame
from synth_core.tables.release import set_releases
from synth_core.tasks import generate
from tests.pages.opening import open_page, said

ROWS = 120


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


def people(release: Release | None = None):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{n:05d}" for n in range(ROWS)],
            "e_mail": [f"p{n}@agency.example" for n in range(ROWS)],
            "spend": rng.lognormal(3, 1, ROWS).round(2),
            "booked": rng.choice(["yes", "no"], ROWS),
        }
    )
    table = set_target(table_from_frame(frame), "booked")
    return set_releases(table, {"e_mail": release}) if release else table


def finished(generator: str, table=None, spoil=None):
    """A run that is done; ``spoil`` changes its synthetic rows afterwards."""
    dataset = workspace.library().add(table or people(Release.FAKE))
    spec = {"dataset": dataset, "generator": generator, "settings": {}, "rows": 60, "seed": 7, "holdout": 0.2}
    store, run = workspace.store(), f"{abs(hash(generator)):032x}"[:32]
    with store.database.transaction() as connection:
        insert(connection, run, "generate", spec, "rows", dataset, (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", "succeeded")
    folder = store.layout.published(run)
    folder.mkdir(parents=True)
    generate.run(spec, folder, SILENT)
    if spoil:
        rows = pd.read_parquet(folder / "synthetic.parquet")
        spoil(rows).to_parquet(folder / "synthetic.parquet", index=False)
    return store.get(run), folder


def result(run) -> AppTest:
    return open_page("Generate", run=run.id, dataset=run.dataset)


def downloads(app: AppTest) -> dict[str, bool]:
    """Label of every download, and whether it is closed."""
    return {b.proto.label: b.proto.disabled for b in app.get("download_button")}


def test_data_shows_what_will_come_out_before_anything_is_made():
    app = open_page("Data", dataset=workspace.library().add(people()))
    (ids, mails) = [b for b in app.selectbox if (b.key or "").startswith("release-")]
    assert (ids.value, mails.value) == (Release.FAKE, Release.DROP)
    assert mails.options == ["Blank", "Invented values", "Codes (hash)"] and ids.options[1] == "New ids"
    assert "such as `C" in said(app) and "no value in any row" in said(app)
    mails.select(Release.FAKE).run()
    assert not app.exception and "@example." in said(app)
    assert "p1@agency.example" not in said(app)
    (save,) = [b for b in app.button if b.key == "save-roles"]
    assert save.label == "Save what comes out"
    save.click().run()
    assert not app.exception
    stored = workspace.library().get(app.session_state["dataset"])
    assert stored.schema["e_mail"].comes_out is Release.FAKE


def test_a_table_without_such_columns_shows_no_such_section():
    table = people()
    frame = table.frame[["spend", "booked"]]
    app = open_page("Data", dataset=workspace.library().add(table_from_frame(frame)))
    assert not [b for b in app.selectbox if (b.key or "").startswith("release-")]
    assert "What comes out" not in " ".join(s.value for s in app.header)


def test_a_result_says_what_was_checked_and_how_real_rows_leave():
    run, folder = finished("copula")
    app = result(run)
    assert not app.error
    assert "no synthetic row holds a real value of customer\\_id, e\\_mail" in said(app)
    assert "no real value of these columns is left in the real rows either" in said(app)
    assert downloads(app) == dict.fromkeys(
        ["Synthetic rows (CSV)", "Synthetic rows (Parquet)", "Real + synthetic (CSV)", "Save generator"], False
    )
    assert saving.read_card(folder / "generator.zip").fidelity


def test_downloads_are_closed_where_real_values_are_among_the_rows():
    run, _ = finished("copula", spoil=lambda rows: rows.assign(e_mail=["p3@agency.example", *rows["e_mail"][1:]]))
    app = result(run)
    assert "“e_mail” in 1 row" in app.error[0].value and "The downloads are closed" in app.error[0].value
    closed = downloads(app)
    assert closed["Synthetic rows (CSV)"] and closed["Synthetic rows (Parquet)"] and closed["Real + synthetic (CSV)"]


def test_a_generator_that_cannot_be_saved_says_why():
    run, folder = finished("smotenc")
    app = result(run)
    assert "Save generator" not in downloads(app) and not (folder / "generator.zip").exists()
    assert "cannot be saved: SMOTE-NC mixes real rows" in said(app)


def test_rows_come_from_an_uploaded_generator():
    train = Train(people(Release.FAKE), np.arange(ROWS))
    content = io.BytesIO()
    generator = create("copula").fit(train, seed=1)
    saving.save(generator, content, table="people", seed=1)
    app = open_page("Generate", dataset=workspace.library().add(people()))
    assert "It holds no real row" in said(app)
    app.file_uploader(key="saved-generator").upload("g.zip", content.getvalue(), "application/zip").run()
    assert "trained on 120 rows of people" in said(app) and "## Not for" in said(app)
    app.number_input(key="saved-rows").set_value(30)
    app.number_input(key="saved-seed").set_value(7)
    app.button(key="saved-make").click().run()
    assert not app.exception and not app.error and "30 rows, seed 7" in said(app)
    shown = app.dataframe[0].value
    assert shown["spend"].tolist() == generator.sample(30, seed=7)["spend"].tolist()


def test_a_foreign_file_is_one_sentence():
    app = open_page("Generate", dataset=workspace.library().add(people()))
    app.file_uploader(key="saved-generator").upload("g.zip", b"a,b\n1,2\n", "application/zip").run()
    assert not app.exception and len(app.error) == 1
    assert "not a file of a saved generator" in app.error[0].value
