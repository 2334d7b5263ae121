"""The class file: kept over a restart, and never lost or overwritten, whatever happens to it."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.support.classes import Warnings, locked
from workshop.instructor.classroom import database
from workshop.instructor.classroom.book import Book
from workshop.instructor.classroom.database import HOST, NotAClass, read_places
from workshop.instructor.classroom.host_memory import HostData
from workshop.instructor.classroom.place import Place, Work

ADA = Place("Ada", "proof", heard=3, step="one", hand=True, words="ä <b>", since=12.5)
BEN = Place("Ben", "other", step="two", work={"one": Work(61.5, 2, True), "two": Work(3.0, 1, False)})


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a locked file only a little."""
    monkeypatch.setattr(database, "LOCKED_SECONDS", 0.05)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give where the class file is, in a folder that is not there yet."""
    return tmp_path / "classes" / "monday.db"


def hold(path: Path, warnings: Warnings, **changes: Place | None) -> list[Place]:
    """Do what a host does: open the book, write this, if anything, and close it; return what was in it."""
    book = Book(path, warnings.append)
    places = book.open()
    if changes:
        book.write(changes)
    book.close()
    return places


def a_file(path: Path, *places: Place) -> None:
    """Leave a class file with these places."""
    warnings: Warnings = []
    hold(path, warnings, **{place.nickname.casefold(): place for place in places})
    assert warnings == []


def run_sql(path: Path, statement: str) -> None:
    """Change a database behind our back."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(statement)


class TestKeeping:
    """When all is well."""

    def test_a_restart_loses_nothing(self, path: Path, warnings: Warnings) -> None:
        """All that is known of everybody is there again, in the same order; nothing but the file is left."""
        a_file(path, BEN, ADA)
        assert hold(path, warnings) == [BEN, ADA]
        assert list(path.parent.iterdir()) == [path] and warnings == []

    def test_changing_and_deleting(self, path: Path) -> None:
        """A place that has changed keeps its turn; one that is deleted leaves no trace in the file."""
        a_file(path, ADA, BEN)
        book = Book(path, pytest.fail)
        book.open()
        changed = Place("ADA", "proof", heard=4)
        book.write({"ada": changed})
        assert read_places(path) == [changed, BEN], "it is written at once"
        book.write({"ben": None})
        book.close()
        assert read_places(path) == [changed]
        assert b"Ben" not in path.read_bytes()

    def test_the_host(self, path: Path) -> None:
        """What is known of the host is kept beside the places."""
        book = Book(path, pytest.fail)
        book.open()
        kept = HostData(f"{'5' * 32}${'f' * 64}", ("desk",), ((1.0, 2.5),), 7.0)
        book.write({"ada": ADA, HOST: kept})
        book.close()
        book = Book(path, pytest.fail)
        assert (book.open(), book.host) == ([ADA], kept)
        book.close()

    def test_a_file_of_the_version_before(self, path: Path) -> None:
        """A class file without a host is read as it is, and used further."""
        a_file(path, BEN)
        for statement in (
            "DROP TABLE host",
            "ALTER TABLE work DROP COLUMN carried",
            "PRAGMA user_version = 1",
        ):
            run_sql(path, statement)
        assert read_places(path) == [BEN]
        a_file(path, ADA)
        assert read_places(path) == [BEN, ADA]

    def test_an_empty_file(self, path: Path) -> None:
        """An empty file becomes a class file."""
        path.parent.mkdir()
        path.touch()
        a_file(path, ADA)
        assert read_places(path) == [ADA]


class TestWhatMakesNoSense:
    """It is set aside, and a new class begun."""

    @pytest.mark.parametrize("data", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000, b"\x00" * 4096])
    def test_bytes(self, data: bytes, path: Path, warnings: Warnings) -> None:
        """The host is told in one sentence; both files are whole."""
        path.parent.mkdir()
        path.write_bytes(data)
        assert hold(path, warnings, ada=ADA) == []
        aside = path.with_name("monday.1.db")
        assert aside.read_bytes() == data
        assert read_places(path) == [ADA]
        (warning,) = warnings
        assert warning.startswith(f"{path} cannot be used (")
        assert f"It is now {aside}, and a new one is begun." in warning

    @pytest.mark.parametrize(
        "statement",
        [
            "PRAGMA application_id = 7",
            "PRAGMA user_version = 3",
            "DROP TABLE place",
            "UPDATE place SET heard = 'many'",
            "UPDATE place SET nickname = x'ff00'",
            "ALTER TABLE place DROP COLUMN nickname",
        ],
    )
    def test_other_databases(self, statement: str, path: Path, warnings: Warnings) -> None:
        """So is a database of somebody else's, of a newer version, or with nonsense in it."""
        a_file(path, ADA)
        run_sql(path, statement)
        assert hold(path, warnings, ben=BEN) == []
        assert path.with_name("monday.1.db").exists()
        assert read_places(path) == [BEN]
        assert len(warnings) == 1

    @pytest.mark.parametrize("password", ["zz$00", "abc", "00$é", f"{'5' * 32}${'g' * 64}"])
    def test_a_hash_that_is_none(self, password: str, path: Path, warnings: Warnings) -> None:
        """A file in which somebody has changed the host's password by hand is no class file."""
        hold(path, warnings, **{HOST: HostData(password)})  # type: ignore[arg-type]
        hold(path, warnings)
        assert "it does not hold a class" in warnings[0]

    def test_half_a_file(self, path: Path, warnings: Warnings) -> None:
        """So is a file whose end is missing."""
        a_file(path, *[Place(f"attendee {number}", "x" * 900) for number in range(50)])
        path.write_bytes(path.read_bytes()[:-6000])
        assert hold(path, warnings) == []
        assert len(warnings) == 1

    def test_while_it_is_used(self, path: Path, warnings: Warnings) -> None:
        """A file that becomes nonsense during the class is replaced by one with all that we know."""
        a_file(path, ADA)
        book = Book(path, warnings.append)
        book.open()
        path.write_bytes(b"\xff" * path.stat().st_size)
        book.write({"ben": BEN})
        book.close()
        assert read_places(path) == [ADA, BEN]
        assert len(warnings) == 1


