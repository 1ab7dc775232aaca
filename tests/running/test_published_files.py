"""Published files in a house that really runs: what is kept, what is answered, what never is a file."""

from __future__ import annotations

import gzip
import os
import subprocess
import threading
import time

import brotli
import pytest

from .house import Answer, House, wait_until

pytestmark = pytest.mark.once


def title(answer: Answer) -> str:
    return answer.body.decode().split("<title>")[1].split("</title>")[0]


def rename(house: House, called: str) -> None:
    house.run(house.call("lindenbach", called))


def published(house: House, path: str = "/en/lindenbach/") -> Answer:
    """The answer of the file, not of the first rendering."""
    house.get(path)
    assert path[1:] + "index.html" in house.files()
    return house.get(path)


def test_a_page_is_rendered_once_and_then_is_a_file(house: House) -> None:
    first = house.get("/en/lindenbach/")
    file = next((house.folder / "published").glob("*/pages/en/lindenbach/index.html"))
    assert file.read_bytes() == first.body
    unseen = "Organisation.objects.update(names={'en': 'Unseen'})"
    house.run(f"from serai.kernel.access.models import Organisation; {unseen}")
    assert house.get("/en/lindenbach/").body == first.body  # nobody touched the key: the file still answers
    rename(house, "One")


def test_each_browser_gets_the_encoding_it_takes(house: House) -> None:
    plain = published(house)
    small = house.get("/en/lindenbach/", Accept_Encoding="gzip, deflate")
    smallest = house.get("/en/lindenbach/", Accept_Encoding="gzip, deflate, br, zstd")
    assert "content-encoding" not in plain.headers
    assert (small.headers["content-encoding"], gzip.decompress(small.body)) == ("gzip", plain.body)
    assert (smallest.headers["content-encoding"], brotli.decompress(smallest.body)) == ("br", plain.body)
    assert "content-encoding" not in house.get("/en/lindenbach/", Accept_Encoding="br;q=0, gzip;q=0").headers
    assert {answer.headers["vary"] for answer in (plain, small, smallest)} == {"Accept-Encoding"}
    assert len({answer.headers["etag"] for answer in (plain, small, smallest)}) == 3


def test_a_file_carries_the_headers_of_every_public_page(house: House) -> None:
    answer = published(house)
    rendered = house.get("/en/lindenbach/?x=1")
    for name in rendered.headers.keys() - {"date", "content-length", "etag"}:
        assert answer.headers[name] == rendered.headers[name], name
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-language"] == "en"


def test_who_has_the_page_gets_304_until_it_changes(house: House) -> None:
    rename(house, "Before")
    tag = published(house).headers["etag"]
    again = house.get("/en/lindenbach/", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    rename(house, "After")
    changed = house.get("/en/lindenbach/", If_None_Match=tag)
    assert (changed.status, title(changed)) == (200, "After")
    assert changed.headers["etag"] != tag


def test_head_says_the_same_as_get_without_the_page(house: House) -> None:
    whole, head = published(house), house.get("/en/lindenbach/", method="HEAD")
    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_change_takes_the_page_away_at_once(house: House) -> None:
    published(house)
    rename(house, "Renamed")
    assert title(house.get("/en/lindenbach/")) == "Renamed"


def test_the_clock_gives_the_page_its_best_compression(house: House) -> None:
    rename(house, "Squeezed")
    plain = published(house).body
    best = brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11)
    wait_until(lambda: house.get("/en/lindenbach/", Accept_Encoding="br").body == best, 20, "brotli 11")


@pytest.mark.parametrize(
    "path",
    [
        "/en/lindenbach/?x=1",
        "/en/cookie/lindenbach/",
        "/en/nowhere/",
        "/en/lindenbach",
        "/plain/x/",
        "/en//lindenbach/",
    ],
)
def test_only_plain_successes_become_files(house: House, path: str) -> None:
    before = house.files()
    house.get(path)
    assert house.files() == before
    assert not [name for name in house.files() if "cookie" in name or "nowhere" in name]


