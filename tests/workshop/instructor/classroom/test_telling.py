"""Telling the host beside a command: heard when it is there, kept when it is not, and never long."""

import asyncio
import time
from pathlib import Path

import pytest

import netlib
from tests.support.classes import STEPS, a_class, a_member, errands
from tests.support.commands import free_port
from tests.support.course import forbid_writing
from workshop import steps
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.membership import Enrolment, MembershipFile
from workshop.instructor.classroom.messages import ClassOrder
from workshop.instructor.classroom.telling import telling

READY, TASKS, ECHO = (steps.find(step) for step in STEPS)
LONG = 20.0  # seconds; a deadline and not a pause
SHORT = 0.3  # seconds that a command may end later
NO_LONGER = 0.45  # the same on a busy machine, for the best of so many tries
TRIES = 10

pytestmark = pytest.mark.usefixtures("no_thread_stays")


@pytest.fixture
def file(tmp_path: Path) -> MembershipFile:
    """Give a membership's file."""
    return MembershipFile(tmp_path / "class.json", warn=pytest.fail)


def work(file: MembershipFile, *, patience: float = LONG, number: int = 1) -> str:
    """Do what a command does that has so much to tell; return what could not be told."""
    with telling(patience, file) as host:
        for _ in range(number):
            host.note("check", TASKS, passed=False, seconds=60.0)
    return host.problem


async def a_joined(server: netlib.Server, file: MembershipFile) -> Enrolment:
    """Join, and remember it."""
    membership = a_member(server)
    await messenger.take_place(membership, lambda: None)
    file.write(membership)
    return membership


async def test_the_host_hears(file: MembershipFile) -> None:
    """What a command notes is at the registrar when the command ends; it has left the room with a goodbye."""
    async with a_class() as (server, registrar):
        await a_joined(server, file)

        def command() -> str:
            with telling(LONG, file) as host:
                host.note("start", TASKS)
                host.note("stuck", TASKS, words="what is\na task?")
            return host.problem

        assert await asyncio.to_thread(command) == ""
        assert server.peers == [] and server.metrics.dropped == 0
        (attendee,) = registrar.attendees()
        assert (attendee.step, attendee.state, attendee.words) == (TASKS.id, "stuck", "what is a task?")
        read = file.read()
        assert read
        assert (read.untold, read.number) == ([], 2)


async def test_the_host_comes_back(file: MembershipFile) -> None:
    """What could not be told is told the next time, with the time at which it happened; nothing twice."""
    async with a_class() as (server, _):
        membership = await a_joined(server, file)
    assert (await asyncio.to_thread(work, file, number=3)).startswith("Your host was not reached")
    async with a_class(port=server.port) as (server, registrar):
        assert await asyncio.to_thread(work, file) == ""
        assert server.port == int(membership.address.rpartition(":")[2])
        assert registrar._register.places[0].work[TASKS.id].checks == 4


async def test_a_place_that_is_lost(file: MembershipFile) -> None:
    """An attendee who was removed is told so, and is no longer in a class."""
    async with a_class() as (server, registrar):
        await a_joined(server, file)
        registrar.obey(ClassOrder("forget", "Ada"))
        problem = await asyncio.to_thread(work, file)
        assert problem.startswith("The host has removed you from the class. You are no longer in a class;")
        assert file.read() is None
        assert await asyncio.to_thread(work, file) == ""


def test_in_no_class(file: MembershipFile) -> None:
    """Nothing is kept, nobody is asked, no thread is begun."""
    with telling(file=file) as host:
        host.note("start", TASKS)
        assert errands() == []
    assert host.problem == ""
    assert not file.path.exists()


class TestGone:
    """The host is not there: the command does not wait for it."""

    def slower_by(self, file: MembershipFile, address: str, block: float = 0.0) -> float:
        """How much longer than its own work a command takes; the best of some tries."""
        times = []
        for _ in range(TRIES):
            file.write(Enrolment("Ada", "t" * 20, address))
            began = time.perf_counter()
            with telling(file=file) as host:
                time.sleep(block)
                host.note("check", TASKS, passed=True, seconds=60.0)
            times.append(time.perf_counter() - began - block)
            if times[-1] < NO_LONGER:
                break
            assert host.problem.startswith("Your host was not reached, and will hear of it next time: ")
            read = file.read()
            assert read and [each.news.step for each in read.untold] == [TASKS.id]
        return min(times)

    def test_nobody_listens(self, file: MembershipFile) -> None:
        """A port at which nobody listens costs no time."""
        assert self.slower_by(file, f"127.0.0.1:{free_port()}") < NO_LONGER

    def test_somebody_says_nothing(self, file: MembershipFile, silent: str) -> None:
        """Somebody who never answers costs 0.3 s, whether the work was short or long."""
        for block in (0.0, 0.5):
            assert SHORT - 0.1 < self.slower_by(file, silent, block) < NO_LONGER

    @pytest.mark.parametrize(
        "address", ["not an address", "ws://", "no-such-host.invalid", "", "127.0.0.1:1/x"]
    )
    def test_nonsense(self, file: MembershipFile, address: str) -> None:
        """An address that is none costs no time either."""
        assert self.slower_by(file, address) < NO_LONGER

    def test_ctrl_c(self, file: MembershipFile, silent: str) -> None:
        """Ctrl-C during the work is not held up at all."""
        file.write(Enrolment("Ada", "t" * 20, silent))
        began = time.perf_counter()
        with pytest.raises(KeyboardInterrupt), telling(LONG, file):
            raise KeyboardInterrupt
        assert time.perf_counter() - began < LONG / 2


def test_where_nothing_can_be_kept(file: MembershipFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be written is a sentence, and no reason to stop."""
    file.write(Enrolment("Ada", "t" * 20, f"127.0.0.1:{free_port()}"))
    forbid_writing(monkeypatch)
    assert work(file) == f"{file.path} cannot be written: Read-only file system."
