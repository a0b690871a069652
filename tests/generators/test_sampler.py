"""The generators as an imbalanced-learn sampler: its contract, what comes back, and who labels."""

import subprocess
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from imblearn.pipeline import make_pipeline
from imblearn.utils.estimator_checks import parametrize_with_checks
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import OneHotEncoder

from synth_core.errors import GeneratorError, SchemaError, TableError
from synth_core.generators import AugmentingSampler, sampler

ROWS = 200


@pytest.fixture
def mixed() -> tuple[pd.DataFrame, pd.Series]:
    """Columns of many dtypes with gaps, an index out of order, and a class that a number and a text tell."""
    rng = np.random.default_rng(3)
    y = rng.random(ROWS) < 0.2
    days = rng.integers(0, 300, ROWS)
    frame = pd.DataFrame(
        {
            "spend": np.where(rng.random(ROWS) < 0.1, np.nan, rng.gamma(2, 10, ROWS) + 30 * y),
            "small": rng.normal(size=ROWS).astype("float32"),
            "visits": rng.integers(0, 200, ROWS).astype("uint8"),
            "opened": rng.random(ROWS) < 0.5,
            "consent": pd.array(rng.choice([True, False, None], ROWS), dtype="boolean"),
            "nights": pd.array(rng.choice([1, 2, 30, None], ROWS), dtype="Int64"),
            "tier": pd.Categorical(rng.choice(["low", "high"], ROWS), ["low", "high", "top"], ordered=True),
            "code": pd.Categorical(rng.choice([1, 2, 9], ROWS)),
            "city": np.where(y, "Rome", rng.choice(np.array(["Paris", "N/A", None], dtype=object), ROWS)),
            "board": pd.array(rng.choice(["full", "half", None], ROWS), dtype="string"),
            "price": [f"{v:.2f}" for v in rng.gamma(2, 10, ROWS)],
            "postcode": rng.choice(["06520", "00123"], ROWS),
            "booked": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D"),
            "paid": pd.Timestamp("2024-01-01", tz="Europe/Berlin") + pd.to_timedelta(days, unit="h"),
            "travels": [date(2024, 5, 1) + timedelta(int(d)) for d in days],
            "empty": np.nan,
            "country": "DE",
        },
        index=rng.permutation(ROWS) + 1_000,
    )
    return frame, pd.Series(np.where(y, "yes", "no"), frame.index, name="sold").astype("category")


