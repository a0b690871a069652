"""Reading tables, what their columns mean, and the locked split."""

from synth_core.tables.excel import sheet_names
from synth_core.tables.export import combined, to_csv_bytes, to_export, to_parquet_bytes
from synth_core.tables.library import TableLibrary
from synth_core.tables.loading import read_table, set_roles, set_target, table_from_frame
from synth_core.tables.reading import MAX_BYTES
from synth_core.tables.samples import SAMPLES, Sample, load_sample, travel_leads
from synth_core.tables.sampling import sampled
from synth_core.tables.schema import Column, Kind, Release, Role, Schema
from synth_core.tables.split import Fold, FoldTest, Holdout, Split, Train, require_train
from synth_core.tables.table import Table
from synth_core.tables.target import Target, Task

__all__ = [
    "MAX_BYTES",
    "SAMPLES",
    "Column",
    "Fold",
    "FoldTest",
    "Holdout",
    "Kind",
    "Release",
    "Role",
    "Sample",
    "Schema",
    "Split",
    "Table",
    "TableLibrary",
    "Target",
    "Task",
    "Train",
    "combined",
    "load_sample",
    "read_table",
    "require_train",
    "sampled",
    "set_roles",
    "set_target",
    "sheet_names",
    "table_from_frame",
    "to_csv_bytes",
    "to_export",
    "to_parquet_bytes",
    "travel_leads",
]
