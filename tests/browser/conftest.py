"""A real server and a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, TimeoutError, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]


class Server:
    """``streamlit run app.py`` on a free port with a workspace of its own; can be killed and started again."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.options: tuple[str, ...] = ()
        self.settings: dict[str, str] = {}
        self.process: subprocess.Popen | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port), *self.options]
        environment = {**os.environ, "STUDIO_WORKSPACE": str(self.workspace), "OMP_NUM_THREADS": "1", **self.settings}
        with (self.workspace / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--server.address", "127.0.0.1", *self.options],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """``kill -9``."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="session")
def one_server(tmp_path_factory):
    """A server for all tests: starting one takes longer than most of them. Its workspace is a link."""
    found = Server(tmp_path_factory.mktemp("server") / "workspace")
    yield found
    found.kill()


@pytest.fixture
def server(one_server, tmp_path):
    """The server with an empty workspace of this test's own; one that the test before has killed is started again."""
    one_server.workspace.unlink(missing_ok=True)
    one_server.workspace.symlink_to(tmp_path, target_is_directory=True)
    if one_server.process is None:
        one_server.start()
    return one_server


@pytest.fixture(scope="module")
def chromium():
    """A browser for one file: while it is open its event loop is in the way of tests that have one of their own."""
    path = next((p for name in BROWSERS if (p := shutil.which(name))), None)
    if path is None:
        message = "no Chromium on this machine: install Debian's chromium package"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page that fails the test if the app ever shows an exception."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    expect.set_options(timeout=15_000)  # a cold server on a busy machine took more than the usual 5 s
    yield page
    assert page.get_by_test_id("stException").count() == 0
    context.close()


CALM = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const now = performance.now();
    if (app?.dataset.testScriptState !== "notRunning") window.calmSince = undefined;
    else window.calmSince ??= now;
    return now - window.calmSince > 500;
}"""


def settled(page: Page) -> None:
    """Wait until the page's script has stopped, and for half a second more: a click takes a moment to start one."""
    page.evaluate("window.calmSince = undefined")
    page.wait_for_function(CALM)


def choose(page: Page, label: str, option: str) -> None:
    """Pick ``option`` in the select box called ``label`` by typing, as its list closes when the page scrolls.

    The list closes, too, when the page is drawn again under it, so on a busy machine it may take a second try.
    """
    box = page.get_by_role("combobox", name=label, exact=True)
    entry = page.get_by_role("option", name=option, exact=True)
    for last in (False, False, True):
        settled(page)
        box.click()
        box.fill(option)
        try:
            entry.click(timeout=30_000 if last else 5_000)
            break
        except TimeoutError:
            if last:
                raise
            page.keyboard.press("Escape")
    settled(page)


def click(page: Page, name: str) -> None:
    """Click the button called ``name``, as soon as it can be clicked."""
    button = page.get_by_role("button", name=name, exact=True).first
    expect(button).to_be_enabled()
    button.click()


def download(page: Page, name: str) -> Download:
    """What the button called ``name`` downloads; a click is lost when the page is drawn again under it."""
    for last in (False, False, True):
        settled(page)
        try:
            with page.expect_download(timeout=30_000 if last else 10_000) as found:
                click(page, name)
            return found.value
        except TimeoutError:
            if last:
                raise
    raise AssertionError("unreachable")


def try_sample(page: Page, server: Server) -> None:
    """Open the app and take the bundled table; returns once that is stored."""
    page.goto(server.url)
    click(page, "Try the travel sample")
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_enabled()
