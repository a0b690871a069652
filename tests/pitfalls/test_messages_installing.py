"""Rows 55 to 62 of the pitfalls, where no other test holds them: internals, messages, network, licences."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, requires
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from packaging.requirements import Requirement

from synth_core import fidelity
from synth_core.fidelity import coverage, pairs, shape
from synth_core.fidelity.scores import ADHERENCE_FORMULA, PAIRS_FORMULA, SHAPE_FORMULA
from synth_core.generators import create
from synth_core.generators.registry import CATALOGUE
from synth_core.tables import Train, load_sample, set_target, table_from_frame
from tests.voice.test_no_network import GUARD

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compared():
    """A report on rows that are far from the real ones in some columns."""
    split = load_sample("travel").split(holdout=0.25, seed=4)
    made = split.train.frame.sample(500, replace=True, random_state=1).reset_index(drop=True)
    made["channel"] = made["channel"].iloc[0]
    return fidelity.report(split.train, split.holdout, made, seed=4)


@pytest.mark.parametrize(
    ("key", "formula", "of_column"),
    [
        ("shape", SHAPE_FORMULA, lambda measures: measures.shape),
        ("adherence", ADHERENCE_FORMULA, lambda measures: measures.adherence),
    ],
)
def test_the_average_shown_is_the_average_of_what_is_shown(compared, key, formula, of_column):
    (score,) = [s for s in compared.scores if s.key == key]
    assert score.formula == formula and formula.startswith("Mean over all columns.")
    held = [of_column(f.holdout) for f in compared.features]
    assert score.reference == pytest.approx(np.mean(held))
    shown = np.mean([of_column(f.synthetic) for f in compared.features])
    said = re.match(r"On ([\d,]+) synthetic rows (\d\.\d{3})\.", score.sentence)
    assert float(said[2]) == pytest.approx(shown, abs=6e-4)


def test_the_average_of_pairs_is_that_of_the_pairs_listed(compared):
    (score,) = [s for s in compared.scores if s.key == "pairs"]
    assert score.formula == PAIRS_FORMULA and pairs.FORMULA in PAIRS_FORMULA
    assert score.value == pytest.approx(np.mean([p.similarity for p in compared.associations.pairs]))


def test_formulas_stand_beside_the_code_and_reach_the_report(compared):
    assert compared.formulas["shape"] == shape.FORMULA and compared.formulas["coverage"] == coverage.FORMULA
    assert all(s.formula and s.sentence for s in compared.scores)


def test_every_score_has_direction_reference_sentence_and_source(compared):
    for score in compared.scores:
        assert score.better in ("lower", "higher", "0.5", "1"), score.key
        assert score.sentence.endswith(".") and "Source: " in score.formula, score.key
        assert score.value is None or score.reference is not None, score.key


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_all_numbers_all_categories_and_one_column(name):
    rng = np.random.default_rng(9)
    y = rng.choice(["a", "b"], 140)
    tables = {
        "numbers": {"p": rng.normal(size=140), "q": rng.poisson(5, 140)},
        "categories": {"p": rng.choice(list("uvw"), 140), "q": rng.choice([f"k{i}" for i in range(75)], 140)},
        "one": {"p": rng.normal(size=140).round(2)},
    }
    settings = {"ctgan": {"steps": 50}, "tvae": {"steps": 50}, "dp_mst": {"epsilon": 10.0}}.get(name, {})
    for which, columns in tables.items():
        table = set_target(table_from_frame(pd.DataFrame({**columns, "y": y})), "y")
        made = create(name, **settings).fit(Train(table, np.arange(140)), seed=1).sample(25, seed=1)
        assert len(made) == 25 and list(made.columns) == [*columns, "y"], which
        assert dict(made.dtypes) == dict(table.frame.dtypes), which
        if not CATALOGUE[name].private:
            assert all(set(made[c].dropna()) <= set(columns[c]) for c in columns if which == "categories")


MAIN_PATH = """
from synth_core import fidelity, lift, privacy, read_table
from synth_core.generators import create
from synth_core.tables import load_sample, to_csv_bytes
table = load_sample("travel")
again = read_table(to_csv_bytes(table.frame, table.schema), target=table.target)
split = again.take(range(260)).split(holdout=0.3, seed=7)
for name, settings in [("trees", {}), ("smotenc", {}), ("copula", {}), ("tvae", {"steps": 50}),
                       ("dp_mst", {"epsilon": 5.0})]:
    made = create(name, **settings).fit(split.train, seed=7).sample(200, seed=7)
    assert len(made) == 200
    print(name)
