"""The folder of a bundle: what is ours is known, and nothing else is overwritten."""

import hashlib
from pathlib import Path

import pytest

from workshop.bundle.folder import RECORD, Fetched, Folder, NotWritable, is_strange, sha256, size_in_words


def test_what_we_wrote_is_written_again(tmp_path: Path) -> None:
    """A file of ours is replaced, in this run and in the next."""
    for text in (b"one", b"two"):
        folder = Folder(tmp_path)
        folder.write("guides/one.html", text)
        assert (tmp_path / "guides" / "one.html").read_bytes() == text
        assert folder.moved == []


def test_what_somebody_put_there_is_kept(tmp_path: Path) -> None:
    """A user's file with the name of ours gets another one, and is told."""
    (tmp_path / "index.html").write_text("theirs")
    folder = Folder(tmp_path)
    folder.write("index.html", b"ours")
    assert (tmp_path / "index.1.html").read_text() == "theirs"
    assert folder.moved == [tmp_path / "index.1.html"]


def test_what_somebody_has_changed_is_kept(tmp_path: Path) -> None:
    """A start page of ours that somebody has edited is theirs."""
    Folder(tmp_path).write("index.html", b"ours")
    (tmp_path / "index.html").write_text("edited")
    Folder(tmp_path).write("index.html", b"new")
    assert (tmp_path / "index.1.html").read_text() == "edited"
    assert (tmp_path / "index.html").read_bytes() == b"new"


def test_an_end_in_the_middle(tmp_path: Path) -> None:
    """When writing fails half-way, the file from before stays, and nothing half is left."""
    Folder(tmp_path).write("a.zip", b"whole")

    def half() -> None:
        with Folder(tmp_path).writing("a.zip") as part:
            part.write_bytes(b"ha")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert (tmp_path / "a.zip").read_bytes() == b"whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", RECORD]


def test_the_record_is_kept(tmp_path: Path) -> None:
    """What was fetched is known in the next run, unless something else is wanted now."""
    folder = Folder(tmp_path)
    folder.forget_unless(["click"])
    folder.record.targets["windows 3.13"] = Fetched(["click.whl"])
    folder.save()
    again = Folder(tmp_path)
    again.forget_unless(["click"])
    assert again.record.targets["windows 3.13"].wheels == ["click.whl"]
    again.forget_unless(["click", "rich"])
    assert again.record.targets == {}


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x"}', '{"format": 99}', "\0"])
def test_a_record_that_is_not_ours(tmp_path: Path, text: str) -> None:
    """Somebody else's file by that name stops everything: nothing is changed."""
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(NotWritable, match="Name another folder"):
        Folder(tmp_path)
    assert (tmp_path / RECORD).read_text() == text


def test_whose_folder_it_is(tmp_path: Path) -> None:
    """An empty or a missing folder is nobody's, one with our record is ours, all others are strange."""
    assert not is_strange(tmp_path)
    assert not is_strange(tmp_path / "new")
    (tmp_path / "holiday.jpg").touch()
    assert is_strange(tmp_path)
    Folder(tmp_path).save()
    assert not is_strange(tmp_path)


def test_a_file_in_its_place(tmp_path: Path) -> None:
    """A file is no folder, and that is said."""
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable, match="is a file; name a folder"):
        is_strange(tmp_path / "file")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """What the system does not let us write is one clear error."""
    (tmp_path / "guides").touch()
    with pytest.raises(NotWritable, match="cannot be written"):
        Folder(tmp_path).write("guides/one.html", b"")


def test_a_digest_of_much(tmp_path: Path) -> None:
    """A file is read in pieces, and the digest is that of the whole."""
    file = tmp_path / "big"
    file.write_bytes(b"x" * 3_000_000)
    assert sha256(file) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


@pytest.mark.parametrize(
    ("size", "words"), [(0, "1 kB"), (1500, "2 kB"), (74_400_000, "74 MB"), (1_460_000_000, "1.5 GB")]
)
def test_sizes(size: int, words: str) -> None:
    """A size is read at a glance."""
    assert size_in_words(size) == words
