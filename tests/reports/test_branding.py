"""Names, logo and colour: kept in one file, checked on the way in and on the way out."""

import pytest

from synth_core.errors import ReportError
from synth_core.reports import branding
from synth_core.reports.branding import FILE, Branding, contrast, logo_of, read, readable, write

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize(
    "found",
    [
        Branding(),
        Branding("Atelier “North”", 'A "quoted" \\ client', "#102030", logo_of(PNG)),
        Branding("日本 \N{GRINNING FACE}", "= [x]\n# no", "#FFFFFF", logo_of(SVG)),
    ],
)
def test_what_is_written_is_read(found, tmp_path):
    write(found, tmp_path)
    assert read(tmp_path) == found
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_defaults_without_a_file(tmp_path):
    assert read(tmp_path) == Branding()


@pytest.mark.parametrize("colour", ["#FFFFFF", "#FFFF00", "#00FF88", "#808080"])
def test_pale_colours_are_darkened_until_they_can_be_read(colour):
    assert contrast(parts(colour)) < branding.CONTRAST <= contrast(parts(readable(colour)))


def test_contrast_is_that_of_the_standard():
    assert contrast([0, 0, 0]) == pytest.approx(21) and contrast([255, 255, 255]) == pytest.approx(1)
    assert contrast([0x76, 0x76, 0x76]) == pytest.approx(4.54, abs=0.01)  # the palest grey that WCAG 2 AA allows
    assert readable("#0B5A8F") == "#0B5A8F"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('accent = "red"', "#RRGGBB"),
        ('accent = "#12345"', "#RRGGBB"),
        ('accent = "#0B5A8F; } body { display: none"', "#RRGGBB"),
        ("agency = 5", "agency"),
        ('motto = "x"', "motto"),
        ("agency = ", FILE),
        (f'client = "{"x" * 200}"', "200 characters"),
        ('logo = "https://example.com/logo.png"', "logo"),
        ('logo = "data:text/html;base64,PGI+"', "logo"),
        ('logo = "data:image/png;base64,PGI+"', "PNG"),
        ("\udcff", FILE),
    ],
)
def test_bad_settings_are_told_in_words(content, said, tmp_path):
    (tmp_path / FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReportError, match=said):
        read(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "neither"),
        (b"<html><svg></svg></html>", "neither"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "neither"),
        (PNG + b"0" * branding.LARGEST, "bytes"),
        (b"", "neither"),
    ],
)
def test_bad_logos_are_told_in_words(content, said):
    with pytest.raises(ReportError, match=said):
        logo_of(content)
