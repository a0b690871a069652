"""Pure functions from a result to a figure and the one sentence it shows."""

from synth_core.charts.base import Chart
from synth_core.charts.budget import budget_split, utility_curve
from synth_core.charts.comparison import comparison
from synth_core.charts.correlations import correlations
from synth_core.charts.curves import calibration, precision_recall, roc
from synth_core.charts.divergence import kl_bars
from synth_core.charts.feature_detail import feature_detail
from synth_core.charts.imbalance import f1_thresholds, inflation
from synth_core.charts.journey_errors import journey_errors, journey_over_credit
from synth_core.charts.journey_money import journey_allocations, journey_lost, journey_marginal
from synth_core.charts.journey_paths import journey_paths, journey_tree
from synth_core.charts.journey_seen import journey_days, journey_lengths, journey_mix
from synth_core.charts.journey_shares import journey_credits, journey_shares
from synth_core.charts.journey_stress import journey_stress
from synth_core.charts.lift import arms_forest, fold_differences
from synth_core.charts.marginals import marginals
from synth_core.charts.pair_detail import pair_detail
from synth_core.charts.posterior import posterior
from synth_core.charts.privacy_curves import closest_distances, membership_roc
from synth_core.charts.privacy_risks import privacy_risks, self_test_risks
from synth_core.charts.projection import projection
from synth_core.charts.prospective_drift import prospective_drift, prospective_drift_strip
from synth_core.charts.prospective_scores import prospective_calibration, prospective_deciles
from synth_core.charts.prospective_weeks import prospective_auc, prospective_gain
from synth_core.charts.rows import learning_curve, real_rows, synthetic_curve
from synth_core.charts.simulated import simulated_columns
from synth_core.charts.target_relation import target_relation
from synth_core.charts.training import training_curve
from synth_core.charts.two_sample import two_sample
from synth_core.charts.voice_funnel import voice_funnel
from synth_core.charts.voice_percentiles import voice_percentiles
from synth_core.charts.voice_traits import voice_traits

__all__ = [
    "Chart",
    "arms_forest",
    "budget_split",
    "calibration",
    "closest_distances",
    "comparison",
    "correlations",
    "f1_thresholds",
    "feature_detail",
    "fold_differences",
    "inflation",
    "journey_allocations",
    "journey_credits",
    "journey_days",
    "journey_errors",
    "journey_lengths",
    "journey_lost",
    "journey_marginal",
    "journey_mix",
    "journey_over_credit",
    "journey_paths",
    "journey_shares",
    "journey_stress",
    "journey_tree",
    "kl_bars",
    "learning_curve",
    "marginals",
    "membership_roc",
    "pair_detail",
    "posterior",
    "precision_recall",
    "privacy_risks",
    "projection",
    "prospective_auc",
    "prospective_calibration",
    "prospective_deciles",
    "prospective_drift",
    "prospective_drift_strip",
    "prospective_gain",
    "real_rows",
    "roc",
    "self_test_risks",
    "simulated_columns",
    "synthetic_curve",
    "target_relation",
    "training_curve",
    "two_sample",
    "utility_curve",
    "voice_funnel",
    "voice_percentiles",
    "voice_traits",
]