def test_the_desk_never_gets_a_published_file(house: House) -> None:
    published(house)
    assert house.get("/en/lindenbach/", host=f"desk.localhost:{house.port}").status == 404
    assert house.get("/en/lindenbach/", host="elsewhere.example").status == 400


ODD = [
    "/../../etc/passwd",
    "/en/../../../serai.sqlite3",
    "/en/%2e%2e/%2e%2e/%2e%2e/serai.sqlite3",
    "/%2e%2e/",
    "/en/..%2f..%2f/",
    "/en/%2e/lindenbach/",
    "/en/lindenbach/%2e%2e/lindenbach/",
    "//etc/passwd",
    "///",
    "/en//lindenbach/",
    "/en/lindenbach//",
    "/en/lindenbach/index.html",
    "/en/lindenbach/index.html.br",
    "/en/lindenbach/index.html/",
    "/~root/",
    "/.half/",
    "/en/%ff%fe/",
    "/en/%c0%ae%c0%ae/",
    "/en/%ef%bc%8e%ef%bc%8e/",
    "/en/%E2%80%AEnekcab/",
    "/en/con/aux/nul/",
    "/en/%25%32%65/",
    "/en/a\\..\\..\\b/",
    "/en/" + "a" * 300 + "/",
    "/en/" + "%D8%A7" * 250 + "/",
    "/" + "x/" * 900,
]


@pytest.mark.parametrize("path", ODD)
def test_odd_paths_reach_no_file_but_a_page_of_their_own(house: House, path: str) -> None:
    published(house)
    before = {str(file) for file in house.folder.rglob("*") if "pages" not in file.parts}
    for _ in range(2):
        answer = house.get(path)
        assert answer.status in {200, 301, 400, 404, 414}
        assert b"root:" not in answer.body
        assert b"SQLite" not in answer.body
        assert b"<title>" not in answer.body, "another page's file was served"
    after = {str(file) for file in house.folder.rglob("*") if "pages" not in file.parts}
    assert not [name for name in after - before if "/published/" not in name and not name.endswith(("-wal", "-shm"))]


@pytest.mark.parametrize("path", ["/en/%00/", "/%00", "/en/a%0d%0aSet-Cookie:x/", "/static/%00", "/media/a%00.png"])
def test_control_characters_are_refused(house: House, path: str) -> None:
    answer = house.get(path)
    assert answer.status == 400
    assert "set-cookie" not in answer.headers


def test_letters_of_every_script_make_a_page(house: House) -> None:
    house.run(house.call("مدينة", "Arabic"))
    answer = published_by_quoted(house, "/en/%D9%85%D8%AF%D9%8A%D9%86%D8%A9/")
    assert title(answer) == "Arabic"
    assert "en/مدينة/index.html" in house.files()


def published_by_quoted(house: House, path: str) -> Answer:
    house.get(path)
    return house.get(path)


def test_a_change_during_a_slow_rendering_leaves_nothing_stale(house: House) -> None:
    rename(house, "Old")
    hold, answers = house.folder / "hold", []
    for number in range(3):
        hold.write_text("")
        slow = threading.Thread(target=lambda: answers.append(house.get("/en/lindenbach/")))
        slow.start()
        wait_until((house.folder / "hold.read").exists, 10, "the page was read")
        (house.folder / "hold.read").unlink()
        rename(house, f"New {number}")  # commits, and finds no file to take away
        hold.unlink()
        slow.join()
        assert title(answers[-1]) == ("Old" if number == 0 else f"New {number - 1}")
        assert "en/lindenbach/index.html" not in house.files()
        assert title(house.get("/en/lindenbach/")) == f"New {number}"
        rename(house, f"New {number}")


MANY_NAMES = """
import time
from django.db import transaction
from serai.kernel.access.models import Organisation
from serai.kernel.ledger.actions import touch
for number in range(40):
    time.sleep(0.05)
    with transaction.atomic():
        Organisation.objects.filter(key="lindenbach").update(names={"en": f"Name {number}"})
        touch(["organisation:lindenbach"])
"""


