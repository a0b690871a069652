"""Whose report it is: names, logo and accent colour, kept in one settings file."""

from __future__ import annotations

import base64
import binascii
import os
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from synth_core.errors import ReportError

FILE = "branding.toml"
ACCENT = "#0B5A8F"
LONGEST = 120  #: characters of a name
LARGEST = 200_000  #: bytes of a logo
CONTRAST = 4.5  #: of the accent to white, at least (WCAG 2, AA)

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_DATA = re.compile(r"data:(image/(?:png|jpeg|svg\+xml));base64,([A-Za-z0-9+/=]+)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Branding:
    """How reports look and whom they name.

    Attributes
    ----------
    agency, client : str
        Empty where nobody is named.
    accent : str
        ``#RRGGBB``; darkened where white text on it could not be read.
    logo : str
        A ``data:`` address of a PNG, JPEG or SVG; empty for none.

    Raises
    ------
    ReportError
        A value cannot be used; the text says which.
    """

    agency: str = ""
    client: str = ""
    accent: str = ACCENT
    logo: str = ""

    def __post_init__(self) -> None:
        for name in ("agency", "client"):
            object.__setattr__(self, name, _name(name, getattr(self, name)))
        object.__setattr__(self, "accent", readable(self.accent))
        _check_logo(self.logo)


def logo_of(content: bytes) -> str:
    """The ``data:`` address of an uploaded logo.

    Raises
    ------
    ReportError
        It is too large, or neither PNG, JPEG nor SVG.
    """
    if len(content) > LARGEST:
        raise ReportError(
            f"The logo has {len(content):,} bytes; {LARGEST:,} are the most. Save it smaller, for example 400 pixels "
            "wide."
        )
    return f"data:{_kind(content)};base64,{base64.b64encode(content).decode()}"


def read(folder: Path) -> Branding:
    """The settings in ``folder``; the defaults where there are none.

    Raises
    ------
    ReportError
        The file cannot be read; the text says why.
    """
    path = Path(folder) / FILE
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Branding()
    except (OSError, ValueError) as error:  # TOML and UTF-8 errors are ValueErrors
        raise ReportError(f"The settings file {FILE} cannot be read: {error}. Correct or delete it.") from error
    known = [f.name for f in fields(Branding)]
    if unknown := [name for name in found if name not in known]:
        raise ReportError(f"The settings file {FILE} has an unknown entry, “{unknown[0]}”. It may hold: "
                          f"{', '.join(known)}.")  # fmt: skip
    if wrong := [name for name, value in found.items() if not isinstance(value, str)]:
        raise ReportError(f"In the settings file {FILE}, “{wrong[0]}” must be a text in quotes.")
    return Branding(**found)


def write(branding: Branding, folder: Path) -> None:
    """Keep ``branding`` in ``folder``, whole or not at all."""
    path = Path(folder) / FILE
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    draft.write_text("".join(f"{name} = {_quoted(value)}\n" for name, value in asdict(branding).items()), "utf-8")
    draft.replace(path)


def readable(colour: str) -> str:
    """``colour``, darkened until white on it, and it on white, can be read.

    Raises
    ------
    ReportError
        It is not written ``#RRGGBB``.
    """
    if not _COLOUR.fullmatch(colour):
        raise ReportError(f"The accent colour “{colour[:40]}” is not written as #RRGGBB, for example {ACCENT}.")
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    while contrast(parts) < CONTRAST:
        parts = [int(p * 0.95) for p in parts]
    return "#" + "".join(f"{p:02X}" for p in parts)


def contrast(parts: list[int]) -> float:
    """Contrast of red, green and blue (0 to 255) to white, by WCAG 2: 1 to 21."""
    linear = [c / 12.92 if (c := p / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for p in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _name(what: str, value: str) -> str:
    value = _UNSEEN.sub(" ", value).strip()
    if len(value) > LONGEST:
        raise ReportError(
            f"The name of the {what} has {len(value)} characters; {LONGEST} are the most. It begins “{value[:30]}”."
        )
    return value


def _check_logo(logo: str) -> None:
    if not logo:
        return
    found = _DATA.fullmatch(logo)
    try:
        content = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        content = b""
    if not found or not content or _kind(content) != found[1] or len(content) > LARGEST:
        raise ReportError("The stored logo is damaged or too large. Choose the file again.")


def _kind(content: bytes) -> str:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    text = content.lstrip(b"\xef\xbb\xbf").lower()
    if b"<svg" in text[:4000] and b"<!entity" not in text and text.rstrip().endswith(b"</svg>"):
        return "image/svg+xml"
    raise ReportError("The logo is neither a PNG, a JPEG nor a plain SVG file.")


def _quoted(value: str) -> str:
    """A TOML basic string; names hold no control characters, and a logo is plain ASCII."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
