"""A fitted decision tree as plain arrays: what is needed to find a row's leaf, nothing of the rows it was fitted on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np


@dataclass(frozen=True)
class Splits:
    """Inner nodes and leaves of one tree, shape (n_nodes,) each; ``left`` is −1 at a leaf.

    ``leaf`` numbers the leaves from 0, in the order of the nodes.
    """

    left: np.ndarray
    right: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    missing_left: np.ndarray
    leaf: np.ndarray

    @classmethod
    def of(cls, tree: Any) -> Self:
        """From a fitted scikit-learn tree."""
        t = tree.tree_
        is_leaf = t.children_left < 0
        return cls(
            t.children_left.astype(np.int32),
            t.children_right.astype(np.int32),
            np.where(is_leaf, 0, t.feature).astype(np.int32),
            t.threshold.astype(np.float64),
            t.missing_go_to_left.astype(bool),
            np.where(is_leaf, np.cumsum(is_leaf) - 1, -1).astype(np.int32),
        )

    @property
    def leaves(self) -> int:
        return int(self.leaf.max()) + 1

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Leaf number of every row of ``x``, float32 with NaN for missing, shape (n_rows,)."""
        node = np.zeros(len(x), dtype=np.int32)
        going = np.arange(len(x)) if self.left[0] >= 0 else np.arange(0)
        while len(going):
            at = node[going]
            values = x[going, self.feature[at]]
            left = np.where(np.isnan(values), self.missing_left[at], values <= self.threshold[at])
            node[going] = at = np.where(left, self.left[at], self.right[at])
            going = going[self.left[at] >= 0]
        return self.leaf[node]

    def to_state(self) -> dict[str, np.ndarray]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_state(cls, state: dict[str, Any], features: int) -> Self:
        """From a file that nobody vouches for.

        Raises
        ------
        ValueError
            A split looks outside the ``features``, or its children are not nodes after it: rows would go in circles.
        """
        arrays = {f.name: np.asarray(state[f.name]) for f in fields(cls)}
        kinds = {"threshold": "f", "missing_left": "b"}
        if any(a.dtype.kind != kinds.get(n, "i") or a.shape != arrays["left"].shape for n, a in arrays.items()):
            raise ValueError("arrays of a tree do not fit together")
        made = cls(**arrays)
        node = np.arange(len(made.left))
        inner = made.left >= 0
        if made.left.ndim != 1 or not len(node) or not (made.feature >= 0).all() or made.leaf[~inner].min() < 0:
            raise ValueError("no tree")
        if not (made.feature[inner] < features).all():
            raise ValueError("a split looks at a column that is not there")
        for child in (made.left[inner], made.right[inner]):
            if not ((child > node[inner]) & (child < len(node))).all():
                raise ValueError("a split points outside the tree")
        return made