def test_readers_and_writers_at_once_never_leave_a_stale_page(house: House) -> None:
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            house.get("/en/lindenbach/")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    house.run(MANY_NAMES)
    stop.set()
    for reader in readers:
        reader.join()
    assert title(house.get("/en/lindenbach/")) == "Name 39"
    time.sleep(1.5)
    assert title(house.get("/en/lindenbach/")) == "Name 39"


def test_killed_between_commit_and_unlink_nothing_stale_stays(house: House) -> None:
    rename(house, "Before the crash")
    published(house)
    kill = "import os, signal\nfrom serai.kernel.register.ports import TOUCHED\n"
    kill += "TOUCHED.offer('published', lambda keys: os.kill(os.getpid(), signal.SIGKILL))"
    assert house.run_apart(house.call("lindenbach", "After the crash", after=kill)) == -9
    took = wait_until(lambda: title(house.get("/en/lindenbach/")) == "After the crash", 5, "the clock takes it away")
    assert took < 5


def test_a_house_that_was_down_opens_without_stale_pages(made) -> None:
    house = made()
    house.run(house.call("lindenbach", "Before"))
    house.serve()
    published(house)
    house.stop(kill=True)
    wait_until(lambda: not listens(house), 20, "the web server went with its parent")
    assert house.files() == ["en/lindenbach/index.html"]
    deaf = "from serai.kernel.register.ports import TOUCHED; TOUCHED._offers.clear()"
    assert house.run_apart(house.call("lindenbach", "While down", after=deaf)) == 0
    house.serve()
    assert house.files() == []
    assert title(house.get("/en/lindenbach/")) == "While down"
    published(house)
    house.stop()
    (house.folder / "published" / "cursor.json").unlink()  # then nobody knows what was missed
    house.serve()
    assert house.files() == []


def listens(house: House) -> bool:
    try:
        house.get("/")
    except OSError:
        return False
    return True


def test_a_full_disk_costs_speed_but_no_page(made, tmp_path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "serai-test", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root; test_folder.py fills one by a limit")
    try:
        house = made()
        house.more["SERAI_PUBLISHED"] = str(disk)
        house.run(house.call("lindenbach", "Kept"))
        house.serve()
        filler = disk / "filler"
        with pytest.raises(OSError, match="No space"):
            filler.write_bytes(os.urandom(128 * 1024))
        for _ in range(3):
            assert title(house.get("/en/lindenbach/")) == "Kept"
        assert not [file for file in disk.rglob("*") if file.is_file() and file.parent.name == "half"]
        assert not list(disk.glob("*/pages/**/index.html*"))
        assert (house.folder / "serve.log").read_text().count("Pages cannot be published") == 1
        filler.unlink()
        house.get("/en/lindenbach/")
        assert list(disk.glob("*/pages/en/lindenbach/index.html"))
        house.stop()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_static_files_may_be_kept_for_ever_and_come_compressed(house: House) -> None:
    house.run(
        "from serai.config.opening import gather_static\n"
        "assert gather_static() is True\nassert gather_static() is False"
    )
    core = next((house.folder / "static").glob("wagtailadmin/css/core.*[0-9a-f].css"))
    path = "/static/" + str(core.relative_to(house.folder / "static"))
    answer = house.get(path, Accept_Encoding="br")
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(answer.body) == core.read_bytes()
    assert "immutable" in answer.headers["cache-control"]
    assert house.get(path, If_None_Match=answer.headers["etag"], Accept_Encoding="br").status == 304
    assert house.get("/static/../serve.log").status in {400, 404}
    assert house.get("/static/.gathered").status == 404


def test_the_real_pages_of_the_house_become_files(made) -> None:
    house = made(settings="serai.config.settings").serve()
    for path in ("/", "/en/", "/ar/"):
        first = house.get(path, Accept_Encoding="br")
        assert first.status == 200
        assert path[1:] + "index.html" in house.files()
        assert brotli.decompress(first.body) == house.get(path).body
