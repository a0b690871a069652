"""Journeys: attribution models graded where the truth is known, and used where it is not."""

from pages.ui import frame, journeys_own, journeys_simulate, journeys_stress, journeys_views

SECTIONS = {
    "simulate": journeys_simulate.section,
    "stress": journeys_stress.section,
    "own": journeys_own.section,
}

with frame.page(
    "Customer journeys",
    "Which attribution model can you trust? In real journeys nobody knows what would have happened without a touch. "
    "In simulated ones it is known exactly, so models can be graded.",
):
    SECTIONS[journeys_views.pick()]()
