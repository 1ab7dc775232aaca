"""`serai open`, `serai demo`, `serai serve`, `serai dev`: one command each to prepare, fill and run a house."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
import time
from pathlib import Path

import click
from django.conf import settings

from .opening import make_demo, only_one, open_all, waiting_migrations
from .supervisor import Child, Supervisor

THREADS = 4
"""Python threads in each web worker. More would exhaust the database's connections before it made anything faster."""


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
        Child("The web server", granian(host, number, count)),
        Child("The worker", [sys.executable, "-m", "serai.config.worker"]),
        Child("The clock", [sys.executable, "-m", "serai.config.clock"]),
    ]
    _announce(host, number)
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
    children = [
        Child("The web server", [sys.executable, manage, "runserver", f"{host}:{number}"]),
        Child("The worker", [sys.executable, "-m", "serai.config.worker"]),
        Child("The clock", [sys.executable, "-m", "serai.config.clock"]),
    ]
    _announce(host, number)
    Supervisor(children, lambda line: click.echo(line, err=True)).run()


def granian(host: str, port: int, workers: int) -> list[str]:
    """The web server's command. It writes no line about a visitor: no access log, no address."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--http", "1", "--no-ws"),
        *("--no-access-log", "--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "10"),
        "serai.config.wsgi:application",
    ]


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


def _announce(host: str, port: int) -> None:
    """Says once, when the first page answers, where the house is."""

    def wait() -> None:
        for _ in range(600):
            if _answers("127.0.0.1" if host in {"0.0.0.0", "::"} else host, port):  # noqa: S104
                click.echo(f"The house is open: {settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}/")
                click.echo(f"The desk:          {settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}/")
                return
            time.sleep(0.2)

    threading.Thread(target=wait, daemon=True).start()


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": settings.SERAI_PUBLIC_HOST})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
