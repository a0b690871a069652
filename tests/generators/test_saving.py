"""Saved generators: the same rows again, no real row and no sensitive value inside, and bad files refused in words."""

import io
import json
import pickle
import re
import struct
import zipfile

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import GeneratorError
from synth_core.generators import CATALOGUE, Generator, create, saving
from synth_core.tables import Release, Role, Train, set_roles, set_target, table_from_frame
from synth_core.tables.fakes import fake
from tests.generators.makers import case, quick

ROWS = 160


def _can_be_saved(name: str) -> bool:
    cls = type(create(name))
    return not name.startswith(("smote", "borderline", "adasyn")) and cls._state is not Generator._state


SAVED = [name for name in CATALOGUE if _can_be_saved(name)]
every_saved = pytest.mark.parametrize("name", SAVED)


def personal(release: Release | None = None) -> Train:
    """Rows of people: identifiers, e-mails, names, telephone numbers and remarks beside what is modelled."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=ROWS)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{n:05d}" for n in rng.permutation(90_000)[:ROWS]],
            "order_no": rng.permutation(900_000)[:ROWS] + 100_000,
            "email": [f"{user}@agency.example" for user in fake("user_name", ROWS, seed=1)],
            "guest_name": fake("name", ROWS, seed=2),
            "phone": [f"+49 170 {n:07d}" for n in rng.permutation(10**7 - 1)[:ROWS]],
            "remark": fake("text", ROWS, seed=3),
            "spend": np.exp(3 + x).round(2),
            "income": rng.normal(40_000, 9_000, ROWS).round(3),
            "visits": rng.poisson(3, ROWS),
            "city": rng.choice(["Köln", "Paris", "Rome"], ROWS),
            "booked": np.where(x + rng.normal(size=ROWS) > 0.4, "yes", "no"),
        }
    )  # fmt: skip
    table = table_from_frame(frame)
    table = set_roles(table, {"customer_id": Role.IDENTIFIER, "order_no": Role.IDENTIFIER})
    schema = table.schema
    for column in schema:
        if release and column.role in (Role.IDENTIFIER, Role.SENSITIVE, Role.FREE_TEXT):
            schema = schema.replace_column(column.name, release=release)
    table = type(table)(table.frame, schema, "people")
    return Train(set_target(table, "booked"), np.arange(ROWS))


def saved(name: str, train: Train) -> tuple[Generator, bytes]:
    generator = quick(name, updates=50).fit(train, seed=1)  # a file with fewer is refused
    buffer = io.BytesIO()
    saving.save(generator, buffer, table="people", seed=1, fidelity="close")
    return generator, buffer.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """Every part of the file, arrays unpacked too."""
    out = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            out[name] = archive.read(name)
    with zipfile.ZipFile(io.BytesIO(out["arrays.npz"])) as arrays:
        out |= {name: arrays.read(name) for name in arrays.namelist()}
    return out


def changed(content: bytes, **parts: bytes | None) -> io.BytesIO:
    """The file with some parts replaced; ``None`` leaves one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            part = parts.get(name.replace(".", "_"), archive.read(name))
            if part is not None:
                new.writestr(name, part)
    return out


def test_most_generators_can_be_saved():
    assert {"copula", "simulation"} <= set(SAVED)


@every_saved
@pytest.mark.parametrize(
    "which", ["missing values everywhere", "dates", "ids", "constant columns", "10,000 categories"]
)
def test_a_loaded_generator_makes_the_same_rows(name, which):
    train = case(which)
    generator, content = saved(name, train)
    again = saving.load(io.BytesIO(content))
    for seed in (3, 4):
        pd.testing.assert_frame_equal(again.sample(60, seed=seed), generator.sample(60, seed=seed))
    assert again.notes == generator.notes and type(again) is type(generator)


