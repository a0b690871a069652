"""Customer journeys: simulated with known truth, attributed by models, graded."""
