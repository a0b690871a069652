"""Attribution models, exact; the same functions on real and on simulated journeys."""
