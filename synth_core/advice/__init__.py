"""Advice: is synthetic data the right tool for this table, and what would help more?"""
