"""A page printed to PDF by a Chromium of this computer, without network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
)


def browser() -> str | None:
    """A Chromium that can print; None where there is none."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def to_pdf(page: Path, target: Path, *, timeout: float = 120.0) -> bool:
    """Print an HTML file; False where there is no browser, or it made nothing within ``timeout`` seconds.

    A browser's own sandbox needs rights that containers often do not give, so a second try goes without it: the page
    can run no script but ours and reach no network.
    """
    found = browser()
    if found is None:
        return False
    ends = time.monotonic() + timeout
    return any(_print(found, flags, page, target, ends - time.monotonic()) for flags in ((), ("--no-sandbox",)))


def _print(found: str, flags: tuple[str, ...], page: Path, target: Path, timeout: float) -> bool:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        draft = Path(profile) / "page.pdf"
        command = [found, *_FLAGS, *flags, f"--user-data-dir={profile}/profile", f"--print-to-pdf={draft}",
                   page.resolve().as_uri()]  # fmt: skip
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            process = subprocess.Popen(command, **quiet)
        except OSError:
            return False
        try:
            process.wait(max(timeout, 0))
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(process)
        if not draft.is_file() or draft.read_bytes()[:5] != b"%PDF-":
            return False
        half = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(draft, half)
        half.replace(target)
        return True


def _end(process: subprocess.Popen) -> None:
    """End the browser with its helpers."""
    try:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()
