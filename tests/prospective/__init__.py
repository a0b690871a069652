"""The prospective room: frozen scorers, new leads, outcomes, verdicts while they come in."""
