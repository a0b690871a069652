"""Write the report of finished runs: one HTML file, and a PDF where a browser can print it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth_core.progress import Progress
from synth_core.reports import branding, printing, render
from synth_core.tasks.composing import document_of, version
from synth_core.tasks.places import workspace, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Compose, draw and print.

    Parameters
    ----------
    spec : dict
        ``runs`` (ids of finished runs), and optionally ``tests`` (ids of prospective tests), ``client`` and ``title``.
    folder : Path
        Receives ``report.html``, ``report.json`` (what it says in plain values), and ``report.pdf`` where a Chromium is
        found.
    progress : Progress

    Raises
    ------
    SynthError
        A run is gone, holds nothing to report, or the branding cannot be read.
    """
    progress.report("reading", 0, 1)
    home = workspace(folder)
    document = document_of(home, spec["runs"], tests=spec.get("tests", ()), title=spec.get("title", ""))
    look = branding.read(home)
    look = replace(look, client=spec.get("client", look.client))
    progress.report("reading", 1, 1)
    progress.report("writing", 0, 2)
    page = render(document, look).encode()
    (folder / "report.html").write_bytes(page)
    progress.report("writing", 1, 2)
    printed = printing.to_pdf(folder / "report.html", folder / "report.pdf")
    write_json(
        folder / "report.json",
        {
            "title": document.title,
            "subtitle": document.subtitle,
            "client": look.client,
            "agency": look.agency,
            "date": document.date,
            "findings": [
                {
                    "question": part.title,
                    "word": part.finding.word,
                    "sentence": part.finding.sentence,
                    "figures": list(part.finding.figures),
                }
                for part in document.parts
            ],
            "limits": list(document.limits),
            "record": [list(row) for row in (*document.data, *document.record)],
            "parts": {part.key: [list(row) for row in part.record] for part in document.parts},
            "bytes": len(page),
            "sha256": hashlib.sha256(page).hexdigest(),
            "pdf": printed,
            "version": version(),
        },
    )
    progress.report("writing", 2, 2)