@pytest.mark.parametrize(
    ("name", "release"), [*((name, None) for name in SAVED), *(("copula", r) for r in Release), ("trees", Release.FAKE)]
)
def test_no_sensitive_value_and_no_row_is_in_the_file(name, release):
    train = personal(release)
    roles = {c.name: c.role for c in train.schema}
    assert [roles[c] for c in ("email", "guest_name", "phone", "remark")] == [Role.SENSITIVE] * 3 + [Role.FREE_TEXT]
    generator, content = saved(name, train)
    parts = members(content)
    for column in ("customer_id", "order_no", "email", "guest_name", "phone", "remark"):
        for value in train.frame[column].astype(str):
            # Digits of an id may stand inside a longer number by chance: only whole ones count.
            whole = re.compile(
                (rb"(?<![\d.])%s(?!\d|\.\d*[1-9])" if value.isdigit() else rb"%s") % re.escape(value.encode())
            )
            found = [part for part, data in parts.items() if whole.search(data)]
            assert not found, f"{column} {value} is in {found}"
            if column == "order_no":
                packed = (struct.pack("<q", int(value)), struct.pack("<d", float(value)))
                assert not any(p in data for p in packed for data in parts.values())
    _no_row(train, parts)
    pd.testing.assert_frame_equal(saving.load(io.BytesIO(content)).sample(40, seed=2), generator.sample(40, seed=2))


def _no_row(train: Train, parts: dict[str, bytes]) -> None:
    """No training row's numbers stand next to one another, in either order of storing, as doubles or as text."""
    numbers = train.frame[["spend", "income", "visits"]].astype(float)
    for _, row in numbers.iterrows():
        for first, second in (("spend", "income"), ("income", "visits")):
            pair = struct.pack("<dd", row[first], row[second])
            text = f"{row[first]!r}, {row[second]!r}".encode()
            assert not any(pair in data or text in data for data in parts.values())


def test_an_array_of_rows_would_be_found():
    train = personal()
    rows = train.frame[["spend", "income", "visits"]].to_numpy(dtype=float)
    with pytest.raises(AssertionError):
        _no_row(train, {"arrays": rows.tobytes()})


def test_the_copula_keeps_few_of_the_sorted_values():
    train = personal()
    _, content = saved("copula", train)
    incomes = set(train.frame["income"])
    state = members(content)
    kept = {v for part, data in state.items() if part.endswith(".npy") for v in np.load(io.BytesIO(data)).ravel()}
    assert len(kept & incomes) <= ROWS / 4


@pytest.mark.parametrize("name", ["smote", "smotenc", "borderline_smote", "adasyn"])
def test_the_smote_family_says_why_it_cannot_be_saved(name):
    with pytest.raises(GeneratorError, match="mixes real rows, so a saved one would hold them"):
        saved(name, case("plain"))


def test_what_is_not_fitted_cannot_be_saved():
    with pytest.raises(GeneratorError, match="not been fitted yet"):
        saving.save(create("copula"), io.BytesIO(), table="t", seed=1)


def test_nothing_but_constants_can_be_saved_too():
    frame = pd.DataFrame({"customer_id": [f"C{n:05d}" for n in range(60)], "country": "DE"})
    generator, content = saved("copula", Train(table_from_frame(frame), np.arange(60)))
    pd.testing.assert_frame_equal(saving.load(io.BytesIO(content)).sample(9, seed=2), generator.sample(9, seed=2))


def test_the_card_says_what_it_is():
    _, content = saved("copula", personal())
    card = saving.read_card(io.BytesIO(content))
    assert (card.title, card.table, card.rows, card.seed, card.target) == (
        "Gaussian copula",
        "people",
        ROWS,
        1,
        "booked",
    )
    assert {c["name"]: c.get("comes_out") for c in card.columns}["email"] == "blank"
    text = members(content)["card.md"].decode()
    for words in ("# Gaussian copula", "Business Source", "| email | sensitive | blank |", "close", "Not for"):
        assert words in text
    assert text == card.to_markdown()


