"""Rules between columns: what they say, whether they fit, where the data suggest them, which rows break them."""

from synth_core.tables.rules.base import Rule
from synth_core.tables.rules.checking import RuleCheck, breaks_any, check, check_rule, compare
from synth_core.tables.rules.computed import Derived, Ratio, Sum
from synth_core.tables.rules.edit import adopt, combinations, refit, set_rules
from synth_core.tables.rules.fits import fit_rule, fit_rules
from synth_core.tables.rules.kinds import FixedCombinations, Inequality, Range, rule_from_dict
from synth_core.tables.rules.proposals import Proposal, propose

__all__ = [
    "Derived",
    "FixedCombinations",
    "Inequality",
    "Proposal",
    "Range",
    "Ratio",
    "Rule",
    "RuleCheck",
    "Sum",
    "adopt",
    "breaks_any",
    "check",
    "check_rule",
    "combinations",
    "compare",
    "fit_rule",
    "fit_rules",
    "propose",
    "refit",
    "rule_from_dict",
    "set_rules",
]
