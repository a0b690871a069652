"""The journeys room: simulator, truth, attribution models, scoring."""
