"""The catalogue: lazy, checked, and usable without SDV."""

import subprocess
import sys

import pytest

from synth_core.errors import GeneratorError
from synth_core.generators import CATALOGUE, create

WITHOUT_SDV = """
import sys
for name in ("sdv", "ctgan", "rdt", "copulas"):
    sys.modules[name] = None
import numpy as np, pandas as pd
from synth_core import fidelity, lift
from synth_core.tables import set_target, table_from_frame
rng = np.random.default_rng(0)
x = rng.normal(size=200)
frame = pd.DataFrame({"x": x, "city": rng.choice(["a", "b"], 200), "y": (x + rng.normal(size=200) > 0).astype(int)})
split = set_target(table_from_frame(frame), "y").split(seed=1)
from synth_core.generators import create
made = create("trees").fit(split.train, seed=1).sample(50, seed=1)
fidelity.report(split.train, split.holdout, made, seed=1)
study = lift.study(split, arms=["trees", "smotenc"], rows=50, folds=2, repeats=1, seed=1, n_jobs=1)
print(study.verdict.word)
"""


def test_trees_smote_fidelity_and_lift_work_without_sdv():
    done = subprocess.run([sys.executable, "-c", WITHOUT_SDV], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("helps", "hurts", "no evidence")


def test_the_catalogue_imports_no_heavy_library():
    code = "import sys, synth_core.generators; print({'torch', 'sdv', 'imblearn', 'ctgan'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_and_the_classes_agree(name):
    generator = create(name)
    entry = CATALOGUE[name]
    assert (generator.name, generator.title, generator.needs_classes) == (name, entry.title, entry.needs_classes)
    for setting in entry.settings:
        create(name, **{setting.name: setting.default})


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("tree", {}, "no generator called “tree”"),
        ("trees", {"depth": 3}, "no setting called “depth”"),
        ("trees", {"min_leaf": 1}, "choose 2 to 200"),
        ("trees", {"min_leaf": "many"}, "choose 2 to 200"),
        ("trees", {"min_leaf": True}, "choose 2 to 200"),
        ("smote", {"classes": "rare"}, "choose all or minority"),
        ("ctgan", {"steps": 1}, "choose 50 to 20,000"),
    ],
)
def test_a_setting_outside_its_limits_is_refused_in_words(name, settings, words):
    with pytest.raises(GeneratorError, match=words):
        create(name, **settings)
