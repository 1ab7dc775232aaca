"""`serai pack`: exit code 0 done, 1 refused with a report, 2 wrong use; --json for programs."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from serai.kernel.packs.commands_making import pack as command
from serai.kernel.packs.folder import read_pack, write_files
from serai.kernel.packs.head import read_head
from serai.kernel.packs.models import PackVersion
from serai.kernel.packs.tests.small import edited, pack, topics, version
from serai.kernel.register.ports import COMMANDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    write_files(tmp_path / "topics", topics())
    (tmp_path / "lindenbach").mkdir()
    write_files(tmp_path / "lindenbach", pack())
    return tmp_path / "lindenbach"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    assert run("key", tmp_path / "key.pem").exit_code == 0
    return tmp_path / "key.pem"


def run(*arguments: Any, **more: Any) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], **more)


def answer(*arguments: Any, code: int = 0) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_the_house_offers_the_command() -> None:
    assert COMMANDS.get("pack") is command


def test_check_says_that_all_is_well_and_finds_required_packs_beside(folder: Path) -> None:
    done = run("check", folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert answer("check", folder) == {
        "done": True,
        "pack": "lindenbach",
        "version": "1.0.0",
        "files": 10,
        "problems": [],
    }


def test_check_names_file_line_and_cure_and_ends_with_one(folder: Path) -> None:
    write_files(folder, pack(edited("guides/doctor.en.md", "topic: health", "topic: heatlh")))
    done = run("check", folder)
    assert done.exit_code == 1
    assert "guides/doctor.en.md:4: “heatlh”" in done.stderr
    problem = answer("check", folder, code=1)["problems"][0]
    assert (problem["file"], problem["line"], problem["code"]) == ("guides/doctor.en.md", 4, "topic-unknown")
    assert problem["cure"]


def test_wrong_use_ends_with_two(folder: Path, key: Path) -> None:
    for wrong in (("check",), ("check", folder / "nowhere"), ("install", folder, "--colour"), ("trust", "a", "b")):
        assert run(*wrong).exit_code == 2
    assert run("stamp", folder, "--again", "guides/nowhere.ar.md").exit_code == 2


def test_install_reports_what_it_did_and_the_second_time_that_nothing_changed(folder: Path) -> None:
    assert run("install", folder).exit_code == 1
    assert run("install", folder.parent / "topics").exit_code == 0
    first = answer("install", folder)
    assert (first["changed"], first["unchanged"]) == (True, 0)
    assert "guides/doctor.ar" in first["created"]
    assert first["problems"][0]["code"] == "unsigned"
    second = run("install", folder)
    assert (second.exit_code, "nothing changed" in second.stdout) == (0, True)
    assert [row["pack"] for row in answer("list")["packs"]] == ["lindenbach", "topics"]


def test_refused_installs_say_that_nothing_was_written(folder: Path) -> None:
    done = run("install", folder)
    assert done.exit_code == 1
    assert "Nothing was written" in done.stderr
    assert PackVersion.objects.count() == 0


def test_sign_then_verify_then_a_change_is_found(folder: Path, key: Path) -> None:
    assert run("verify", folder).exit_code == 1
    assert run("sign", folder, "--key", key).exit_code == 0
    good = answer("verify", folder)
    assert (good["pack"], good["publisher"], good["trusted"]) == ("lindenbach", "lindenbach", False)
    assert run("trust", "lindenbach", good["key"]).exit_code == 0
    assert answer("verify", folder)["trusted"] is True
    assert answer("trust")["keys"][0]["key"] == good["key"]
    (folder / "guides" / "doctor.en.md").write_text("changed")
    assert {each["code"] for each in answer("verify", folder, code=1)["problems"]} == {"signature-file-changed"}
    assert run("trust", "lindenbach", good["key"], "--withdraw").exit_code == 0
    assert run("trust", "lindenbach", "ed25519:" + "A" * 43 + "=", "--withdraw").exit_code == 1


def test_sign_refuses_what_is_wrong_and_a_key_that_others_can_read(folder: Path, key: Path) -> None:
    write_files(folder, {"stray.txt": b"x"})
    assert run("sign", folder, "--key", key).exit_code == 1
    assert not (folder / "pack.sig").exists()
    (folder / "stray.txt").unlink()
    key.chmod(stat.S_IRUSR | stat.S_IRGRP)
    done = run("sign", folder, "--key", key)
    assert (done.exit_code, "chmod 600" in done.stderr) == (1, True)


def test_a_passphrase_is_asked_for(folder: Path, tmp_path: Path) -> None:
    made = run("key", tmp_path / "locked.pem", "--passphrase", input="correct horse\ncorrect horse\n")
    assert made.exit_code == 0
    assert run("sign", folder, "--key", tmp_path / "locked.pem", input="wrong\n").exit_code == 1
    assert run("sign", folder, "--key", tmp_path / "locked.pem", input="correct horse\n").exit_code == 0


def test_publish_freezes_a_version_in_a_zip(folder: Path, key: Path, tmp_path: Path) -> None:
    made = answer("publish", folder, "--key", key, "--to", tmp_path)
    path = tmp_path / "lindenbach-1.0.0.zip"
    assert made["file"] == str(path)
    assert read_pack(path).files == read_pack(folder).files
    first = path.read_bytes()
    answer("publish", folder, "--key", key, "--to", tmp_path)
    assert path.read_bytes() == first, "the same files always make the same ZIP"
    write_files(folder, pack(edited("words/en.yaml", "City desk", "Town desk")))
    done = run("publish", folder, "--key", key, "--to", tmp_path)
    assert (done.exit_code, "new version" in done.stderr) == (1, True)
    path.unlink()
    assert answer("publish", folder, "--key", key, "--to", tmp_path, code=1)["problems"][0]["code"] == "version-changed"
    assert not path.exists()


def test_export_writes_a_pack_that_passes_its_own_check(folder: Path, tmp_path: Path) -> None:
    run("install", folder.parent / "topics")
    run("install", folder)
    out = tmp_path / "out"
    (out / "guides").mkdir(parents=True)
    (out / "guides" / "gone.en.md").write_text("a guide of last year")
    made = answer("export", "lindenbach", out)
    assert (made["version"], made["gone"]) == ("1.0.1", ["guides/gone.en.md"])
    assert run("check", out).exit_code == 0
    assert run("export", "nobody", tmp_path / "x").exit_code == 1


def test_diff_shows_what_is_other_in_two_packs_or_in_the_house(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_files(
        other, pack({**version("1.1.0"), **edited("words/en.yaml", "City desk", "Town desk"), "README.md": "x"})
    )
    done = run("diff", folder, other)
    assert {"~ words/en.yaml", "+ README.md", "  -    name: City desk", "  +    name: Town desk"} <= set(
        done.stdout.split("\n")
    )
    assert run("diff", folder).exit_code == 1
    run("install", folder.parent / "topics")
    run("install", folder)
    assert run("diff", folder).stdout == "They are the same.\n"
    assert [row["path"] for row in answer("diff", other)["differences"]] == ["README.md", "pack.yaml", "words/en.yaml"]


def test_stamp_writes_into_translations_only(folder: Path) -> None:
    before = read_pack(folder).files
    assert answer("stamp", folder)["stamped"] == ["guides/doctor.ar.md", "words/ar.yaml"]
    after = read_pack(folder).files
    assert {path for path in after if after[path] != before[path]} == {"guides/doctor.ar.md", "words/ar.yaml"}
    assert run("check", folder).exit_code == 0
    write_files(
        folder, pack(edited("words/en.yaml", "City desk", "Town desk")) | {"words/ar.yaml": after["words/ar.yaml"]}
    )
    assert {each["code"] for each in answer("check", folder)["problems"]} == {"words-stale"}
    assert answer("stamp", folder)["stamped"] == ["guides/doctor.ar.md"]
    assert answer("stamp", folder, "--again", "words/ar.yaml")["stamped"] == ["words/ar.yaml"]
    assert answer("check", folder)["problems"] == []


def test_the_head_written_is_the_head_read() -> None:
    head, _problems = read_head(pack()["pack.yaml"])
    assert head is not None
    assert read_head(head.text().encode()) == (head, [])
