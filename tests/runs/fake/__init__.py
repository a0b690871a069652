"""Tasks for tests: quick, failing, slow and stubborn ones."""
