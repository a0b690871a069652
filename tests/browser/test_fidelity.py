"""A real table, two ways to make rows from it, both side by side, and a table made by another tool."""

import re
import time

import pandas as pd
import pytest
from playwright.sync_api import expect

from synth_core.runs import Store
from tests.browser.conftest import choose, click, download, settled
from tests.tables.makers import REAL, needs_real

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHURN = REAL / "telco_churn.csv"


def generate(page, generator: str) -> None:
    choose(page, "Generator", generator)
    click(page, "Generate")
    expect(page.get_by_text(f"4,000 of 4,000 requested rows made by {generator}")).to_be_visible(timeout=90_000)


def wait_until_done(store: Store) -> None:
    deadline = time.monotonic() + 90
    while any(r.state in ("queued", "running") for r in store.list()):
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.slow  # the page's tests have these steps without a browser
@needs_real
def test_two_runs_and_a_foreign_table_are_compared(server, page, tmp_path):
    page.goto(f"{server.url}/Data")
    real = pd.read_csv(CHURN).sample(1_600, random_state=2)
    real.to_csv(tmp_path / "churn.csv", index=False)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(tmp_path / "churn.csv"))
    expect(page.get_by_text("What each column is")).to_be_visible()
    choose(page, "Target: the column to predict", "Churn")
    click(page, "Save roles and target")
    click(page, "Generate synthetic rows")
    generate(page, "Trees")
    (trees,) = Store(server.workspace).list()
    page.goto(f"{server.url}/Generate?dataset={trees.dataset}")
    generate(page, "Gaussian copula")

    click(page, "See fidelity")
    expect(page.get_by_role("heading", name="Scores")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").nth(1)).to_be_visible()
    page.locator(".numbers summary").first.click()
    choose(page, "Compare with", "4,000 rows by Trees")
    page.keyboard.press("Escape")  # the list stays open for more
    expect(page.get_by_role("tab", name="Side by side", selected=True)).to_be_visible()
    expect(page.locator(".numbers").get_by_text("★ best").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"with={trees.id}"))
    page.reload()
    expect(page.locator(".numbers").get_by_text("★ best").first).to_be_visible()

    for tab, heading in (("Columns", "One column"), ("Pairs", "One pair"), ("All numbers", "Not available")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        settled(page)
        assert page.get_by_test_id("stAlert").count() == 0

    foreign = real.sample(1_000, random_state=1).drop(columns="gender")
    foreign = foreign.assign(tool="another")[[*sorted(foreign.columns, reverse=True), "tool"]]
    foreign.to_csv(tmp_path / "theirs.csv", index=False)
    page.get_by_text("Audit a table made elsewhere").click()
    training = pd.read_csv(download(page, "Training rows (CSV)").path())
    assert abs(len(training) - 0.8 * len(real)) < 20 and list(training) == list(real)
    assert not set(training["customerID"]) & set(real["customerID"])
    page.get_by_text("The whole table, or I do not know").click()
    settled(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(tmp_path / "theirs.csv"))
    expect(page.get_by_text("1,000 rows, 20 of the 21 columns")).to_be_visible()
    expect(page.get_by_text("ignored: tool")).to_be_visible()
    click(page, "Audit this table")
    wait_until_done(Store(server.workspace))
    expect(page.get_by_text("was made elsewhere: 1,000 rows")).to_be_visible()
    page.get_by_role("tab", name="All numbers").click()
    expect(page.get_by_text(re.compile("gender: not in the synthetic table"))).to_be_visible()
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_text("Each run is a process of its own")).to_be_visible()
