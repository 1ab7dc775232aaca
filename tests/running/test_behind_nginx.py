"""The sample configuration of deploy/, with a real nginx: same pages, same headers, same tags; files from disk."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from .house import ROOT, House, free_port, wait_until
from .test_published_files import listens, rename, title

MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
pytestmark = [pytest.mark.once, pytest.mark.slow]


def configuration(house: House, port: int) -> str:
    """The sample as an operator would fill it in, without TLS."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = text[text.index("upstream") : text.rindex("server {")]
    text = re.sub(r"^\s*(ssl_\w+|listen \[::\]).*\n", "", text, flags=re.M)
    for sample, ours in {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "127.0.0.1:8000": f"127.0.0.1:{house.port}",
        "<www.example.org>": "www.example.org",
        "<desk.example.org>": "desk.example.org",
        "/var/cache/serai/published": str(house.folder / "published"),
        "/var/log/nginx/serai-error.log": str(house.folder / "nginx-error.log"),
    }.items():
        assert sample in text
        text = text.replace(sample, ours)
    assert "<" not in text, "something is left to fill in"
    top = f"load_module {MODULE};\nuser root;\npid {house.folder}/nginx.pid;\ndaemon off;\nworker_processes 1;\n"
    log = f"error_log {house.folder}/nginx-error.log;\nevents {{ }}\n"
    return f"{top}{log}http {{\n include /etc/nginx/mime.types;\n{text}\n}}\n"


@pytest.fixture(scope="module")
def front(made) -> Iterator[House]:
    """A house behind nginx; its `port` is nginx's."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists() or not MODULE.exists():
        pytest.skip("nginx with its brotli module is not installed: scripts/setup.sh test")
    house = made()
    house.name = "www.example.org"
    house.more |= {"SERAI_PUBLIC_HOST": "www.example.org", "SERAI_DESK_HOST": "desk.example.org"}
    house.run(house.call("lindenbach", "One"))
    house.serve()
    port = free_port()
    file = house.folder / "nginx.conf"
    file.write_text(configuration(house, port))
    house.folder.chmod(0o755)
    subprocess.run([program, "-t", "-c", str(file)], check=True, capture_output=True)
    process = subprocess.Popen([program, "-c", str(file)])
    house.public_port, house.port = house.port, port
    wait_until(lambda: listens(house), 10, "nginx answers")
    yield house
    process.terminate()
    process.wait(10)
    house.port = house.public_port


def ask(house: House, path: str, **more: str):
    return house.get(path, **more)


def behind(house: House, path: str, **more: str):
    """Asks the house itself."""
    port, house.port = house.port, house.public_port
    try:
        return ask(house, path, **more)
    finally:
        house.port = port


def test_nginx_and_the_house_answer_alike(front: House) -> None:
    best = brotli.compress(ask(front, "/en/lindenbach/").body, mode=brotli.MODE_TEXT, quality=11)
    wait_until(lambda: ask(front, "/en/lindenbach/", Accept_Encoding="br").body == best, 20, "its files are settled")
    for encoding in ("", "gzip", "br"):
        by_nginx, by_house = (get(front, "/en/lindenbach/", Accept_Encoding=encoding) for get in (ask, behind))
        assert by_nginx.headers["server"].startswith("nginx")
        assert by_nginx.body == by_house.body
        assert by_nginx.headers.get("content-encoding", "") == encoding
        differing = {"server", "date", "connection", "accept-ranges", "content-language"}
        for name in (by_house.headers.keys() | by_nginx.headers.keys()) - differing:
            assert by_nginx.headers.get(name) == by_house.headers.get(name), (encoding, name)
        tag = by_house.headers["etag"]
        assert ask(front, "/en/lindenbach/", Accept_Encoding=encoding, If_None_Match=tag).status == 304
    plain = ask(front, "/en/lindenbach/").body
    assert gzip.decompress(ask(front, "/en/lindenbach/", Accept_Encoding="gzip").body) == plain
    assert brotli.decompress(ask(front, "/en/lindenbach/", Accept_Encoding="br").body) == plain


def test_a_change_is_seen_through_nginx_at_once(front: House) -> None:
    rename(front, "First")
    assert title(ask(front, "/en/lindenbach/")) == "First"
    assert title(ask(front, "/en/lindenbach/")) == "First"
    rename(front, "Second")
    assert title(ask(front, "/en/lindenbach/")) == "Second"


def test_queries_posts_and_the_desk_go_to_the_house(front: House) -> None:
    rename(front, "Kept")
    ask(front, "/en/lindenbach/")
    assert title(ask(front, "/en/lindenbach/?q=1")) == "Kept"
    assert ask(front, "/en/lindenbach/?q=1").headers["etag"] != ask(front, "/en/lindenbach/").headers["etag"]
    assert ask(front, "/en/lindenbach/", method="POST", Content_Length="0").status != 405
    assert front.get("/en/lindenbach/", host="desk.example.org").status == 404
    assert ask(front, "/en/lindenbach/index.html").body != ask(front, "/en/lindenbach/").body
    assert ask(front, "/%2e%2e/%2e%2e/serai.sqlite3").status in {400, 404}


def test_no_address_is_written_down(front: House) -> None:
    ask(front, "/en/lindenbach/")
    written = "".join(file.read_text() for file in (front.folder / "nginx-error.log", front.folder / "serve.log"))
    assert "127.0.0.1:" not in written.replace(f"http://127.0.0.1:{front.public_port}", "")
    assert "client:" not in written


def test_published_pages_open_while_the_house_restarts(front: House) -> None:
    rename(front, "Still here")
    ask(front, "/en/lindenbach/")
    front.stop()
    assert title(ask(front, "/en/lindenbach/")) == "Still here"
    assert ask(front, "/en/nowhere/").status == 502
