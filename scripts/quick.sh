#!/bin/sh
# The inner loop: what can be known in under a minute.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE # what is compiled once is read by every process that follows
.venv/bin/serai words compile
.venv/bin/ruff check .
.venv/bin/lint-imports --config .importlinter --no-cache >/dev/null || .venv/bin/lint-imports --config .importlinter --no-cache
.venv/bin/python -m pytest -n 2 -m "not browser and not slow and not postgres and not shared_data"
