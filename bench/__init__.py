"""Measures the house and writes docs/benchmarks.md: `python -m bench [SECTION...]`."""
