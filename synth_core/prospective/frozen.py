"""What a frozen scorer is: both models of one lift study, what they need to score, and where they came from."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from synth_core.errors import ScorerError
from synth_core.lift.scores import correct_prior
from synth_core.prospective import archive
from synth_core.prospective.drift import Bins, DriftCounter
from synth_core.prospective.model_files import Linear, Trees, from_file
from synth_core.prospective.results import Card
from synth_core.records import build, parse
from synth_core.tables import Kind, Schema
from synth_core.tables.encoding import FeatureEncoder
from synth_core.tables.table import DTYPES

MODELS = ("reference", "arm")


@dataclass(frozen=True, eq=False)
class Model:
    """One of the two models; its probabilities are corrected from ``trained_on`` to ``real``, shares of positives."""

    fitted: Trees | Linear
    trained_on: float
    real: float

    def predict(self, matrix: np.ndarray, encoder: FeatureEncoder) -> np.ndarray:
        return correct_prior(self.fitted.predict(matrix, encoder), self.trained_on, self.real)


@dataclass(frozen=True, eq=False)
class Scorer:
    """Both models, frozen.

    Attributes
    ----------
    card : Card
    schema : Schema
        Columns of the training table; no example value is in it.
    encoder : FeatureEncoder
    reference, arm : Model
        Trained on real rows only, and with synthetic ones.
    bins : tuple of Bins
        Of the training rows, by feature.
    score_bins : Bins
        Of the reference's scores for the study's holdout, which it was not trained on.
    parts : dict
        The files it consists of.
    """

    card: Card
    schema: Schema
    encoder: FeatureEncoder
    reference: Model
    arm: Model
    bins: tuple[Bins, ...]
    score_bins: Bins
    parts: dict[str, bytes]

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """P(positive) of each row by both models.

        Every row's scores depend on that row alone. Features that ``frame`` lacks count as missing; other columns, the
        target among them, are not looked at.

        Parameters
        ----------
        frame : DataFrame
            Rows with the features in the schema's kinds, as :func:`synth_core.prospective.leads.read_leads` gives them.

        Returns
        -------
        DataFrame
            ``score_reference`` and ``score_arm``, with the index of ``frame``.

        Raises
        ------
        ScorerError
            A feature holds values of another kind.
        """
        return self.score_matrix(self.matrix(frame), frame.index)

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """The features of ``frame`` as numbers, shape (n_rows, n_features).

        Raises
        ------
        ScorerError
            A feature holds values of another kind.
        """
        return self.encoder.matrix(self.features_of(frame))

    def features_of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The features alone, checked; those that are absent as missing values."""
        out = {}
        for name in self.card.features:
            kind = self.schema[name].kind
            if name not in frame:
                out[name] = pd.Series(None, index=frame.index, dtype=DTYPES[kind])
            else:
                out[name] = _checked(frame[name], kind)
        return pd.DataFrame(out, index=frame.index)

    def score_matrix(self, matrix: np.ndarray, index: pd.Index) -> pd.DataFrame:
        """:meth:`score` of rows that :meth:`matrix` has turned into numbers."""
        scores = {f"score_{name}": getattr(self, name).predict(matrix, self.encoder) for name in MODELS}
        return pd.DataFrame(scores, index=index)

    def counter(self) -> DriftCounter:
        """An empty comparison of leads with the training rows."""
        return DriftCounter(self.encoder, self.bins, self.score_bins)


def save(scorer: Scorer, path: str | Path | BinaryIO) -> Card:
    """Write a scorer: a zip of JSON, texts of LightGBM or coefficients, and a model card; no pickle, no training row.

    Raises
    ------
    ScorerError
        It is too large.
    """
    content = archive.pack(scorer.parts)
    if isinstance(path, str | Path):
        path = Path(path)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
    else:
        path.write(content)
    return scorer.card