@pytest.fixture
def numbers() -> tuple[np.ndarray, np.ndarray]:
    """Two numbers, of which the first tells the classes apart, one in five rows positive."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [160, 40])
    return rng.normal(size=(200, 2)) + np.c_[2 * y, 0 * y], y


@pytest.fixture
def three() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    y = np.repeat(["a", "b", "c"], [100, 60, 20])
    return rng.normal(size=(180, 2)) + np.repeat([0.0, 2.0, 4.0], [100, 60, 20])[:, None], y


@parametrize_with_checks([AugmentingSampler(labels="own", random_state=0)])
def test_imbalanced_learns_own_checks_pass_with_trees(estimator, check):
    """All that apply to a sampler of dense tables; none is expected to fail."""
    check(estimator)


@parametrize_with_checks([AugmentingSampler("smote", labels="own", random_state=0)])
def test_imbalanced_learns_own_checks_pass_with_smote(estimator, check):
    check(estimator)


def test_sparse_matrices_are_refused(numbers):
    with pytest.raises(TypeError, match=r"dense data is required.*toarray"):
        AugmentingSampler().fit_resample(sparse.csr_matrix(numbers[0]), numbers[1])


def test_importing_the_generators_does_not_import_imbalanced_learn():
    code = "import sys, synth_core.generators; sys.exit('imblearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("labels", ["own", "committee"])
def test_real_rows_come_first_and_untouched_and_classes_are_balanced(mixed, labels):
    frame, y = mixed
    before = frame.copy()
    more, y_more = AugmentingSampler(labels=labels, random_state=1).fit_resample(frame, y)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(more.head(ROWS), frame.reset_index(drop=True))
    pd.testing.assert_series_equal(y_more.head(ROWS), y.reset_index(drop=True))
    assert y_more.value_counts().nunique() == 1
    assert y_more.dtype == y.dtype and y_more.name == "sold"


def test_synthetic_cells_are_of_the_users_types_and_marks_for_missing(mixed):
    frame, y = mixed
    more, _ = AugmentingSampler(labels="own", rows=400, random_state=1).fit_resample(frame, y)
    new = more.iloc[ROWS:]
    assert (more.dtypes == frame.dtypes).all()
    assert set(new["city"]) == {"Rome", "Paris", "N/A", None}
    assert set(new["code"]) == {1, 2, 9} and set(new["nights"].dropna()) <= set(range(1, 31))
    assert set(new["postcode"]) == {"06520", "00123"} and set(new["tier"]) == {"low", "high"}
    assert set(new["price"].map(type)) == {str} and new["price"].str.fullmatch(r"\d+\.\d\d").all()
    assert set(new["travels"].map(type)) == {date}
    assert new["paid"].between(frame["paid"].min(), frame["paid"].max()).all()
    assert new["spend"].isna().mean() == pytest.approx(frame["spend"].isna().mean(), abs=0.06)
    assert new["empty"].isna().all() and (new["country"] == "DE").all()


def test_categories_that_look_like_numbers_are_not_mixed(numbers):
    frame = pd.DataFrame(numbers[0], columns=["a", "b"])
    frame["plan"] = pd.Categorical(np.random.default_rng(0).choice([1, 2, 9, 15, 26, 30, 41], 200))
    more, _ = AugmentingSampler("smote", "own", random_state=0).fit_resample(frame, numbers[1])
    assert more["plan"].dtype == frame["plan"].dtype and more["plan"].notna().all()


@pytest.mark.parametrize("labels", [[0, 1], [-1.0, 1.0], [False, True], ["NA", " x"], ["1", "0"], [7, 3]])
def test_labels_of_any_type_come_back(numbers, labels):
    x, y = numbers
    y = np.array(labels)[y]
    more, y_more = AugmentingSampler(labels="own", random_state=0).fit_resample(x, y)
    assert y_more.dtype == y.dtype and set(y_more) == set(labels)
    new = more[200:]
    assert (y_more[200:] == labels[1]).all() and new[:, 0].mean() == pytest.approx(x[160:, 0].mean(), abs=0.4)


@pytest.mark.parametrize("dtype", ["int64", "float32", "<U6", "object", "bool"])
def test_arrays_keep_their_dtype(numbers, dtype):
    x = (numbers[0] > 1).astype(int).astype(dtype)
    more, _ = AugmentingSampler(labels="own", rows=30, random_state=0).fit_resample(x, numbers[1])
    assert more.dtype == x.dtype and more.shape == (230, 2)
    assert set(more[200:].ravel()) <= set(x.ravel())


@pytest.mark.parametrize("labels", ["own", "committee"])
def test_the_same_seed_gives_the_same_rows(numbers, labels):
    found = [
        AugmentingSampler(labels=labels, random_state=seed).fit_resample(*numbers)[0]
        for seed in (4, 4, np.random.RandomState(4), 5)
    ]
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])
    assert not np.array_equal(found[0], found[3])


def test_it_works_in_a_pipeline_with_cross_validation(mixed):
    frame, y = mixed
    columns = make_column_transformer(
        (SimpleImputer(), ["spend", "visits", "small"]), (OneHotEncoder(handle_unknown="ignore"), ["tier", "postcode"])
    )
    pipeline = make_pipeline(AugmentingSampler(labels="own", random_state=0), columns, LogisticRegression())
    scores = cross_val_score(pipeline, frame, y, scoring="roc_auc", cv=3, error_score="raise")
    assert scores.mean() > 0.8
    settings = pipeline.get_params()
    assert settings["augmentingsampler__generator"] == "trees"
    assert clone(pipeline).set_params(augmentingsampler__rows=5).get_params()["augmentingsampler__rows"] == 5


def test_rows_adds_that_many_in_the_generators_own_class_mix(numbers):
    sampler_ = AugmentingSampler(labels="own", rows=2_000, random_state=0)
    _, y = sampler_.fit_resample(*numbers)
    assert len(y) == 2_200 and y[200:].mean() == pytest.approx(0.2, abs=0.03)
    assert sum(sampler_.sampling_strategy_.values()) == 2_000
    same, y_same = AugmentingSampler(rows=0).fit_resample(*numbers)
    assert np.array_equal(same, numbers[0]) and np.array_equal(y_same, numbers[1])


@pytest.mark.parametrize("strategy", [{"c": 50, "b": 70}, lambda y: {"c": 50, "b": 70}])
@pytest.mark.parametrize("generator", ["trees", "smote"])
def test_a_sampling_strategy_is_met_to_the_row(three, strategy, generator):
    found = AugmentingSampler(generator, "own", sampling_strategy=strategy, random_state=0)
    x, y = found.fit_resample(*three)
    assert dict(zip(*np.unique(y, return_counts=True), strict=True)) == {"a": 100, "b": 70, "c": 50}
    assert found.sampling_strategy_ == {"b": 10, "c": 30}
    for label, centre in (("b", 2), ("c", 4)):
        assert x[180:][y[180:] == label].mean() == pytest.approx(centre, abs=0.5)


def test_smote_is_told_when_only_the_rarest_class_is_wanted(numbers, three):
    found = AugmentingSampler("smote", "own", random_state=0)
    found.fit_resample(*numbers)
    assert found.generator_.classes == "minority"
    found.fit_resample(*three)
    assert found.generator_.classes == "all"
    found.set_params(generator_settings=(("neighbours", 3),)).fit_resample(*numbers)
    assert found.generator_.neighbours == 3


def test_the_committee_labels_against_the_generator(numbers):
    """Labels of a generator that knows nothing about them (shuffled features) are corrected by the committee."""
    x, y = numbers

    class Shuffled:
        """The generator's rows with labels drawn anew."""

        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def fit(self, train, *, seed):
            self.inner.fit(train, seed=seed)
            return self

        def sample(self, rows, *, seed):
            made = self.inner.sample(rows, seed=seed)
            return made.assign(**{"class": made["class"].sample(frac=1, random_state=seed).to_numpy()})

    def gap(labels):
        found = AugmentingSampler(labels=labels, rows=2_000, random_state=0)
        create = found._create
        found._create = lambda *given: Shuffled(create(*given))
        more, y_more = found.fit_resample(x, y)
        new, label = more[200:], y_more[200:]
        return new[label == 1, 0].mean() - new[label == 0, 0].mean()

    assert abs(gap("own")) < 0.2
    assert gap("committee") > 1.2  # 2 in the real rows


