"""`serai open`, `serai demo`, `serai serve`, `serai dev`: one command each to prepare, fill and run a house."""

from __future__ import annotations

import gc
import http.client
import os
import socket
import sys
import time
from importlib import import_module
from pathlib import Path

import click
from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from . import clock, worker
from .opening import make_demo, only_one, open_all, waiting_migrations
from .supervisor import Child, Supervisor, become, die_with_parent

THREADS = 4
"""Python threads in each web worker. More would exhaust the database's connections before it made anything faster."""

OBJECTS_BETWEEN_SWEEPS = 10_000
"""Python's own number is 700; measured in docs/benchmarks.md, "A page rendered afresh"."""


def _say(line: str) -> None:
    click.echo(line)


@click.command("open")
@click.option("--demo", "with_demo", is_flag=True, help="Also fill the house with its invented towns.")
def open_house(with_demo: bool) -> None:
    """Prepares the house: catalogues, database, static files. Quick when nothing changed, safe to run twice at once."""
    open_all(_say, demo=with_demo)


@click.command()
def demo() -> None:
    """Fills the house with the demo content; changes nothing that is there already."""
    with only_one():
        count = make_demo(_say)
    click.echo(f"{count} steps done")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port of both hosts (default: PORT or 8000).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Web processes (default: one for each core).")
def serve(port: int | None, host: str, workers: int | None) -> None:
    """Runs the house: web server, worker and clock, each started again when it dies. Stops on SIGTERM or Ctrl-C."""
    number = _settle_port(port)
    _refuse_unready(host, number)
    prepare_published()
    count = workers or max(1, min(os.cpu_count() or 1, 4))
    children = [
        Child("The web server", "serai-web", lambda: serve_web(host, number, count)),
        Child("The worker", "serai-worker", worker.main),
        Child("The clock", "serai-clock", clock.main),
        Child("The announcement", "serai-open", lambda: announce(host, number), once=True),
    ]
    load_all()
    Supervisor(children, lambda line: click.echo(line, err=True)).run()
    click.echo("The house is closed.")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port of both hosts (default: PORT or 8000).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def dev(port: int | None, host: str) -> None:
    """Runs the house for development: reloads when code changes, publishes no files, shows errors."""
    os.environ["SERAI_DEBUG"] = "1"
    number = _settle_port(port, always=not settings.DEBUG)
    _refuse_unready(host, number)
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    web = [sys.executable, manage, "runserver", f"{host}:{number}"]
    children = [
        Child("The web server", "serai-web", become(web)),
        Child("The worker", "serai-worker", become([sys.executable, "-m", "serai.config.worker"])),
        Child("The clock", "serai-clock", become([sys.executable, "-m", "serai.config.clock"])),
        Child("The announcement", "serai-open", lambda: announce(host, number), once=True),
    ]
    let_go()
    Supervisor(children, lambda line: click.echo(line, err=True)).run()


def serve_web(host: str, port: int, workers: int) -> None:
    """The web server, until SIGTERM. It writes no line about a visitor: no access log, no address."""
    os.register_at_fork(after_in_child=die_with_parent)  # its web processes are forked by granian, not by us
    Granian(
        "serai.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def load_all() -> None:
    """Loads what all processes need, before they part; what is loaded never moves, so its memory stays shared.

    A page makes some thousand short-lived objects: to look for rubbish less often spares a seventh of its CPU.
    """
    import_module("serai.config.wsgi")
    for urls in (settings.ROOT_URLCONF, settings.SERAI_DESK_URLCONF):
        _ = get_resolver(urls).url_patterns
    let_go()
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS, 10, 10)


def let_go() -> None:
    """A connection is one process's own: each child opens its own."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()


def prepare_published() -> None:
    """Before anybody is served: nothing stale from before, nothing expired, nothing of other code."""
    from serai.engine.shell.published.following import follow_touches
    from serai.engine.shell.published.front import write_front
    from serai.engine.shell.published.generation import folder

    where = folder()
    try:
        follow_touches(where)
        where.take_expired()
        where.sweep()
        write_front(where)
    except OSError as error:
        click.echo(f"Published pages cannot be kept, every page will be rendered: {error}", err=True)


def _settle_port(port: int | None, always: bool = False) -> int:
    """The names of both hosts hold the port; when another is asked for, the command begins anew with it."""
    if always or (port and str(port) != settings.SERAI_PORT):
        os.environ["PORT"] = str(port or settings.SERAI_PORT)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
    return int(settings.SERAI_PORT)


def _refuse_unready(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {host} cannot be used: {error.strerror}. Stop what runs there, or choose --port."
            ) from error
    waiting = waiting_migrations()
    if waiting:
        raise click.ClickException(
            f"The database is {len(waiting)} steps behind the code (first: {waiting[0]}). Run `serai open` first."
        )


def announce(host: str, port: int) -> None:
    """Says once, when the first page answers, where the house is."""
    for _ in range(600):
        if _answers("127.0.0.1" if host in {"0.0.0.0", "::"} else host, port):  # noqa: S104
            click.echo(f"The house is open: {settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}/")
            click.echo(f"The desk:          {settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}/")
            return
        time.sleep(0.2)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": settings.SERAI_PUBLIC_HOST})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
