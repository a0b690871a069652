"""Files that are no pack, or were made to do harm: each is refused in words, and nothing is stored."""

import io
import json
import stat
import struct
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from synth_core.errors import PackError, SynthError
from synth_core.reports import pack, pack_rows
from synth_core.runs import Store
from synth_core.tasks import results, unpacking
from tests.packs.makers import parts_of, zipped

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # shrinking a pack takes minutes and tells little
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("there"))


@pytest.fixture(scope="module")
def parts(content):
    return parts_of(content)


def refused(store: Store, content: bytes, words: str) -> None:
    with pytest.raises(PackError, match=words):
        unpacking.adopt(store, content)
    empty(store)


def empty(store: Store) -> None:
    """Nothing was stored, and nothing was left behind."""
    assert store.list() == []
    for name in ("runs", "scratch", "logs"):
        assert list((store.layout.home / name).iterdir()) == []


def entries(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(n, archive.read(n)) for n in archive.namelist()]


def resealed(parts: dict[str, bytes], changes: dict[str, object]) -> bytes:
    """A pack whose manifest fits, as somebody who means harm would make it; None leaves a part out."""
    new = {n: c if isinstance(c, bytes) else pack.to_json(c) for n, c in changes.items() if c is not None}
    return pack.sealed({n: c for n, c in {**parts, **new}.items() if changes.get(n, 0) is not None}, product="9.9")


def test_what_is_no_pack(store, content):
    for foreign in (b"", b"PK", b"GIF89a", b"id,age\n1,2\n", content[1:]):
        refused(store, foreign, "not a hand-over pack")
    refused(store, zipped([("a.txt", b"x")]), "not a hand-over pack")
    refused(store, zipped([("manifest.json", b'{"format": "something else"}')]), "not a hand-over pack")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_part_of_a_pack(store, content, share):
    refused(store, content[: int(share * len(content))], "not all of one")


@pytest.mark.parametrize(
    "name", ["../../evil.py", "/etc/passwd", "runs/../../x", "C:\\x", "runs/generate/../../../x", "__pycache__/a.pyc",
             "runs/generate/generator.zip", "synthetic.csv/"]
)  # fmt: skip
def test_names_that_no_pack_has(store, content, name, tmp_path):
    refused(store, zipped([*entries(content), (name, b"x")]), "no hand-over pack does")
    assert not (tmp_path.parent / "evil.py").exists()


def test_two_parts_of_one_name(store, content):
    with pytest.warns(UserWarning, match="Duplicate"):
        double = zipped([*entries(content), (pack.CSV, b"other")])
    refused(store, double, "two parts of one name")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO])
def test_links_and_folders(store, content, mode):
    odd = zipfile.ZipInfo(pack.CSV)
    odd.create_system, odd.external_attr = 3, (mode | 0o777) << 16
    rest = [e for e in entries(content) if e[0] != pack.CSV]
    refused(store, zipped([*rest, (odd, b"/etc/passwd")]), "link or a folder")


