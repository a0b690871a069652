"""Prospective: both models of a study frozen, new leads scored, and who was right once outcomes are known."""

from pages.ui import frame, prospective_batch, prospective_freeze, prospective_leads, prospective_standing
from pages.ui import prospective_views as views

SECTIONS = {
    "freeze": prospective_freeze.section,
    "leads": prospective_leads.section,
    "standing": prospective_standing.section,
    "score": prospective_batch.section,
}

with frame.page(
    "Prospective test",
    "A holdout says a model should work. A prospective test shows whether it did: both models score new leads before "
    "anybody knows how they end, and are compared on what became of them.",
):
    SECTIONS[views.pick()]()
