"""Reload, cancel, kill: nothing stored is lost and the page always says what happened."""

import re
import time

import psutil
import pytest
from playwright.sync_api import expect

from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample
from tests.browser.conftest import choose, click

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def store(server):
    return Store(server.workspace)


@pytest.fixture
def dataset(server):
    return TableLibrary(server.workspace / "datasets").add(load_sample("travel"))


def spec(dataset: str, generator: str, rows: int = 1_000) -> dict:
    return {"dataset": dataset, "generator": generator, "settings": {}, "rows": rows, "seed": 7, "holdout": 0.2}


def start(store: Store, dataset: str, generator: str):
    return store.submit("generate", spec(dataset, generator), title=f"{generator} test", dataset=dataset)


def processes_of(run_id: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if any(run_id in part for part in p.info["cmdline"] or ())]


def wait_for(condition, seconds: float) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"still not so after {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.slow  # tests/runs/test_ends.py cancels every kind of work
def test_reload_in_the_middle_then_cancel_a_ctgan_run(server, page, store, dataset):
    page.goto(f"{server.url}/Generate?dataset={dataset}")
    choose(page, "Generator", "CTGAN")
    click(page, "Generate")
    expect(page.get_by_text(re.compile("Fitting.*left"))).to_be_visible(timeout=60_000)
    (run,) = store.list()

    page.reload()
    expect(page.get_by_text(re.compile("Fitting"))).to_be_visible()
    assert store.get(run.id).state == "running"

    assert processes_of(run.id)
    click(page, "Cancel")
    wait_for(lambda: not processes_of(run.id), 10)
    expect(page.get_by_text("This run was cancelled")).to_be_visible(timeout=10_000)
    assert store.get(run.id).state == "cancelled"


def test_a_killed_run_is_called_interrupted_and_can_be_run_again(server, page, store, dataset):
    run = start(store, dataset, "ctgan")
    page.goto(f"{server.url}/Generate?run={run.id}&dataset={dataset}")
    wait_for(lambda: store.get(run.id).state == "running", 60)
    for process in processes_of(run.id):
        process.kill()
    expect(page.get_by_text("This run was interrupted")).to_be_visible(timeout=15_000)
    click(page, "Run again")
    wait_for(lambda: store.list()[0].id != run.id, 15)
    again = store.list()[0]
    assert again.spec == run.spec
    store.cancel(again.id)


def test_a_killed_server_loses_nothing_and_the_run_finishes(server, page, store, dataset):
    page.goto(f"{server.url}/Generate?dataset={dataset}")
    click(page, "Generate")
    wait_for(lambda: store.list(), 15)
    run = store.list()[0]
    server.kill()
    wait_for(lambda: store.get(run.id).state == "succeeded", 90)

    server.start()  # cold: the first page it ever draws is this deep link, which skips app.py
    page.goto(f"{server.url}/Generate?run={run.id}&dataset={dataset}")
    expect(page.get_by_text("requested rows made by Trees")).to_be_visible()
    expect(page.get_by_role("link", name="Fidelity")).to_be_visible()
    page.goto(f"{server.url}/Fidelity?run={run.id}&dataset={dataset}")
    expect(page.get_by_text("Divergence per feature")).to_be_visible()


def test_an_unknown_run_in_the_address_is_one_sentence(server, page, dataset):
    page.goto(f"{server.url}/Generate?run=nothing&dataset={dataset}")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()


def test_a_table_is_deleted_with_its_runs_after_a_question(server, page, store, dataset):
    run = start(store, dataset, "trees")
    wait_for(lambda: store.get(run.id).state == "succeeded", 60)
    page.goto(f"{server.url}/Data?dataset={dataset}")
    click(page, "Delete table")
    expect(page.get_by_text("its runs (1), synthetic rows included")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    wait_for(lambda: not TableLibrary(server.workspace / "datasets").list(), 10)
    assert store.list() == []
    expect(page.get_by_text("Upload a table")).to_be_visible()