def load(path: str | Path | bytes | BinaryIO) -> Scorer:
    """A saved scorer; it scores exactly as before.

    Parameters
    ----------
    path : str, Path, bytes or binary file
        Where the file lies, or its content.

    Raises
    ------
    ScorerError
        No such file, or a foreign, changed, damaged, too large or newer one.
    """
    return from_parts(archive.unpack(path))


def from_parts(parts: dict[str, bytes]) -> Scorer:
    """The scorer that consists of ``parts``.

    Raises
    ------
    ScorerError
        They are not complete, or do not fit together.
    """
    try:
        state = parse(parts["scorer.json"])
        card = build(Card, {**parse(parts["card.json"]), "id": archive.identity(parts)})
        schema = Schema.from_dict(state["schema"])
        encoder = FeatureEncoder.from_state(state["encoder"], schema)
        if list(card.features) != encoder.features or not encoder.features:
            raise ValueError("card and encoder have different features")
        models = {name: _model(state["models"][name], parts, encoder) for name in MODELS}
        bins = tuple(map(Bins.from_dict, state["bins"]))
        if [b.name for b in bins] != encoder.features:
            raise ValueError("bins of other features")
        return Scorer(
            card, schema, encoder, models["reference"], models["arm"], bins, Bins.from_dict(state["score_bins"]), parts
        )
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise ScorerError(archive.CHANGED) from error


def to_parts(
    card: Card,
    words: str,
    schema: Schema,
    encoder: FeatureEncoder,
    models: dict[str, tuple[str, bytes, float, float]],
    bins: tuple[Bins, ...],
    score_bins: Bins,
) -> dict[str, bytes]:
    """The files of a scorer; ``models`` by name: suffix and content of the file, share trained on, real share."""
    state = {
        "schema": bare(schema).to_dict(),
        "encoder": encoder.state(),
        "models": {
            name: {"part": f"{name}.{suffix}", "trained_on": float(trained_on), "real": float(real)}
            for name, (suffix, _, trained_on, real) in models.items()
        },
        "bins": [b.to_dict() for b in bins],
        "score_bins": score_bins.to_dict(),
    }
    told = {k: v for k, v in asdict(card).items() if k != "id"}  # the id is made from all parts, this one included
    return {
        "scorer.json": _json(state),
        **{f"{name}.{suffix}": content for name, (suffix, content, _, _) in models.items()},
        "card.json": _json(told),
        "card.md": words.encode(),
    }


def bare(schema: Schema) -> Schema:
    """Names, kinds and roles of the columns: no example, no text of the file, no rule between columns."""
    columns = tuple(replace(c, examples=(), reason="", missing_tokens=()) for c in schema)
    return replace(schema, columns=columns, rules=())


def _model(stored: dict[str, Any], parts: dict[str, bytes], encoder: FeatureEncoder) -> Model:
    trained_on, real = float(stored["trained_on"]), float(stored["real"])
    if not (0 < trained_on < 1 and 0 < real < 1):
        raise ValueError("shares are not between 0 and 1")
    suffix = stored["part"].rpartition(".")[2]
    return Model(from_file(suffix, parts[stored["part"]], encoder), trained_on, real)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _checked(values: pd.Series, kind: Kind) -> pd.Series:
    """The values, if the encoder can read them as the column's kind."""
    if kind is Kind.TEXT:
        if isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype(object)
        fits = pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype)
    elif kind is Kind.DATE:
        fits = pd.api.types.is_datetime64_dtype(values.dtype)
    else:
        fits = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if fits or not values.notna().any():
        return values if fits else pd.Series(None, index=values.index, dtype=DTYPES[kind])
    what = {Kind.TEXT: "text", Kind.DATE: "dates"}.get(kind, "numbers")
    raise ScorerError(
        f"“{values.name}” should hold {what}, but holds “{values.dropna().iloc[0]}” ({values.dtype}). Read the leads "
        "with read_leads, which turns what it can into the scorer's kinds."
    )
