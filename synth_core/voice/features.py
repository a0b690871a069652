"""Lines as numbers: character n-grams, masked n-grams and style traits, scaled to weigh about the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from synth_core.voice.masking import masked, straight
from synth_core.voice.style import TRAITS, style

#: Length of the style block beside the two n-gram blocks, which have length 1 each. At 1 the dense traits drown the
#: n-grams and one trait that happens to split the contrast decides alone; at ½ both are heard.
STYLE_LENGTH = 0.5
#: How far one trait may go, in spreads.
CLIP = 4.0


@dataclass(frozen=True, eq=False)
class Raw:
    """Counts before any scaling: nothing in a row depends on other rows.

    Attributes
    ----------
    chars, masks : csr_matrix of float, shape (lines, n-grams)
    traits : ndarray of float, shape (lines, traits)
    """

    chars: sparse.csr_matrix
    masks: sparse.csr_matrix
    traits: np.ndarray

    def take(self, rows: np.ndarray) -> Raw:
        return Raw(self.chars[rows], self.masks[rows], self.traits[rows])


class Counting:
    """Counts of the n-grams that occur in ``texts``, and the traits.

    The vocabulary may come from more lines than a model is trained on: which of its columns count is decided by
    :class:`Encoder` from the training rows alone.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._chars = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), preprocessor=straight)  # keeps case
        self._masks = CountVectorizer(analyzer=masked_ngrams)
        self._chars.fit(texts)
        self._masks.fit(texts)

    def __call__(self, texts: Sequence[str]) -> Raw:
        """Count.

        Returns
        -------
        Raw
            A row per line.
        """
        if not len(texts):
            empty = [sparse.csr_matrix((0, len(v.vocabulary_))) for v in (self._chars, self._masks)]
            return Raw(*empty, style([]))
        return Raw(self._chars.transform(texts), self._masks.transform(texts), style(texts))


def masked_ngrams(text: str, longest: int = 3) -> list[str]:
    """Runs of one to ``longest`` masked tokens."""
    found = masked(text)
    return [" ".join(found[i : i + n]) for n in range(1, longest + 1) for i in range(len(found) - n + 1)]


class TfIdf:
    """Sublinear TF-IDF rows of length 1 over the columns that occur in at least two training lines."""

    def __init__(self, counts: sparse.csr_matrix, least: int = 2) -> None:
        documents = np.asarray((counts > 0).sum(axis=0)).ravel()
        self.columns = np.flatnonzero(documents >= least)
        self.idf = np.log((1 + counts.shape[0]) / (1 + documents[self.columns])) + 1

    def __call__(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        found = counts[:, self.columns].astype(float)
        found.data = 1 + np.log(found.data)
        found = found.multiply(self.idf).tocsr()
        length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return sparse.diags_array(1 / np.where(length > 0, length, 1)).tocsr() @ found


class Encoder:
    """Scales raw counts as the training rows say.

    Parameters
    ----------
    raw : Raw
        Training rows.
    only_style : bool
        Leave the n-grams out.
    """

    def __init__(self, raw: Raw, *, only_style: bool = False) -> None:
        self._tfidf = () if only_style else (TfIdf(raw.chars), TfIdf(raw.masks))
        self._centre = raw.traits.mean(axis=0)
        self._spread = np.maximum(raw.traits.std(axis=0), [t.unit for t in TRAITS])

    def __call__(self, raw: Raw) -> sparse.csr_matrix:
        """Scale.

        Returns
        -------
        csr_matrix of float, shape (lines, features)
        """
        traits = np.clip((raw.traits - self._centre) / self._spread, -CLIP, CLIP)
        blocks = [sparse.csr_matrix(traits * (STYLE_LENGTH / np.sqrt(len(TRAITS))))]
        blocks += [scale(counts) for scale, counts in zip(self._tfidf, (raw.chars, raw.masks), strict=False)]
        return sparse.hstack(blocks, format="csr")