def test_ways_of_packing_that_ours_are_not(store, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in entries(content):
            archive.writestr(name, part)
    refused(store, buffer.getvalue(), "unknown way")
    refused(
        store,
        content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
        "encrypted",
    )


def test_a_changed_part_is_named(store, content):
    changed = [(n, c.replace(b"yes", b"no") if n == pack.CSV else c) for n, c in entries(content)]
    refused(store, zipped(changed), "“synthetic.csv” is not as it was")


def test_a_missing_part_is_named(store, content, parts):
    refused(store, zipped([e for e in entries(content) if e[0] != pack.CARD_JSON]), "“data_card.json” is missing")
    refused(store, resealed(parts, {pack.CARD_JSON: None}), "“data_card.json” is missing")
    refused(store, resealed(parts, {"runs/generate/run.json": None}), "is missing")
    refused(store, resealed(parts, {"runs/generate/fidelity.json": None}), "changed or damaged")
    refused(store, resealed(parts, {"runs/lift/study.json": None}), "changed or damaged")


@pytest.mark.parametrize(
    "manifest, words",
    [
        (b"{", "changed or damaged"),
        (b"[" * 100_000, "changed or damaged"),
        (b"\xff\xfe", "changed or damaged"),
        (b"[]", "not a hand-over pack"),
        (b'{"format": "synthetic-data-studio scorer", "version": 1}', "not a hand-over pack"),
        (b'{"format": "synthetic-data-studio pack", "version": true}', "not a hand-over pack"),
        (b'{"format": "synthetic-data-studio pack", "version": 2}', "newer version"),
        (b'{"format": "synthetic-data-studio pack", "version": 1}', "changed or damaged"),
        (b'{"format": "synthetic-data-studio pack", "version": 1, "product": "1", "files": {"x": 1}}', "missing"),
    ],
)
def test_manifests(store, content, manifest, words):
    rest = [e for e in entries(content) if e[0] != pack.MANIFEST]
    refused(store, zipped([*rest, (pack.MANIFEST, manifest)]), words)


def test_bombs(store, content, parts, monkeypatch):
    with monkeypatch.context() as limits:
        limits.setattr(pack, "MAX_UNPACKED", 2**20)
        bomb = zipped([*(e for e in entries(content) if e[0] != pack.CSV), (pack.CSV, b"0" * 2**21)])
        assert len(bomb) < 200_000
        refused(store, bomb, "Unpacked, this file is larger")
    with monkeypatch.context() as limits:
        limits.setattr(pack, "MAX_BYTES", 1_000)
        refused(store, content, "no hand-over pack is")
    with monkeypatch.context() as limits:
        limits.setattr(pack, "MAX_JSON", 100)
        refused(store, content, "changed or damaged")
    many = zipped([*entries(content), *((f"n{i}", b"") for i in range(2_000))])
    refused(store, many, "far more parts")


def test_a_part_that_says_it_is_smaller_than_it_is(store, content):
    at = content.rindex(b"synthetic.csv") - 46  # its entry in the list at the end
    size = struct.unpack_from("<I", content, at + 24)[0]
    for said in (10, size + 10, 2**32 - 2):
        lying = content[: at + 24] + struct.pack("<I", said) + content[at + 28 :]
        refused(store, lying, "damaged|larger than")


def test_a_list_elsewhere_in_the_file(store, content):
    refused(store, content + b"tail", "not all of one")
    refused(store, content[:-22] + b"PK\x06\x07" + b"\0" * 16 + content[-22:], "not all of one")
    commented = zipped(entries(content))
    refused(store, commented[:-2] + b"\x03\x00abc", "not all of one")


def changed_json(parts: dict[str, bytes], name: str, **values) -> dict[str, object]:
    return {name: {**json.loads(parts[name]), **values}}


RUN, SPEC = "runs/generate/run.json", {"dataset": "a" * 64, "generator": "trees", "settings": {}, "rows": 1, "seed": 1}


@pytest.mark.parametrize(
    "name, values",
    [
        (RUN, {"id": "../../../etc"}),
        (RUN, {"task": "lift"}),
        (RUN, {"task": "voice"}),
        (RUN, {"title": 7}),
        (RUN, {"extra": 1}),
        (RUN, {"table": {"name": "x"}}),
        (RUN, {"spec": {**SPEC, "holdout": 0.2, "dataset": "../../datasets/secret"}}),
        (RUN, {"spec": {**SPEC, "holdout": "0.2"}}),
        (RUN, {"spec": {**SPEC, "holdout": 0.2, "rows": True}}),
        (RUN, {"spec": SPEC}),
        ("runs/privacy/run.json", {"id": "no id"}),
        ("runs/lift/run.json", {"spec": {"arms": [1]}}),
        ("runs/generate/summary.json", {"delivered": 3}),
        ("runs/generate/summary.json", {"notes": "text"}),
        ("runs/generate/summary.json", {"rules": [{"short": "a"}]}),
        ("runs/generate/schema.json", {"columns": []}),
        ("runs/generate/schema.json", {"target": "none of them"}),
        ("runs/generate/fidelity.json", {"headline": ["x"]}),
        ("runs/generate/fidelity.json", {"features": [{}]}),
        ("runs/privacy/privacy.json", {"meters": None}),
        ("runs/privacy/privacy.json", {"matches": "many"}),
        ("runs/lift/study.json", {"arms": {}}),
        ("runs/lift/study.json", {"verdict": {"word": "wonderful", "sentence": "x"}}),
    ],
)
def test_results_that_are_none(store, parts, name, values):
    refused(store, resealed(parts, changed_json(parts, name, **values)), "damaged")


def test_a_schema_that_is_none(store, parts):
    name = "runs/generate/schema.json"
    schema = json.loads(parts[name])
    for column in ({"role": "emperor"}, {"name": 7}, {"kind": "blob"}, {"name": "city"}, {"format": 3}):
        columns = [{**schema["columns"][0], **column}, *schema["columns"][1:]]
        refused(store, resealed(parts, {name: {**schema, "columns": columns}}), "damaged")
    for odd in ([], "x", None, 3):
        refused(store, resealed(parts, {name: odd if odd is not None else b"null"}), "damaged")


def test_a_generator_of_a_newer_version(store, parts):
    spec = {**json.loads(parts[RUN])["spec"], "generator": "oracle"}
    refused(store, resealed(parts, changed_json(parts, RUN, spec=spec)), "“oracle”")


def test_a_certificate_that_was_put_in(store, parts, private):
    release = parts_of(private.pack())["runs/generate/release.json"]
    refused(store, resealed(parts, {"runs/generate/release.json": release}), "damaged")


def parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def test_rows_that_do_not_fit(store, parts, monkeypatch):
    rows = pd.read_parquet(io.BytesIO(parts[pack.PARQUET]))
    bad = [
        rows.drop(columns="city"), rows.assign(is_synthetic=False), rows.assign(is_synthetic="yes"), rows.iloc[:-1],
        rows.assign(age="old"), rows.assign(income=[[1.0]] * len(rows)), rows[rows.columns[::-1]],
    ]  # fmt: skip
    for frame in bad:
        refused(store, resealed(parts, {pack.PARQUET: parquet(frame)}), "damaged")
    for content in (b"", b"PAR1", b"PAR1" + b"\xff" * 200 + b"PAR1", parts[pack.PARQUET][:-9]):
        refused(store, resealed(parts, {pack.PARQUET: content}), "damaged")
    monkeypatch.setattr(pack_rows, "MAX_PARQUET", 1_000)
    refused(store, resealed(parts, {}), "unpack to more")


def test_a_failure_half_way_leaves_nothing(store, content, monkeypatch):
    def failing(folder, task, spec, found):
        raise OSError("no space left")

    fill = unpacking._fill
    monkeypatch.setattr(
        unpacking, "_fill", lambda found, task, spec, folder: failing(folder, task, spec, found)
        if task == "lift" else fill(found, task, spec, folder)
    )  # fmt: skip
    with pytest.raises(OSError, match="no space left"):
        unpacking.adopt(store, content)
    empty(store)


def test_opened_twice_it_says_so(content, tmp_path, made):
    there = Store(tmp_path)
    unpacking.adopt(there, content)
    with pytest.raises(PackError, match="opened here before"):
        unpacking.adopt(there, content)
    assert len(there.list()) == 3
    with pytest.raises(PackError, match="was made here"):
        unpacking.adopt(made.store, content)


@QUICK
@given(st.data())
def test_cut_and_flipped_bytes(content, data):
    """Only words, or the very same pack (a time stamp inside the ZIP is part of nothing)."""
    changed = bytearray(content[: data.draw(st.integers(0, len(content))) or len(content)])
    for _ in range(data.draw(st.integers(0, 4))):
        # Half of the changes in the list at the end, which is where a reader's mistakes are.
        low = data.draw(st.sampled_from([0, max(len(changed) - 2_000, 0)]))
        changed[data.draw(st.integers(low, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = pack.opened(bytes(changed))
    except SynthError as error:
        assert str(error).strip()
    else:
        assert found.parts == parts_of(content)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=5), st.just([]), st.just({}),
    st.just("../../x"), st.just("<script>alert(1)</script>"), st.just([[[]]]), st.just({"a": {"b": 1}}),
)  # fmt: skip


def put(tree, data) -> object:
    """``tree`` with one value somewhere in it replaced, left out or added."""
    while isinstance(tree, dict | list) and tree and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(tree) if isinstance(tree, dict) else range(len(tree))))
        if isinstance(tree[key], dict | list) and tree[key] and data.draw(st.integers(0, 5)):
            tree = tree[key]
        else:
            tree[key] = data.draw(ODD)
            return
    if isinstance(tree, dict):
        tree[data.draw(st.text(max_size=3))] = data.draw(ODD)


@QUICK
@given(st.data())
def test_changed_values_under_a_manifest_that_fits(store, parts, data):
    """Either words and nothing stored, or runs whose every result can be read."""
    name = data.draw(st.sampled_from(sorted(n for n in parts if n.startswith("runs/"))))
    tree = json.loads(parts[name])
    put(tree, data)
    content = resealed(parts, {name: tree})
    try:
        adopted = unpacking.adopt(store, content)
    except SynthError as error:
        assert str(error).strip()
    else:
        for task, run in adopted.items():
            LOADERS[task](store.folder(run.id))
            store.remove(run.id)
    empty(store)


LOADERS = {"generate": results.load_generate, "privacy": results.load_privacy, "lift": results.load_study}
