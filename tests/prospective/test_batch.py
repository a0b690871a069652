"""Long files: the scores of :func:`score`, ranks and deciles over the whole file, in bounded memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import Cancelled, ScorerError
from synth_core.prospective import lead_files
from synth_core.prospective.batch import ranked, score_file
from synth_core.prospective.leads import check, read_leads
from synth_core.prospective.scorer import save
from tests.prospective.frozen import leads, scorer

ROOT = Path(__file__).resolve().parents[2]


def read(path) -> pd.DataFrame:
    return pd.read_csv(path, float_precision="round_trip", dtype={"enquiry_id": str})


@pytest.fixture
def parts(monkeypatch):
    """Files are cut into many parts."""
    monkeypatch.setattr(lead_files, "_BLOCK", 4_000)


def test_a_file_is_scored_as_in_memory(parts, tmp_path):
    rows = leads()
    rows.drop(columns="booked").to_csv(tmp_path / "leads.csv", index=False, sep=";")
    found = score_file(tmp_path / "leads.csv", scorer(), tmp_path / "scores.csv", id_column="enquiry_id")
    out, scores = read(tmp_path / "scores.csv"), scorer().score(rows)
    assert list(out) == [
        "enquiry_id", "score_reference", "score_arm", "decile_reference", "rank_reference", "decile_arm", "rank_arm",
    ]  # fmt: skip
    assert out["enquiry_id"].tolist() == rows["enquiry_id"].tolist()
    assert out[["score_reference", "score_arm"]].equals(scores)
    whole = check(scorer(), read_leads(tmp_path / "leads.csv", scorer(), name="leads.csv")[0])
    assert (found.rows, found.drift, found.drift_score) == (whole.rows, whole.drift, whole.drift_score)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["leads.csv", "scores.csv"]


def test_ranks_and_deciles():
    scores = np.random.default_rng(0).permutation(np.arange(100)) / 100
    found = ranked(pd.DataFrame({"score_reference": scores, "score_arm": np.zeros(100)}))
    assert found["rank_reference"].tolist() == (100 - scores * 100).round().astype(int).tolist()
    assert found.groupby("decile_reference").size().tolist() == [10] * 10
    assert found.groupby("decile_reference")["score_reference"].min().is_monotonic_decreasing
    assert found["rank_arm"].tolist() == list(range(1, 101))  # of equal scores the earlier row goes first
    few = ranked(pd.DataFrame({"score_reference": [0.1, 0.9, 0.5], "score_arm": [0.3, 0.2, 0.1]}))
    assert few["decile_reference"].tolist() == [7, 1, 4]


def test_ids_stay_text_and_no_formula_goes_out(parts, tmp_path):
    rows = leads().assign(enquiry_id=[f"{i:05d}" for i in range(len(leads()))])
    rows.loc[3, "enquiry_id"] = "=HYPERLINK(1)"
    rows.loc[[4, 5], "enquiry_id"] = "00002"
    found = score_file(rows, scorer(), tmp_path / "scores.csv", id_column="enquiry_id")
    out = read(tmp_path / "scores.csv")
    assert out["enquiry_id"][:6].tolist() == ["00000", "00001", "00002", "'=HYPERLINK(1)", "00002", "00002"]
    assert found.notes[-1] == "2 rows have ids that stood in the file before."


def test_what_cannot_be_scored_leaves_no_file(parts, tmp_path):
    rows = leads()
    rows.loc[150, "enquiry_id"] = " "
    (tmp_path / "leads.csv").write_text(rows.to_csv(index=False))
    with pytest.raises(ScorerError, match=r"“enquiry_id” is blank in lead 151 of “leads\.csv”"):
        score_file(tmp_path / "leads.csv", scorer(), tmp_path / "scores.csv", id_column="enquiry_id")
    with pytest.raises(ScorerError, match="has no column “id”"):
        score_file(tmp_path / "leads.csv", scorer(), tmp_path / "scores.csv", id_column="id")

    class Stop:
        def report(self, phase, step, total, **metrics):
            if phase == "scoring":
                raise Cancelled

    with pytest.raises(Cancelled):
        score_file(leads(), scorer(), tmp_path / "scores.csv", id_column="enquiry_id", progress=Stop())
    assert [p.name for p in tmp_path.iterdir()] == ["leads.csv"]


MEASURE = """
import json, resource, sys, time
from pathlib import Path
from synth_core.prospective.batch import score_file
from synth_core.prospective.scorer import load
frozen = load("scorer.zip")
base, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
found = score_file(Path(sys.argv[1]), frozen, "scores.csv", id_column="enquiry_id")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"rows": found.rows, "seconds": time.process_time() - began, "mb": (peak - base) / 1024}))
"""


def test_a_long_file_is_fast_and_needs_little_memory(tmp_path):
    """Measured in a process of its own, by the processor's time: 240,000 leads take hardly more than 60,000."""
    save(scorer(), tmp_path / "scorer.zip")
    header, *lines = leads().drop(columns="booked").to_csv(index=False).splitlines()
    body = [line.split(",", 1)[1] for line in lines]
    used = {}
    for rows in (60_000, 240_000):
        text = "\n".join(f"L{i:07d},{body[i % len(body)]}" for i in range(rows))
        (tmp_path / "leads.csv").write_text(f"{header}\n{text}\n")
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, "leads.csv"], cwd=tmp_path, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        used[rows] = json.loads(done.stdout)
        assert used[rows]["rows"] == rows
    assert 240_000 / used[240_000]["seconds"] > 50_000
    assert used[240_000]["mb"] - used[60_000]["mb"] < 60  # 330 bytes a lead; reading all at once takes 2,000
    assert len(read(tmp_path / "scores.csv")) == 240_000
