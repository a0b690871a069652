"""Prospective tests: both models of a lift study frozen, scoring new leads, judged by what became of them."""
