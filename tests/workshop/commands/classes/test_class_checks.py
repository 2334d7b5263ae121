"""What `start`, `check` and `watch` tell the host of a class; and that they never wait long for it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import course
from tests.support.classes import Beside, member_at, untold
from tests.support.commands import Shell, free_port
from tests.support.course import ALPHA, OMEGA
from tests.support.processes import python, running
from workshop import cli
from workshop.checking.verdict import PartResult, Result
from workshop.instructor.classroom import telling
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.messages import ClassOrder
from workshop.steps import Step

# python/cpython#109564: a connection accepted while its server closes is left to the garbage collector.
ACCEPTED_TOO_LATE = r"Exception ignored in. <(function _SelectorTransport\.__del__|socket\.socket)"
pytestmark = [
    pytest.mark.usefixtures("course_root", "no_thread_stays"),
    pytest.mark.filterwarnings(f"ignore:{ACCEPTED_TOO_LATE}:pytest.PytestUnraisableExceptionWarning"),
]

CHECK_SECONDS = 0.2  # that the check itself takes here
LONGER = 0.3  # seconds by which it may take longer when the host is gone
NOISE = 0.15  # seconds that a busy machine may add to the best of so many tries
TRIES = 10
NOT_REACHED = "Your host was not reached, and will hear of it next time: "


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> Iterator[Beside]:
    """Give a room in whose class we are, which on a busy machine is waited for."""
    monkeypatch.setattr(telling, "PATIENCE", 20.0)
    with Beside() as room:
        shell("class", "join", "Ada", "--host", f"127.0.0.1:{room.server.port}")
        yield room


class TestTheHostIsThere:
    """The board follows."""

    def test_starting(self, room: Beside, shell: Shell) -> None:
        """`start` says which step one works on, and prints what it always does."""
        assert shell("start", "2").out.endswith("Then  py -m workshop check 2\n")
        assert room.seen == [("Ada", OMEGA.id, "working")]

    def test_checking(self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """`check` says whether it was passed, and what the step has taken; `next` goes on."""
        course.pretend_check(monkeypatch, False, True)
        shell("check", "1", code=1)
        assert room.seen == [("Ada", ALPHA.id, "working")]
        assert shell("check", "1").out.endswith("Next  py -m workshop next\n")
        assert room.seen == [("Ada", ALPHA.id, "done")]
        work = room.registrar._register.places[0].work[ALPHA.id]
        assert (work.checks, work.passed) == (2, True) and 0 < work.seconds < 60
        shell("next")
        assert room.seen == [("Ada", OMEGA.id, "working")]

    def test_for_programs(self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """--json tells the host, too, and prints nothing else."""
        course.pretend_check(monkeypatch, True)
        assert json.loads(shell("check", "1", "--json").out)["step"] == ALPHA.id
        assert room.seen == [("Ada", ALPHA.id, "done")]

    def test_watching(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """`watch` tells each check."""
        course.pretend_check(monkeypatch, False, True)
        changes: Iterator[object] = iter([{}])
        monkeypatch.setattr("workshop.commands.course.watch.changed", lambda *_: next(changes))
        assert cli.run(["watch", "1"]) == 0
        assert room.registrar._register.places[0].work[ALPHA.id].checks == 2

    def test_a_check_that_fails_itself(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """What keeps us from checking is no check, and the host hears of none."""
        course.break_check(monkeypatch, "Nothing can be checked here.")
        assert cli.run(["check", "1"]) == 2
        assert room.registrar._register.places[0].work == {}

    def test_a_removed_attendee(self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """The host has removed somebody: said once, and the check counts as ever."""
        course.pretend_check(monkeypatch, True)
        room.ask(lambda registrar: registrar.obey(ClassOrder("forget", "Ada")))
        for expected in (True, False):
            assert ("The host has removed you" in shell("check", "1").out) is expected


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

    def seconds_longer(self, address: str, *words: str) -> float:
        """How much longer with that host than in no class; the best of some tries, since the machine adds."""
        alone, told = [], []
        for _ in range(TRIES):
            MembershipFile().forget()
            alone.append(self.seconds_of(*words))
            member_at(address)
            told.append(self.seconds_of(*words))
            assert untold() == [(words[0], ALPHA.id)]
            if min(told) - min(alone) < LONGER + NOISE:
                break
        return min(told) - min(alone)

    @pytest.mark.parametrize("words", [("check", "1"), ("check", "1", "--json"), ("start", "1")])
    def test_no_longer_than_promised(
        self, words: tuple[str, ...], silent: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Whether nobody listens or nobody answers: at most 0.3 s longer than without a class."""
        for address in (f"127.0.0.1:{free_port()}", silent):
            assert self.seconds_longer(address, *words) < LONGER + NOISE
        assert (NOT_REACHED in capsys.readouterr().out) is ("--json" not in words)

    def test_it_is_told_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """When the host is back, it hears all, the oldest first."""
        port = free_port()
        member_at(f"127.0.0.1:{port}")
        cli.run(["check", "1"])
        cli.run(["start", "2"])
        assert untold() == [("check", ALPHA.id), ("start", OMEGA.id)]
        monkeypatch.setattr(telling, "PATIENCE", 20.0)
        with Beside(port=port) as room:
            cli.run(["start", "2"])
            assert room.seen == [("Ada", OMEGA.id, "working")]
            assert room.registrar._register.places[0].work[ALPHA.id].passed
        assert untold() == []


def test_no_process_stays(silent: str, tmp_path: Path) -> None:
    """A command ends as ever while the host says nothing; no traceback, nothing left."""
    member_at(silent)
    with running(python("-m", "workshop", "start", "0"), tmp_path / "log") as program:
        assert program.wait() == 0
    text = program.text()
    assert NOT_REACHED in text and "Traceback" not in text and "Exception" not in text


def test_in_no_class_nothing_is_imported(tmp_path: Path) -> None:
    """Without a class, nothing waits for netlib."""
    source = (
        "import sys; from workshop import cli; cli.run(['start', '0']);"
        "print([name for name in ('netlib', 'websockets', 'sqlite3') if name in sys.modules])"
    )
    with running(python("-c", source), tmp_path / "log") as program:
        assert program.wait() == 0
    assert program.text().endswith("[]\n")
