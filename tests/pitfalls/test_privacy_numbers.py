"""Rows 23, 24, 50 and 51 of the pitfalls: what the privacy meters cost, divide by and say of themselves."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from synth_core import privacy
from synth_core.privacy import matches
from synth_core.privacy.census import census
from synth_core.tables.alignment import align
from tests.privacy.makers import divided, people

#: A whole report on many rows, in a process of its own; says how much more memory it took than the libraries alone.
MANY_ROWS = """
import json, resource
from synth_core import privacy
from tests.privacy.makers import divided, people
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
train, unseen, further = divided(people(60_000))
privacy.report(*divided(people(400)), seed=1)
before = peak()
report = privacy.report(train, unseen, further, seed=1)
print(json.dumps({"mb": peak() - before, "train": len(train), "synthetic": len(further),
                  "compared": report.sampled_train, "meters": {m.key: m.attacks for m in report.meters}}))
"""


@pytest.fixture(scope="module")
def rows():
    return divided(people(600))


@pytest.fixture(scope="module")
def copied(rows):
    train, unseen, _ = rows
    return privacy.report(train, unseen, train.frame, seed=1)


def test_distances_between_many_rows_take_little_memory_and_say_how_many_were_compared():
    done = subprocess.run([sys.executable, "-c", MANY_ROWS], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    product = found["train"] * found["synthetic"] * 8 / 2**20  # MB of all distances at once: 3 GB
    assert product > 3_000 and found["mb"] < 600
    assert found["compared"] > 0.9 * found["train"]
    assert found["meters"]["dcr"] == 5_000, "rows that look for their nearest record are a sample, and it is counted"


def test_exact_matches_over_many_columns_are_those_of_a_join():
    rng = np.random.default_rng(3)
    wide = pd.DataFrame({f"c{j}": rng.choice([-0.0, 0.0, 0.5, np.nan], 3_000) for j in range(120)})
    wide["group"] = rng.choice(["a", "b", None], 3_000)
    train, unseen, further = divided(wide, target=None)
    copies = train.frame.sample(40, random_state=1).assign(c0=lambda f: f["c0"].replace(0.0, -0.001))  # rounds to −0
    made = pd.concat([further, copies, copies.head(3)], ignore_index=True)
    found = matches.find(census(align(train, unseen, made), None))
    plain = [f.assign(**{c: f[c].round(1) + 0.0 for c in f if c != "group"}) for f in (made, train.frame)]
    joined = plain[0].merge(plain[1].drop_duplicates(), how="inner")
    assert found.rows == len(joined) == 43


def test_a_share_is_of_the_attacks_that_were_made_and_a_copy_reads_high(copied):
    assert copied.meter("linkability").attacks == copied.unique_train < 2_000
    assert copied.meter("attribute").attacks == copied.unique_train * len(copied.secrets)
    assert copied.meter("mia_distance").attacks == copied.unique_train
    for key in ("matches", "linkability", "attribute", "singling_out"):
        meter = copied.meter(key)
        successes = meter.value * meter.attacks
        assert successes == pytest.approx(round(successes), abs=1e-6) and meter.grade == "high", key


def test_descriptions_that_could_not_be_made_do_not_lower_the_share():
    """Few columns and levels: hardly any description fits one synthetic row only, so few attacks are made."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"x": rng.integers(0, 60, 400), "y": rng.choice(list("abcdefgh"), 400)})
    train, unseen, _ = divided(frame, target=None)
    report = privacy.report(train, unseen, train.frame, seed=1)
    meter = report.meter("singling_out")
    assert 0 < meter.attacks < 2_000
    assert meter.value * meter.attacks == pytest.approx(round(meter.value * meter.attacks), abs=1e-6)
    assert f"Of {meter.attacks:,} descriptions" in meter.sentence


def test_every_meter_says_which_way_is_good_against_what_and_where_it_comes_from(copied):
    assert len(copied.meters) == 8
    for meter in copied.meters:
        assert "Source: " in meter.formula, meter.key
        assert "ower is better" in meter.formula, meter.key
        assert meter.sentence.endswith(".") and meter.advice.endswith("."), meter.key
        assert meter.low <= meter.value <= meter.high and np.isfinite(meter.reference), meter.key
    for key in ("mia_distance", "mia_density"):
        assert copied.meter(key).reference == 0.5  # the chance line
        assert copied.meter(key).low > 0.5
