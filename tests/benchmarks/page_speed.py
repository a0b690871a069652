"""How fast the app opens: server start to first page, and switches between pages, in real Chromium.

Run with ``python -m tests.benchmarks.page_speed``. The last line is one JSON object, seconds: ``first_page`` from
starting the server until the Start page is drawn, ``switches`` the slowest and median switch by a click in the
navigation, with a stored sample and a finished run.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import BROWSERS, FLAGS, Server, click

PAGES = {
    "Data": "What each column is",
    "Generate": "Locked holdout (% of rows)",
    "Fidelity": "Divergence per feature",
    "Privacy": "Do the meters work on this table?",
    "Lift": "Generators to test",
    "Runs": "Each run is a process of its own",
    "Start": "Five steps",
}


def switch(page: Page, name: str) -> float:
    """Seconds from the click until the page's own content is visible, on Fidelity until its last chart is drawn."""
    began = time.perf_counter()
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    expect(page.get_by_text(PAGES[name]).first).to_be_visible(timeout=30_000)
    if name == "Fidelity":
        expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=30_000)
    seconds = time.perf_counter() - began
    page.wait_for_timeout(1_000)  # a person looks before the next click
    return seconds


def main() -> None:
    chromium = next(p for name in BROWSERS if (p := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page()
        page.goto("about:blank")
        server = Server(Path(folder))
        began = time.perf_counter()
        server.start()
        page.goto(server.url)
        expect(page.get_by_text(PAGES["Start"])).to_be_visible(timeout=30_000)
        first = time.perf_counter() - began
        try:
            click(page, "Try the travel sample")
            click(page, "Generate")
            expect(page.get_by_text("requested rows made")).to_be_visible(timeout=60_000)
            for name in PAGES:  # a first visit fills the caches, as a user's does
                switch(page, name)
            times = {name: [switch(page, name)] for name in PAGES}
            for name in PAGES:
                times[name].append(switch(page, name))
        finally:
            server.kill()
    every = [t for found in times.values() for t in found]
    figures = {
        "first_page": round(first, 2),
        "switch_median": round(statistics.median(every), 2),
        "switch_slowest": round(max(every), 2),
        "switches": {name: [round(t, 2) for t in found] for name, found in times.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