def test_a_file_in_a_folder_and_settings_come_back(tmp_path):
    name = next((n for n in SAVED if any(s.choices for s in CATALOGUE[n].settings)), None)
    setting = next(s for s in CATALOGUE[name].settings if s.choices)
    other = next(c for c in setting.choices if c != setting.default)
    generator = create(name, **{setting.name: other}).fit(case("plain"), seed=1)
    saving.save(generator, tmp_path / "g.zip", table="t", seed=1)
    again = saving.load(tmp_path / "g.zip")
    assert getattr(again, setting.name) == other
    with pytest.raises(GeneratorError, match="no file of a saved generator"):
        saving.load(tmp_path / "other.zip")


@pytest.fixture(scope="module")
def content() -> bytes:
    return saved("copula", case("plain"))[1]


def test_foreign_files_are_refused(content):
    text = json.dumps({"format": "something else"}).encode()
    foreign = [io.BytesIO(data) for data in (b"a,b\n1,2\n", b"", pickle.dumps([1]))]
    foreign += [changed(content, card_md=None), changed(content, model_json=text), changed(content, model_json=b"[]")]
    for file in foreign:
        with pytest.raises(GeneratorError, match="not a file of a saved generator"):
            saving.load(file)


def test_newer_files_and_unknown_generators_are_refused(content):
    model = json.loads(members(content)["model.json"])
    for change, words in (({"version": 2}, "newer version"), ({"generator": "oracle"}, "does not have")):
        with pytest.raises(GeneratorError, match=words):
            saving.load(changed(content, model_json=json.dumps(model | change).encode()))


def test_damaged_files_are_refused(content):
    rng = np.random.default_rng(0)
    for at in rng.integers(100, len(content) - 300, 25):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        try:
            saving.load(io.BytesIO(bytes(broken)))
        except GeneratorError as refusal:
            assert str(refusal).endswith(".")
    for cut in (len(content) // 2, len(content) - 30):
        with pytest.raises(GeneratorError):
            saving.load(io.BytesIO(content[:cut]))
    model = json.loads(members(content)["model.json"])
    for part in ("preparer", "state", "settings", "notes"):
        for value in (None, {}, 7, "x"):
            if (part, value) in (("state", None), ("settings", {}), ("notes", {}), ("notes", "x")):
                continue
            with pytest.raises(GeneratorError):
                saving.load(changed(content, model_json=json.dumps(model | {part: value}).encode()))
    for text in (b"{", b"\xff\xfe", b"[" * 100_000):
        with pytest.raises(GeneratorError):
            saving.load(changed(content, model_json=text))


def test_objects_in_arrays_are_never_unpickled(content):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("it was unpickled",)

    arrays = io.BytesIO()
    np.savez(arrays, a0=np.array([Trap()], dtype=object))
    with pytest.raises(GeneratorError, match="damaged"):
        saving.load(changed(content, arrays_npz=arrays.getvalue()))


def test_zip_bombs_are_not_unpacked(content, monkeypatch):
    monkeypatch.setattr(saving, "MAX_BYTES", 2 * 2**20)
    with pytest.raises(GeneratorError, match="larger than 2 MB"):
        saving.load(changed(content, card_md=b"0" * 3 * 2**20))
    arrays = io.BytesIO()
    np.savez_compressed(arrays, a0=np.zeros(10**6))
    with pytest.raises(GeneratorError, match="damaged"):
        saving.load(changed(content, arrays_npz=arrays.getvalue()))


def test_an_array_that_promises_more_than_it_holds_is_refused(content):
    arrays = io.BytesIO()
    with zipfile.ZipFile(arrays, "w") as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
        )  # fmt: skip
        archive.writestr("a0.npy", header.getvalue() + b"\0" * 64)
    with pytest.raises(GeneratorError, match="damaged"):
        saving.load(changed(content, arrays_npz=arrays.getvalue()))
