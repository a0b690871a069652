"""The bundled demo brand: a house by tidal water, and four other voices on the same briefs."""

from __future__ import annotations

import csv
from pathlib import Path

from synth_core.errors import VoiceError
from synth_core.voice.records import Brand, Brief, Compliance, Line

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "voice"
NAME = "Ebb House"

BRIEF = Brief(
    about="Ebb House is a nine-room hotel on a tidal estuary, reached by ferry. Short lines for its website.",
    channel="headline",
    products=("the corner room", "the long table", "the boathouse", "the sauna", "the walled garden"),
    places=("the estuary", "the jetty", "the marsh path", "the dyke"),
    seasons=("spring", "summer", "autumn", "winter"),
    offers=("three nights for two", "the seventh supper"),
    actions=("Write to us", "Telephone after breakfast", "Ask for the ferry"),
    facts=("nine rooms", "since 1887", "Maren", "Ines", "Piet", "Otis", "the Petrel"),
)

COMPLIANCE = Compliance(
    banned=("luxury", "luxurious", "unforgettable", "nestled", "hidden gem", "paradise", "indulge", "cheap", "curated"),
    claims=("best", "award-winning", "guaranteed", "world-class", "unrivalled", "organic", "carbon neutral"),
    competitors=("Aurelle", "BaySaver", "Meridane", "Wreckers"),
    disclaimers=(("three nights for two", "until the geese go"),),
)


def demo(folder: str | Path = FOLDER) -> Brand:
    """The demo brand: 200 approved lines and 160 lines in four other voices, written for this product.

    Raises
    ------
    VoiceError
        The bundled files are not there (the package was installed without its ``assets``).
    """
    house, others = Path(folder) / "house.csv", Path(folder) / "others.csv"
    try:
        approved = tuple(Line(row["text"], NAME, row["brief"]) for row in _rows(house))
        contrast = tuple(Line(row["text"], row["voice"], row["brief"]) for row in _rows(others))
    except OSError as error:
        raise VoiceError(
            f"The demo brand's files were not found in {folder}. Start the studio from its own folder."
        ) from error
    return Brand(NAME, approved, contrast, BRIEF, COMPLIANCE)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
