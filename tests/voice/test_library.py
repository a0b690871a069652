"""Stored brands: versions, names, ids, damage, several writers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from synth_core.errors import VoiceError
from synth_core.voice.library import BrandLibrary, seed_hash
from synth_core.voice.records import Compliance, Line
from tests.voice.stand_in import house


@pytest.fixture
def library(tmp_path):
    return BrandLibrary(tmp_path / "brands")


def test_what_is_stored_comes_back(library):
    brand = house()
    brand_id = library.add(brand)
    assert library.get(brand_id) == brand
    info = library.list()[0]
    assert (info.id, info.name, info.version, info.approved, info.contrast) == (brand_id, "Ebb House", 1, 200, 160)
    assert info.exact == f"{brand_id}@1" == library.exact(brand_id)


def test_versions_stay(library):
    brand = house()
    brand_id = library.add(brand)
    changed = replace(brand, compliance=Compliance(banned=("boats",)))
    assert library.update(brand_id, changed) == 2
    assert library.get(brand_id) == changed and library.get(f"{brand_id}@1") == brand
    assert library.update(brand_id, changed) == 2, "the same content is no new version"
    assert library.update(f"{brand_id}@1", brand) == 3, "an update builds on the newest version"
    assert library.list()[0].version == 3 and library.list()[0].changed >= library.list()[0].created


def test_names_are_single_and_never_paths(library):
    library.add(house(name="../../etc"))
    other = library.add(house(name="Other"))
    with pytest.raises(VoiceError, match="already"):
        library.add(house(name="OTHER"))
    with pytest.raises(VoiceError, match="already"):
        library.update(other, house(name="../../ETC"))
    for name in ("", " ", "x" * 81):
        with pytest.raises(VoiceError, match="name"):
            library.add(house(name=name))
    assert {info.name for info in library.list()} == {"../../etc", "Other"}
    assert sorted(p.name for p in library.folder.parent.iterdir()) == ["brands"]


@pytest.mark.parametrize("bad", ["", "0" * 16, "../x", "0" * 16 + "@0", "0" * 16 + "@x", None, "a" * 16 + "@2"])
def test_unknown_ids(library, bad):
    library.add(house())
    with pytest.raises(VoiceError, match="not found"):
        library.get(bad)


def test_removed_is_gone_at_once(library):
    brand_id = library.add(house())
    library.remove(brand_id)
    assert library.list() == [] and list(library.folder.iterdir()) == []
    with pytest.raises(VoiceError):
        library.get(brand_id)


def test_damage_is_told_and_other_brands_stay(library):
    bad, good = library.add(house()), library.add(house(name="Good"))
    path = library.folder / bad / "v000001.json"
    path.write_text(path.read_text("utf-8")[:100], "utf-8")
    with pytest.raises(VoiceError, match="damaged"):
        library.get(bad)
    assert [info.id for info in library.list()] == [good]
    path.write_text(json.dumps({"brand": {"name": "x", "odd": 1}, "created": "2026-01-01T00:00:00+00:00"}), "utf-8")
    with pytest.raises(VoiceError, match="damaged"):
        library.get(bad)


def test_writers_at_once_lose_nothing(library):
    brand_id = library.add(house())
    brands = [house(compliance=Compliance(banned=(f"word{i}",))) for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        versions = list(pool.map(lambda brand: library.update(brand_id, brand), brands))
    assert sorted(versions) == list(range(2, 14))
    assert {library.get(f"{brand_id}@{v}").compliance.banned for v in versions} == {b.compliance.banned for b in brands}
    assert not [p for p in (library.folder / brand_id).iterdir() if p.name.startswith(".draft")]


def test_seed_hash_is_of_the_approved_lines():
    brand = house()
    assert seed_hash(brand) == seed_hash(replace(brand, name="x", contrast=()))
    assert seed_hash(brand) != seed_hash(replace(brand, approved=(*brand.approved, Line("New.", "x"))))
