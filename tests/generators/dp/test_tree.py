"""One distribution from noisy counts: consistent, as close as the noise lets it, and rows that follow it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import GeneratorError
from synth_core.generators.dp.release import Axis, Release
from synth_core.generators.dp.tree import Tree

ROWS = 40_000


def release_of(codes: np.ndarray, sizes, pairs, sigma: float = 1e-6, seed: int = 0) -> Release:
    """What a measurement of ``codes`` would tell, with Gaussian noise; the last cell of each axis is missing."""
    rng = np.random.default_rng(seed)

    def noisy(counts):
        return counts + rng.normal(0, sigma, counts.shape)

    ones = [noisy(np.bincount(codes[:, i], minlength=n).astype(float)) for i, n in enumerate(sizes)]
    twos = []
    for a, b in pairs:
        flat = np.bincount(codes[:, a] * sizes[b] + codes[:, b], minlength=sizes[a] * sizes[b])
        twos.append(noisy(flat.reshape(sizes[a], sizes[b]).astype(float)))
    return Release(
        axes=tuple(Axis(f"c{i}", "levels", labels=tuple(map(str, range(n - 1)))) for i, n in enumerate(sizes)),
        rows=float(len(codes)),
        ones=tuple(tuple(o) for o in ones),
        pairs=tuple(pairs),
        twos=tuple(tuple(map(tuple, t)) for t in twos),
        sigma_ones=(sigma,) * len(sizes),
        sigma_twos=(sigma,) * len(pairs),
        epsilon=1.0, delta=1e-6, unit=None, unit_rows=1, spent=(),
    )  # fmt: skip


def chain(rows: int = ROWS, seed: int = 1) -> np.ndarray:
    """Codes of four axes of 3 cells, none missing: 0 → 1 → 2, and 3 by itself."""
    rng = np.random.default_rng(seed)
    a = rng.choice(3, rows, p=[0.6, 0.3, 0.1])
    b = np.where(rng.random(rows) < 0.8, a, rng.integers(0, 3, rows))
    c = np.where(rng.random(rows) < 0.7, (b + 1) % 3, rng.integers(0, 3, rows))
    return np.column_stack([a, b, c, rng.integers(0, 3, rows)])


CHAIN = (4, 4, 4, 4)
EDGES = ((0, 1), (1, 2), (2, 3))


def joint(codes: np.ndarray, a: int, b: int, size: int = 4) -> np.ndarray:
    return np.bincount(codes[:, a] * size + codes[:, b], minlength=size * size).reshape(size, size) / len(codes)


def far(x: np.ndarray, y: np.ndarray, a: int, b: int) -> float:
    return 0.5 * float(np.abs(joint(x, a, b) - joint(y, a, b)).sum())


@pytest.mark.parametrize("target", [None, 0, 1, 3])
def test_exact_counts_come_back_whatever_the_root(target):
    real = chain()
    made = Tree.fit(release_of(real, CHAIN, EDGES), target).sample(ROWS, seed=2)
    assert max(far(real, made, a, b) for a, b in EDGES) < 0.003
    assert far(real, made, 0, 2) < 0.01  # not counted, but it follows


def test_a_target_counted_with_every_axis_is_joined_to_pairs_of_the_others():
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, ROWS)
    a = np.where(rng.random(ROWS) < 0.7, y, rng.integers(0, 3, ROWS))
    b = np.where(rng.random(ROWS) < 0.6, a, np.where(rng.random(ROWS) < 0.5, 2 * y, rng.integers(0, 3, ROWS)))
    real = np.column_stack([a, y, b])
    tree = Tree.fit(release_of(real, (4, 4, 4), ((0, 1), (1, 2), (0, 2))), 1)
    made = tree.sample(ROWS, seed=1)
    assert max(far(real, made, *pair) for pair in ((0, 1), (1, 2), (0, 2))) < 0.01
    # Without its own count the relation of b to the target would come through a only, and be too weak.
    alone = Tree.fit(release_of(real, (4, 4, 4), ((0, 1), (0, 2))), 1).sample(ROWS, seed=1)
    assert far(real, alone, 1, 2) > 0.03


def test_noise_leaves_rows_closer_than_the_counts_it_came_with():
    real, sigma = chain(4_000), 60.0
    found = release_of(real, CHAIN, EDGES, sigma)
    made = Tree.fit(found).sample(4_000, seed=5)
    for (a, b), counts in zip(EDGES, found.twos, strict=True):
        raw = np.maximum(np.array(counts), 0)
        assert far(real, made, a, b) < 0.5 * np.abs(raw / raw.sum() - joint(real, a, b)).sum()


def test_what_noise_explains_is_no_relation():
    rng = np.random.default_rng(4)
    real = rng.integers(0, 7, (5_000, 2))
    made = Tree.fit(release_of(real, (8, 8), ((0, 1),), sigma=50.0)).sample(5_000, seed=1)
    table = np.bincount(made[:, 0] * 8 + made[:, 1], minlength=64).reshape(8, 8) / 5_000
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    assert 0.5 * np.abs(table - expected).sum() < 0.02


def test_noise_gives_no_column_gaps_and_the_target_never_has_any():
    real = chain(2_000)
    for seed in range(20):
        made = Tree.fit(release_of(real, CHAIN, EDGES, sigma=10.0, seed=seed)).sample(2_000, seed=1)
        assert (made != 3).all()
    real[: len(real) // 4, 0] = 3
    found = release_of(real, CHAIN, EDGES, sigma=10.0)
    assert abs((Tree.fit(found).sample(2_000, seed=1)[:, 0] == 3).mean() - 0.25) < 0.05
    assert (Tree.fit(found, 0).sample(2_000, seed=1)[:, 0] != 3).all()


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=6),
    st.integers(0, 2**31),
    st.sampled_from([0.0, 3.0, 1e4]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_counts_give_probabilities_and_rows(sizes, seed, sigma, rooted):
    rng = np.random.default_rng(seed)
    codes = np.column_stack([rng.integers(0, n, 50) for n in sizes])
    pairs = [(int(rng.integers(0, i)), i) for i in range(1, len(sizes)) if rng.random() < 0.8]
    tree = Tree.fit(release_of(codes, sizes, pairs, sigma, seed), int(rng.integers(len(sizes))) if rooted else None)
    for axis in tree.order:
        table = tree.tables[axis]
        assert (table >= 0).all() and np.allclose(table.sum(axis=2), 1)
    assert np.isclose(tree.shares.sum(), 1) and (tree.shares >= 0).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = tree.sample(33, seed)
    assert made.shape == (33, len(sizes)) and (made >= 0).all() and (made < sizes).all()
    assert (tree.sample(33, seed) == made).all()


@pytest.mark.parametrize("target", [None, 0, 2])
def test_given_cells_are_met_and_the_others_follow(target):
    real = chain()
    tree = Tree.fit(release_of(real, CHAIN, EDGES), target)
    for known in ({2: 1}, {0: 2, 2: 0}, {3: 1}, {0: 1}):
        made = tree.sample(8_000, seed=1, given=known)
        like = real[np.all([real[:, axis] == cell for axis, cell in known.items()], axis=0)]
        assert all((made[:, axis] == cell).all() for axis, cell in known.items())
        assert far(like, made, 0, 1) < 0.03 and far(like, made, 1, 2) < 0.03


def test_cells_that_never_meet_are_refused():
    codes = np.repeat([[0, 0], [1, 1]], 500, axis=0)
    tree = Tree.fit(release_of(codes, (3, 3), ((0, 1),)))
    with pytest.raises(GeneratorError, match="No row can have these values together"):
        tree.sample(10, seed=1, given={0: 0, 1: 1})


def test_the_seed_decides_the_rows_and_chunks_join_smoothly(monkeypatch):
    tree = Tree.fit(release_of(chain(), CHAIN, EDGES))
    made = tree.sample(1_000, seed=7)
    assert (tree.sample(1_000, seed=7) == made).all() and (tree.sample(1_000, seed=8) != made).any()
    assert tree.sample(0, seed=7).shape == (0, 4) and tree.sample(1, seed=7).shape == (1, 4)
    monkeypatch.setattr("synth_core.generators.dp.tree._CHUNK", 256)
    assert sorted(map(tuple, tree.sample(1_000, seed=7))) == sorted(map(tuple, made))


def test_rows_stray_less_than_by_chance():
    tree = Tree.fit(release_of(chain(), CHAIN, EDGES))
    exact, made = tree.sample(1 << 17, seed=1), tree.sample(4_000, seed=2)
    by_chance = exact[np.random.default_rng(1).integers(len(exact), size=4_000)]
    assert far(exact, made, 0, 1) < 0.5 * far(exact, by_chance, 0, 1)