fidelity.report(split.train, split.holdout, made, seed=7)
privacy.report(split.train, split.holdout, made, seed=7)
lift.study(split, arms=["trees"], rows=100, folds=2, repeats=1, seed=7)
print("done")
"""

PAGES = """
import os
from streamlit.testing.v1 import AppTest
from pages.ui import workspace
from pages.ui.frame import path_of
from synth_core.tables import load_sample
dataset = workspace.library().add(load_sample("travel"))
for name in ("Start", "Data", "Generate", "Fidelity", "Privacy", "Lift", "Budget", "Runs", "Guide", "Report"):
    if not path_of(name).exists():
        continue
    app = AppTest.from_file(str(path_of(name)), default_timeout=60)
    app.query_params["dataset"] = dataset
    app.run()
    assert not app.exception and not app.error, name
    print(name)
print("done")
"""


@pytest.mark.parametrize("work", [MAIN_PATH, PAGES], ids=["library", "pages"])
def test_the_main_path_asks_no_network(work, tmp_path):
    """Any look-up or connection ends the process with code 9 (tests/voice/test_no_network.py tries the guard)."""
    import os

    ended = subprocess.run(
        [sys.executable, "-c", GUARD + work], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
        env={**os.environ, "STUDIO_WORKSPACE": str(tmp_path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.split()[-1] == "done"


def dependencies() -> list[str]:
    """Every package that comes with an installation, without extras."""
    found, todo = set(), ["synthetic-data-studio"]
    while todo:
        name = todo.pop()
        try:
            wanted = requires(name) or []
        except PackageNotFoundError:
            continue  # of another platform
        for text in wanted:
            requirement = Requirement(text)
            key = re.sub(r"[-_.]+", "-", requirement.name).lower()
            if (requirement.marker is None or requirement.marker.evaluate({"extra": ""})) and key not in found:
                found.add(key)
                todo.append(key)
    return sorted(found)


def licence(name: str) -> str:
    about = distribution(name).metadata
    stated = about.get("License-Expression") or ""
    kinds = [c.rsplit("::", 1)[1].strip() for c in about.get_all("Classifier") or () if c.startswith("License ::")]
    return stated or "; ".join(kinds) or (about.get("License") or "").strip()[:200]


PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Unlicense|HPND|Zlib|CNRI|ZPL|CC0)\b", re.I
)
STRONG = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.I)


def test_licences_are_as_the_readme_states():
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index("## Licences") :]
    others, odd = [], []
    for name in dependencies():
        try:
            stated = licence(name)
        except PackageNotFoundError:
            continue
        if "BUSL" in stated or "Business Source" in stated:
            others.append(name)
        elif not PERMISSIVE.search(stated) or STRONG.search(stated):
            odd.append((name, stated))
    assert others, "SDV is a dependency"
    assert all(f"`{name}`" in section for name in others), others
    assert all(f"`{name}`" in section for name, _ in odd), odd


def test_only_the_copula_needs_a_restricted_library():
    assert [n for n, e in CATALOGUE.items() if e.library] == ["copula"]


def test_every_dependency_is_bounded_and_installed_within_its_bounds():
    unbounded = []
    for text in requires("synthetic-data-studio"):
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        assert requirement.specifier.contains(distribution(requirement.name).version, prereleases=True), text
        if not str(requirement.specifier):
            unbounded.append(text)
    assert unbounded == []
    assert "sdv" in packages_distributions()
