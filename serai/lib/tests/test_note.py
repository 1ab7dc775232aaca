"""Notes and checkpoints as the rest of the world writes and reads them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from serai.lib.note import (
    Head,
    NoteRefused,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    parse_head,
    parse_note,
    sign_note,
)

# Signed by another implementation (published example of an Elixir library of signed notes).
FOREIGN_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOREIGN_NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"  # noqa: E501
)
HEAD = Head("serai.example/ledger", 7, b"r" * 32)


def a_signer(name: str = "serai.example/ledger") -> Signer:
    return Signer(name, Ed25519PrivateKey.generate())


@pytest.mark.shared_data
def test_the_published_checkpoint_is_read_and_written_again_byte_by_byte(shared_data: Path) -> None:
    text = (shared_data / "vectors/c2sp-note/checkpoint_example.txt").read_text(encoding="utf-8")
    note = parse_note(text)
    head = parse_head(note.text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert head.text() == note.text
    (signature,) = note.signatures
    assert (signature.name, signature.key_id.hex(), len(signature.value)) == (head.origin, "033de0ae", 64)


def test_a_note_signed_by_another_implementation_is_believed_and_a_changed_one_is_not() -> None:
    verifier = Verifier.parse(FOREIGN_KEY)
    assert open_note(FOREIGN_NOTE, [verifier]).text == "This is an example message.\n"
    with pytest.raises(NoteRefused, match="changed"):
        open_note(FOREIGN_NOTE.replace("example message", "example massage"), [verifier])


def test_keys_survive_being_written_down() -> None:
    signer = a_signer()
    again = Signer.parse(signer.secret_text() + "\n")
    assert again.verifier == signer.verifier == Verifier.parse(str(signer.verifier))


@pytest.mark.parametrize("text", ["", "x", "PRIVATE+KEY+x+00000000+AQ==", FOREIGN_KEY])
def test_a_broken_private_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(NoteRefused) as refused:
        Signer.parse(text)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        FOREIGN_KEY.replace("530d903a", "530d903b"),
        FOREIGN_KEY.replace("example.com/foo", "example.com/bar"),
        FOREIGN_KEY.replace("+Aeky", "+Beky"),
        FOREIGN_KEY[:-4],
        FOREIGN_KEY.replace("example", "\ud800"),
        "",
    ],
)
def test_a_broken_public_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Verifier.parse(text)


def test_a_checkpoint_of_ours_is_believed_with_our_key_only() -> None:
    signer = a_signer()
    note = sign_note(HEAD.text(), signer)
    assert open_checkpoint(note, [signer.verifier]) == HEAD
    with pytest.raises(NoteRefused, match="no signature"):
        open_checkpoint(note, [a_signer().verifier])
    with pytest.raises(NoteRefused, match="no signature"):
        open_checkpoint(note, [])


def test_a_trusted_key_of_another_log_does_not_speak_for_this_one() -> None:
    other = a_signer("other.example/ledger")
    with pytest.raises(NoteRefused, match="no signature"):
        open_checkpoint(sign_note(HEAD.text(), other), [other.verifier])


def test_signatures_of_witnesses_whom_we_do_not_know_are_passed_over() -> None:
    signer, witness = a_signer(), a_signer("witness.example")
    note = sign_note(HEAD.text(), signer) + sign_note(HEAD.text(), witness).rsplit("\n\n", 1)[1]
    assert len(parse_note(note).signatures) == 2
    assert open_checkpoint(note, [signer.verifier]) == HEAD


def test_one_wrong_signature_of_a_trusted_key_spoils_the_note() -> None:
    signer, witness = a_signer(), a_signer("witness.example")
    forged = sign_note(Head(HEAD.origin, 8, HEAD.root).text(), witness).rsplit("\n\n", 1)[1]
    with pytest.raises(NoteRefused, match="changed"):
        open_note(sign_note(HEAD.text(), signer) + forged, [signer.verifier, witness.verifier])


ROOT = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"o\n07\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n7 \n{ROOT}\n",
        f"o\n٧\n{ROOT}\n",
        f"o\n7\n{ROOT[:-4]}\n",
        f"o\n7\n {ROOT}\n",
        f"\n7\n{ROOT}\n",
        "o\n7\n",
        f"o\n7\n{ROOT}",
    ],
)
def test_a_text_that_is_not_exactly_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_head(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n\n",
        "a\n\n- x AAAAAAA=\n",
        "a\n\n\u2014 x y z AAAAAAA=\n",
        "a\n\n\u2014 x +/\n",
        "a\rb\n\n\u2014 x AAAAAAA=\n",
        "half a pair \ud800\n\n\u2014 x AAAAAAA=\n",
    ],
)
def test_a_text_that_is_not_exactly_a_note_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_note(text)


def test_a_text_that_would_read_differently_afterwards_is_not_signed() -> None:
    for text in ["no end", "two ends\n\n", "bell\x07\n", "half a pair \udc00\n"]:
        with pytest.raises(NoteRefused):
            sign_note(text, a_signer())