class TestWhatCannotBeHad:
    """It is left alone."""

    def test_locked_at_the_start(self, path: Path, warnings: Warnings) -> None:
        """The class goes on in a file beside it, since a database in use must not be renamed."""
        a_file(path, ADA)
        with locked(path):
            assert hold(path, warnings, ben=BEN) == []
        beside = path.with_name("monday.1.db")
        assert (read_places(path), read_places(beside)) == ([ADA], [BEN])
        assert warnings == [
            f"{path} cannot be used (another program has it open). The class is in {beside} from now on."
        ]

    def test_another_host_has_it(self, path: Path, warnings: Warnings) -> None:
        """Two hosts would write over each other's places, so the later one goes on beside it."""
        first = Book(path, pytest.fail)
        first.open()
        first.write({"ada": ADA})
        assert hold(path, warnings, ben=BEN) == [ADA]
        first.close()
        assert (read_places(path), read_places(path.with_name("monday.1.db"))) == ([ADA], [ADA, BEN])
        assert "another program has it open" in warnings[0]
        assert hold(path, warnings) == [ADA] and len(warnings) == 1, "it is free again"

    def test_somebody_else_writes(self, path: Path, warnings: Warnings) -> None:
        """What can still be read goes over into the file beside it."""
        a_file(path, ADA)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert hold(path, warnings) == [ADA]
        assert read_places(path.with_name("monday.1.db")) == [ADA]

    def test_locked_for_a_while(self, path: Path, warnings: Warnings) -> None:
        """What could not be written is written with the next change; the host is told once."""
        book = Book(path, warnings.append)
        book.open()
        with locked(path):
            book.write({"ada": ADA})
            book.write({"cid": Place("Cid", "third")})
            book.write({"cid": None})
        book.write({"ben": BEN})
        book.close()
        assert read_places(path) == [ADA, BEN]
        assert warnings == [f"{path} cannot be written now (another program has it open); it is tried again."]

    def test_locked_to_the_end(self, path: Path, warnings: Warnings) -> None:
        """What could never be written is in a file beside it at the end, with all the rest."""
        a_file(path, ADA)
        book = Book(path, warnings.append)
        book.open()
        with locked(path), contextlib.closing(book):
            book.write({"ben": BEN})
        assert read_places(path.with_name("monday.1.db")) == [ADA, BEN]
        assert len(warnings) == 2

    def test_a_folder_in_its_place(self, path: Path, warnings: Warnings) -> None:
        """A folder of that name stays what it is."""
        path.mkdir(parents=True)
        hold(path, warnings, ada=ADA)
        assert list(path.iterdir()) == []
        assert read_places(path.with_name("monday.1.db")) == [ADA]

    def test_nowhere(self, tmp_path: Path, warnings: Warnings) -> None:
        """Where no file can be, the class is in memory, and the host is told so once."""
        (tmp_path / "file").write_text("mine")
        book = Book(tmp_path / "file" / "monday.db", warnings.append)
        assert book.open() == []
        book.write({"ada": ADA})
        book.write({"ben": BEN})
        assert len(warnings) == 1
        assert warnings[0].endswith("The class is in memory only, and ends with the host.")
        assert (tmp_path / "file").read_text() == "mine"

    def test_a_file_that_may_only_be_read(
        self, path: Path, warnings: Warnings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is in it is known, and the class goes on beside it."""
        a_file(path, ADA)
        connect = sqlite3.connect

        def read_only(file: Path, **options: object) -> sqlite3.Connection:
            if file != path:
                return connect(file, **options)  # type: ignore[call-overload, no-any-return]
            return connect(f"{path.as_uri()}?mode=ro", uri=True, **options)  # type: ignore[call-overload, no-any-return]

        monkeypatch.setattr(sqlite3, "connect", read_only)
        assert hold(path, warnings, ben=BEN) == [ADA]
        assert read_places(path) == [ADA]
        assert read_places(path.with_name("monday.1.db")) == [ADA, BEN]
        assert "may only be read" in warnings[0]

    def test_deleted_while_it_is_used(self, path: Path, warnings: Warnings) -> None:
        """All of the class is in a new file at once, not only when the host ends in peace."""
        book = Book(path, warnings.append)
        book.open()
        book.write({"ada": ADA})
        path.unlink()
        book.write({"ben": BEN})
        assert read_places(path) == [ADA, BEN]
        book.close()
        (warning,) = warnings
        assert "it was moved" in warning

    def test_replaced_while_it_is_used(self, path: Path, warnings: Warnings) -> None:
        """Another class that now has its name stays as it is; ours goes on beside it, at once."""
        book = Book(path, warnings.append)
        book.open()
        another = path.with_name("tuesday.db")
        a_file(another, BEN)
        another.replace(path)
        book.write({"ada": ADA})
        assert (read_places(path), read_places(book.path)) == ([BEN], [ADA])
        book.close()


def test_reading_does_not_touch(path: Path) -> None:
    """Reading makes no file; what is not a class is refused."""
    with pytest.raises(sqlite3.OperationalError):
        read_places(path)
    assert not path.parent.exists()
    path.parent.mkdir()
    run_sql(path, "CREATE TABLE mine (x)")
    with pytest.raises(NotAClass):
        read_places(path)
