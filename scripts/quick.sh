#!/bin/sh
# The inner loop, in under a minute: linters, house rules, and the tests beside what was changed since the last commit.
# With nothing changed, or `make quick ALL=1`: the two lowest floors.
set -eu
cd "$(dirname "$0")/.."
export SERAI_CACHE="$PWD/.cache/serai"
unset PYTHONDONTWRITEBYTECODE # what is compiled once is read by every process that follows
.venv/bin/serai words compile
.venv/bin/ruff check .
.venv/bin/lint-imports --config .importlinter --no-cache >/dev/null || .venv/bin/lint-imports --config .importlinter --no-cache

beside() { # the tests nearest to a changed file
    case $1 in
        */tests/test_*.py | tests/*/test_*.py) if [ -e "$1" ]; then echo "$1"; fi ;;
        serai/*)
            folder=$(dirname "$1")
            while [ "$folder" != serai ] && [ ! -d "$folder/tests" ]; do folder=$(dirname "$folder"); done
            if [ -d "$folder/tests" ]; then echo "$folder/tests"; fi ;;
    esac
}

tests=""
if [ -z "${ALL:-}" ]; then
    tests=$( (git diff --name-only HEAD; git ls-files --others --exclude-standard) | while read -r file; do beside "$file"; done | sort -u)
fi
# shellcheck disable=SC2086
.venv/bin/python -m pytest -n 2 -m "not browser and not slow and not postgres and not shared_data" \
    tests/house tests/test_lesson.py ${tests:-serai/lib serai/kernel}
