#!/bin/sh
# All of it, in an order that fails early: linters, then the suite on SQLite with journeys, then the suite on PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE # what is compiled once is read by every process that follows
started=$(date +%s)
export SERAI_CACHE="$PWD/.cache/serai" # the towns of the world are made once, not in each house
.venv/bin/serai words compile
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports --config .importlinter --no-cache >/dev/null || .venv/bin/lint-imports --config .importlinter --no-cache
.venv/bin/mypy serai
.venv/bin/python -m pytest -n 2 --on=sqlite
# Again all that speaks to the database. Django must know from the start that it is PostgreSQL.
SERAI_DATABASE_URL=postgresql://nobody@127.0.0.1:1/not-yet .venv/bin/python -m pytest -n 2 --on=postgres -m "not browser and not once" serai/kernel serai/engine/content serai/rooms serai/web
.venv/bin/python -m tests.databases stop
echo "All tests took $(($(date +%s) - started)) seconds."
