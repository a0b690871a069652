"""Reading tables, what their columns mean, and the locked split."""

from synth_core.tables.schema import Column, Kind, Role, Schema
from synth_core.tables.split import Fold, FoldTest, Holdout, Split, Train, require_train
from synth_core.tables.table import Table

__all__ = [
    "Column",
    "Fold",
    "FoldTest",
    "Holdout",
    "Kind",
    "Role",
    "Schema",
    "Split",
    "Table",
    "Train",
    "require_train",
]