def _committee(monkeypatch, predict, classes=()):
    """A committee that says what the test wants."""
    stub = SimpleNamespace(target=SimpleNamespace(classes=classes), predict=predict)
    stub.fit = lambda train: stub
    monkeypatch.setattr(sampler, "Committee", lambda seed: stub)


@pytest.mark.parametrize("rarer", [0, 1])
def test_one_probability_is_that_of_the_positive_class_and_the_class_is_drawn(monkeypatch, numbers, rarer):
    _committee(monkeypatch, lambda frame: np.full(len(frame), 0.3))
    y = np.abs(numbers[1] - 1 + rarer)
    _, found = AugmentingSampler(rows=5_000, random_state=0).fit_resample(numbers[0], y)
    assert (found[200:] == rarer).mean() == pytest.approx(0.3, abs=0.03)  # the rarer class is the positive one


def test_several_probabilities_are_in_the_committees_order_of_classes(monkeypatch, three):
    order = ("class 00002", "class 00000", "class 00001")
    _committee(monkeypatch, lambda frame: np.tile([0.6, 0.3, 0.1], (len(frame), 1)), order)
    _, y = AugmentingSampler(rows=5_000, random_state=0).fit_resample(*three)
    shares = pd.Series(y[180:]).value_counts(normalize=True)
    assert shares["c"] == pytest.approx(0.6, abs=0.03) and shares["a"] == pytest.approx(0.3, abs=0.03)


