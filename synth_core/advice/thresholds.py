"""The adviser's own lines, and where each comes from; lines of other rooms are used where they stand."""

from __future__ import annotations

from synth_core.generators.budget import PRESETS

#: Share of the outcome of interest below which balancing the classes is offered.
RARE = 0.1
#: Training rows from which real rows are taken to be enough until a learning curve says otherwise. Over eight public
#: tables, models trained on synthetic rows alone fell short by .055 AUC at 960 rows and by .016 at 10,000.
ENOUGH_ROWS = 10_000
#: Rows of the rarer outcome that go with :data:`ENOUGH_ROWS`: 30 % in a table of 3,500, or 1 % in one of 100,000.
ENOUGH_POSITIVES = 1_000
#: What synthetic rows with committee labels added to the best model on 960 real rows of twelve public tables, two seeds
#: each: mean, most, and the mean as a share of what 4,000 more real rows added.
TYPICAL_GAIN, LARGEST_GAIN, SHARE_OF_REAL = 0.006, 0.023, 0.28
#: Gain from twice as many real rows that no public table showed. On eleven of them 4,000 more real rows beside 960
#: added .014 to .061 AUC; on a curve in 1/√rows, twice as many rows add 52 % of that.
STEEP = 0.032
#: Training rows above which CTGAN and TVAE get their largest presets.
NETWORK_ROWS = int(PRESETS["ctgan"][-2].rows)
#: Share of cells missing from which a table is hollow, and and a column as well. Own
#: choice: from there on most of what a model could learn was never recorded.
HOLLOW = 0.5
#: Share of cells missing from which cleaning is proposed. Own choice.
GAPS = 0.2
#: Share of rows that repeat the features of another row from which repeats are told. As on the page Data.
REPEATED = 0.01
#: Population stability index from which a column has shifted (Siddiqi, *Credit Risk Scorecards*, 2006), and ratio of
#: odds from which an outcome's rate has (own choice; beyond chance at p < 0.001 as well).
PSI, ODDS, CHANCE = 0.25, 1.5, 0.001
#: Share of the rows that a count must have to be told from the noise in a private release: what a tenth of the rows
#: have in common should come through, as the bars of a histogram of ten do (own choice).
TENTH = 0.1
#: ε that is usual, and above which protection is weak. As in the generator's own settings and the page Budget.
EPSILON, WEAK_EPSILON = 1.0, 3.0
