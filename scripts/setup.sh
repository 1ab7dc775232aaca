#!/bin/sh
# Gets the machine ready: `setup.sh run` for the house, `setup.sh test` for all the tests need, `setup.sh bench` for figures.
# System packages come by apt when we are root; otherwise this says exactly what to install. Everything else goes into .venv.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}

# Pango, HarfBuzz and the Noto fonts draw the PDF of reports and letters (engine/shell/printing.py).
need_run="python3-venv:/usr/lib/python3*/ensurepip/__init__.py libpango-1.0-0:/usr/lib/*/libpango-1.0.so.0
 libpangoft2-1.0-0:/usr/lib/*/libpangoft2-1.0.so.0 libharfbuzz-subset0:/usr/lib/*/libharfbuzz-subset.so.0
 fonts-noto-core:/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"
need_test="postgresql:/usr/lib/postgresql/*/bin/initdb chromium:/usr/bin/chromium gettext:/usr/bin/xgettext
 nginx-light:/usr/sbin/nginx libnginx-mod-http-brotli-static:/usr/lib/nginx/modules/ngx_http_brotli_static_module.so
 npm:npm util-linux:/usr/bin/setpriv"
need_bench="wrk:/usr/bin/wrk"

present() { # a program on the path, or a file by pattern
    case $1 in
        /*) for found in $1; do [ -e "$found" ] && return 0; done; return 1 ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

list=""
case $what in
    run) list=$need_run ;;
    test) list="$need_run $need_test" ;;
    bench) list="$need_run $need_test $need_bench" ;;
    *) echo "setup.sh: run, test or bench" >&2; exit 2 ;;
esac

missing=""
for pair in $list; do
    package=${pair%%:*}
    if [ "$package" = python3-venv ] && python3 -c 'import venv, ensurepip' 2>/dev/null; then continue; fi
    present "${pair#*:}" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then
        echo "Installing system packages:$missing"
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "These system packages are missing. Please run, then try again:" >&2
        echo "    sudo apt-get install$missing" >&2
        exit 1
    fi
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
locks=requirements/base.txt
[ "$what" = run ] || locks=requirements/dev.txt
stamp=.venv/.made-from-$(basename $locks .txt)
digest=$(cat "$locks" pyproject.toml | sha256sum | cut -c1-16)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$digest" ]; then
    [ -x .venv/bin/python ] || python3 -m venv .venv
    echo "Installing Python packages from $locks (with hashes)"
    .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$locks"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$digest" > "$stamp"
    # The lock for tests holds everything of the lock for running.
    [ "$what" = run ] || echo "$(cat requirements/base.txt pyproject.toml | sha256sum | cut -c1-16)" > .venv/.made-from-base
fi

if [ "$what" != run ] && [ ! -e tests/browser/node_modules/axe-core/axe.min.js ]; then
    (cd tests/browser && npm ci --silent --no-fund --no-audit >/dev/null)
fi
