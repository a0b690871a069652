"""A run on a table with rules stores how real and synthetic rows keep them."""

from synth_core.progress import SILENT
from synth_core.tables import TableLibrary, set_target, table_from_frame
from synth_core.tables.rules import Inequality, Ratio, check, set_rules
from synth_core.tasks import generate, results
from tests.generators.ads import ads_frame


def test_the_summary_counts_real_and_synthetic_rows_that_break_a_rule(tmp_path):
    table = set_target(table_from_frame(ads_frame(600), "report"), "segment")
    table = set_rules(table, [Inequality("clicks", "impressions"), Ratio("ctr", "clicks", "impressions", 100.0)])
    dataset = TableLibrary(tmp_path / "datasets").add(table)
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    spec = {"dataset": dataset, "generator": "trees", "settings": {}, "rows": 700, "seed": 7, "holdout": 0.2}
    generate.run(spec, folder, SILENT)

    found = results.load_generate(folder)
    clicks, ctr = found.summary["rules"]
    real = check(found.train, table.schema.rules)
    assert clicks["short"] == "clicks ≤ impressions" and clicks["real_broken"] == real[0].broken > 0
    assert clicks["real_tested"] == real[0].tested and clicks["synthetic_tested"] > 600
    assert clicks["synthetic_broken"] == ctr["synthetic_broken"] == 0
    assert found.schema.rules == table.schema.rules and len(found.synthetic) == 700


def test_a_table_without_rules_has_none_to_count(tmp_path):
    dataset = TableLibrary(tmp_path / "datasets").add(table_from_frame(ads_frame(200), "report"))
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    spec = {"dataset": dataset, "generator": "trees", "settings": {}, "rows": 50, "seed": 7, "holdout": 0.2}
    generate.run(spec, folder, SILENT)
    assert results.load_generate(folder).summary["rules"] == []