def test_a_committee_that_takes_two_classes_only_says_so(monkeypatch, three):
    def refuse(train):
        raise SchemaError("two classes are needed")

    monkeypatch.setattr(sampler, "Committee", lambda seed: SimpleNamespace(fit=refuse))
    with pytest.raises(GeneratorError, match=r"cannot label 3 classes.*own"):
        AugmentingSampler(random_state=0).fit_resample(*three)


def test_a_class_that_does_not_come_stops_the_search(monkeypatch, numbers):
    _committee(monkeypatch, lambda frame: np.zeros(len(frame)))
    made = []
    monkeypatch.setattr(sampler, "_TRIAL", 3_000)
    found = AugmentingSampler(random_state=0, max_draws=10_000)
    create = found._create

    def counting(*given):
        generator = create(*given)
        sample = generator.sample
        monkeypatch.setattr(generator, "sample", lambda rows, *, seed: made.append(rows) or sample(rows, seed=seed))
        return generator

    found._create = counting
    with pytest.raises(GeneratorError, match=r"made 0 rows of class “1” in .* draws; 120 are wanted.*max_draws"):
        found.fit_resample(*numbers)
    assert sum(made) <= 10_000


def test_ids_are_made_up_once_and_personal_data_is_left_out_with_a_note(numbers):
    frame = pd.DataFrame(numbers[0], columns=["a", "b"]).assign(
        customer_id=[f"C{i:05d}" for i in range(200)], email=[f"p{i}@agency.example" for i in range(200)]
    )
    found = AugmentingSampler(labels="own", random_state=0)
    more, _ = found.fit_resample(frame, numbers[1])
    assert more["customer_id"].is_unique and more["email"][200:].isna().all()
    assert any("email" in note for note in found.notes_)


def test_a_role_can_be_corrected(numbers):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(numbers[0], columns=["a", "b"]).assign(phone=rng.integers(600_000_000, 699_999_999, 200))
    with pytest.raises(GeneratorError, match=r"“phone” was read as sensitive.*no value.*int64 cannot.*roles"):
        AugmentingSampler(labels="own", random_state=0).fit_resample(frame, numbers[1])
    more, _ = AugmentingSampler(labels="own", random_state=0, roles={"phone": "numeric"}).fit_resample(
        frame, numbers[1]
    )
    assert more["phone"].between(600_000_000, 699_999_999).all()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"generator": "magic"}, "no generator called “magic”"),
        ({"generator_settings": {"depth": 3}}, "no setting called “depth”"),
        ({"labels": "teacher"}, "“teacher”. Choose own or committee"),
        ({"labels": "curated"}, "“curated”. Choose own or committee"),
        ({"roles": {"x0": "colour"}}, "no role called “colour”"),
        ({"roles": {"x9": "numeric"}}, "no column called “x9”"),
    ],
)
def test_wrong_settings_are_named_in_words(numbers, change, text):
    with pytest.raises((GeneratorError, TableError), match=text):
        AugmentingSampler(random_state=0).set_params(**change).fit_resample(*numbers)


def test_wrong_data_are_named_in_words(numbers):
    frame, y = pd.DataFrame(numbers[0], columns=["a", "b"]), pd.Series(numbers[1])
    with pytest.raises(GeneratorError, match="labels have missing values"):
        AugmentingSampler().fit_resample(frame, y.where(y.index > 0))
    with pytest.raises(GeneratorError, match="“a” holds infinite values"):
        AugmentingSampler().fit_resample(frame.replace({"a": {frame["a"][3]: np.inf}}), y)
    with pytest.raises(GeneratorError, match="“a” is used twice"):
        AugmentingSampler().fit_resample(frame.set_axis(["a", "a"], axis=1), y)
    with pytest.raises(ValueError, match=r"'rows' parameter of AugmentingSampler must be"):
        AugmentingSampler(rows=-1).fit_resample(frame, y)
