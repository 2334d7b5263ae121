"""What `start`, `check` and `watch` tell the host of a class; and that they never wait long for it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import course
from tests.support.classes import Beside, errands
from tests.support.commands import free_port
from tests.support.course import ALPHA, OMEGA
from tests.support.processes import python, running, wait_until
from workshop import cli
from workshop.checking.verdict import PartResult, Result
from workshop.classroom import telling
from workshop.classroom.membership import Membership, MembershipFile
from workshop.errors import WorkshopError
from workshop.steps import Step

pytestmark = pytest.mark.usefixtures("course_root")

CHECK_SECONDS = 0.2  # that the check itself takes here
LONGER = 0.3  # seconds by which it may take longer when the host is gone
NOISE = 0.15  # seconds that a busy machine may add
NOT_REACHED = "Your host was not reached, and hears of it the next time: "


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """See that every errand comes to its end soon after its command."""
    yield
    wait_until(lambda: not errands(), "the end of all errands", timeout=3.0)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Beside]:
    """Give a room in whose class we are, which on a busy machine is waited for."""
    monkeypatch.setattr(telling, "PATIENCE", 20.0)
    with Beside() as room:
        assert cli.run(["class", "join", "Ada", "--host", f"127.0.0.1:{room.server.port}"]) == 0
        capsys.readouterr()
        yield room


@pytest.fixture
def silent() -> Iterator[str]:
    """Give an address at which a connection is accepted, and nothing is ever said."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def member_at(address: str) -> None:
    """Be in a class at that address."""
    MembershipFile().write(Membership("Ada", "t" * 20, address))


def untold() -> list[str]:
    """The steps of the news that wait."""
    membership = MembershipFile().read()
    assert membership
    return [each.news.step for each in membership.untold]


class TestTheHostIsThere:
    """The board follows."""

    def test_starting(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """`start` says which step one works on, and prints what it always does."""
        assert cli.run(["start", "2"]) == 0
        assert room.seen == [("Ada", OMEGA.id, "working")]
        assert capsys.readouterr().out.endswith("Then  py -m workshop check 2\n")

    def test_checking(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`check` says whether it was passed, and what the step has taken; `next` goes on."""
        course.pretend_check(monkeypatch, False, True)
        assert cli.run(["check", "1"]) == 1
        assert room.seen == [("Ada", ALPHA.id, "working")]
        assert cli.run(["check", "1"]) == 0
        assert capsys.readouterr().out.endswith("Next  py -m workshop next\n")
        assert room.seen == [("Ada", ALPHA.id, "done")]
        work = room.desk._register.places[0].work[ALPHA.id]
        assert (work.checks, work.passed) == (2, True)
        assert 0 < work.seconds < 60
        assert cli.run(["next"]) == 0
        assert room.seen == [("Ada", OMEGA.id, "working")]

    def test_for_programs(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """--json tells the host, too, and prints nothing else."""
        course.pretend_check(monkeypatch, True)
        assert cli.run(["check", "1", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["step"] == ALPHA.id
        assert room.seen == [("Ada", ALPHA.id, "done")]

    def test_watching(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """`watch` tells each check."""
        course.pretend_check(monkeypatch, False, True)
        changes: Iterator[object] = iter([{}])
        monkeypatch.setattr("workshop.commands.watch.changed", lambda *_: next(changes))
        assert cli.run(["watch", "1"]) == 0
        assert room.desk._register.places[0].work[ALPHA.id].checks == 2

    def test_a_check_that_fails_itself(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """What keeps us from checking is no check, and the host hears of none."""

        def broken(*_: object, **__: object) -> None:
            raise WorkshopError("Nothing can be checked here.")

        monkeypatch.setattr("workshop.checking.run.check_step", broken)
        assert cli.run(["check", "1"]) == 2
        assert room.desk._register.places[0].work == {}

    def test_who_was_removed(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The host has removed somebody: said once, and the check counts as ever."""
        course.pretend_check(monkeypatch, True)
        room.ask(lambda desk: desk.forget("Ada"))
        for expected in (True, False):
            assert cli.run(["check", "1"]) == 0
            assert ("The host has removed you" in capsys.readouterr().out) is expected


class TestTheHostIsGone:
    """Nobody waits for it, and nothing is lost."""

    @pytest.fixture(autouse=True)
    def check_takes_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A check that is passed, and takes as long each time."""

        def check_step(step: Step, **_: object) -> Result:
            time.sleep(CHECK_SECONDS)
            return Result(step.id, (PartResult("it works", "passed"),), CHECK_SECONDS)

        monkeypatch.setattr("workshop.checking.run.check_step", check_step)
        cli.run(["check", "1"])  # what is imported late is imported now

    def seconds_of(self, *words: str) -> float:
        """How long a command takes."""
        began = time.perf_counter()
        assert cli.run(words) == 0
        return time.perf_counter() - began

    @pytest.mark.parametrize("words", [("check", "1"), ("check", "1", "--json"), ("start", "1")])
    def test_no_longer_than_promised(
        self, words: tuple[str, ...], silent: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Whether nobody listens or nobody answers: at most 0.3 s longer than without a class."""
        alone = min(self.seconds_of(*words) for _ in range(2))
        for address in (f"127.0.0.1:{free_port()}", silent):
            member_at(address)
            assert self.seconds_of(*words) - alone < LONGER + NOISE
            assert untold() == [ALPHA.id]
        assert (NOT_REACHED in capsys.readouterr().out) is ("--json" not in words)

    def test_it_is_told_later(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """When the host is back, it hears all, the oldest first."""
        port = free_port()
        member_at(f"127.0.0.1:{port}")
        cli.run(["check", "1"])
        cli.run(["start", "2"])
        assert untold() == [ALPHA.id, OMEGA.id]
        monkeypatch.setattr(telling, "PATIENCE", 20.0)
        with Beside(port=port) as room:
            cli.run(["start", "2"])
            assert room.seen == [("Ada", OMEGA.id, "working")]
            assert room.desk._register.places[0].work[ALPHA.id].passed
        assert untold() == []


def test_no_process_stays(silent: str, tmp_path: Path) -> None:
    """A command ends as ever while the host says nothing; no traceback, nothing left."""
    member_at(silent)
    with running(python("-m", "workshop", "start", "0"), tmp_path / "log") as program:
        assert program.wait() == 0
    assert NOT_REACHED in program.text()
    assert "Traceback" not in program.text()
    assert "Exception" not in program.text()


def test_in_no_class_nothing_is_imported(tmp_path: Path) -> None:
    """Who is in no class does not wait for netlib."""
    source = (
        "import sys; from workshop import cli; cli.run(['start', '0']);"
        "print([name for name in ('netlib', 'websockets', 'sqlite3') if name in sys.modules])"
    )
    with running(python("-c", source), tmp_path / "log") as program:
        assert program.wait() == 0
    assert program.text().endswith("[]\n")
