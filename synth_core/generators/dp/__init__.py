"""Differentially private rows: noisy counts are measured once, everything after that only reads them."""
