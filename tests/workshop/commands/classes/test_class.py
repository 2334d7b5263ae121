"""`workshop class`: joining, looking, leaving; a taken place; and hosts that are not there."""

import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.classes import Beside, member_at, untold
from tests.support.commands import Said, Shell, free_port
from tests.support.course import ALPHA, OMEGA, READY, forbid_writing, kept
from tests.support.processes import python, running, wait_until
from tests.support.rooms import found
from tests.support.typing_in import nobody, types
from workshop.commands.classes import class_group
from workshop.commands.game import join as rooms
from workshop.course.progress_file import ProgressFile
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.membership import Enrolment, MembershipFile
from workshop.instructor.classroom.messages import ClassOrder
from workshop.instructor.classroom.registrar import Registrar

pytestmark = pytest.mark.usefixtures("course_root")


@pytest.fixture
def room() -> Iterator[Beside]:
    """Give a room with a class, in a thread."""
    with Beside(name="Monday") as room:
        yield room


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask often whether the host has agreed."""
    monkeypatch.setattr(messenger, "POLL_SECONDS", 0.05)


def at(room: Beside) -> str:
    """What one types to go there."""
    return f"127.0.0.1:{room.server.port}"


def join(shell: Shell, room: Beside, *words: str, code: int = 0) -> Said:
    """Type what joins the class in that room."""
    return shell("class", "join", *words, "--host", at(room), code=code)


def remembered() -> Enrolment | None:
    """What this laptop remembers."""
    return MembershipFile().read()


class TestJoining:
    """`class join`."""

    def test_with_a_nickname(self, room: Beside, shell: Shell) -> None:
        """The host sees the nickname and the current step; one is told what it sees, and how to leave."""
        out, err = join(shell, room, "Ada")
        assert err == ""
        assert out.splitlines() == [
            '✓ ok  You are in the class of "Monday" as Ada.',
            *class_group.TOLD.splitlines(),
            "To leave it: py -m workshop class leave",
        ]
        assert room.seen == [("Ada", READY.id, "working")]
        assert untold() == []

    def test_asked_for_the_nickname(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell
    ) -> None:
        """At a terminal the nickname is asked for."""
        types(monkeypatch, "  Zoë  K \n")
        join(shell, room)
        assert [nickname for nickname, *_ in room.seen] == ["Zoë K"]

    def test_nobody_to_ask(self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """Without a terminal it must be typed."""
        nobody(monkeypatch)
        assert "py -m workshop class join NICKNAME" in join(shell, room, code=2).err

    @pytest.mark.parametrize(
        ("nickname", "problem"),
        [
            ("x" * 21, "Your nickname has 21 characters; choose one with at most 20"),
            (" ", "Your nickname is empty"),
            ("a\x1bb", "Your nickname has control characters"),
        ],
    )
    def test_no_nickname(self, nickname: str, problem: str, room: Beside, shell: Shell) -> None:
        """What cannot be one is refused here already."""
        assert problem in join(shell, room, nickname, code=2).err
        assert remembered() is None

    def test_again(self, room: Beside, shell: Shell) -> None:
        """Joining once more, also without the nickname, keeps the place; for another one must leave first."""
        for words in (["Ada"], ["ADA"], []):
            join(shell, room, *words)
        err = join(shell, room, "Ben", code=2).err
        assert "You are in a class as Ada. To change that, leave: py -m" in err
        assert len(room.seen) == 1

    def test_another_nickname_from_the_host(self, room: Beside, shell: Shell) -> None:
        """The laptop hears with its next news what the host calls the attendee, and goes on so."""
        join(shell, room, "Ada")
        room.ask(lambda registrar: registrar.obey(ClassOrder("rename", "Ada", "Zoe")))
        shell("stuck", "help")
        known = remembered()
        assert known and known.nickname == "Zoe"
        assert [nickname for nickname, *_ in room.seen] == ["Zoe"]

    def test_a_new_laptop_keeps_the_step(self, room: Beside, shell: Shell) -> None:
        """Nothing is begun on it, so the host's step stands, and the attendee is told how to go on there."""
        join(shell, room, "Ada")
        shell("start", "2")
        assert room.seen == [("Ada", OMEGA.id, "working")]
        ProgressFile().path.unlink()
        assert "To go on there: py -m workshop start 2" in join(shell, room).out
        assert room.seen == [("Ada", OMEGA.id, "working")]

    def test_the_room_on_this_network(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell
    ) -> None:
        """Without an address the host's room is found, and its password asked for."""
        there = found("Monday", port=room.server.port, hosted=True, password=True)
        monkeypatch.setattr(rooms, "search", lambda: ([there], None))
        monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: "sesame")
        types(monkeypatch, "")
        shell("class", "join", "Ada")
        assert [nickname for nickname, *_ in room.seen] == ["Ada"]
        membership = remembered()
        assert membership and membership.password == "sesame"

    def test_no_room(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """When none is found, the advice is this command with an address."""
        monkeypatch.setattr(rooms, "search", lambda: ([], None))
        err = shell("class", "join", "Ada", code=2).err
        assert "for example py -m workshop class join Ada --host 192.168.1.5" in err


class TestNoClass:
    """Where one cannot join."""

    @pytest.mark.parametrize("before", [None, Enrolment("Ada", "t" * 20, "10.0.0.7", room="Sunday")])
    def test_nobody_there(self, before: Enrolment | None, shell: Shell) -> None:
        """The reason, and 2; what was before is as it was."""
        if before:
            MembershipFile().write(before)
        words = ("class", "join", "Ada", "--host", f"127.0.0.1:{free_port()}")
        assert "nothing is listening at" in shell(*words, code=2).err
        assert remembered() == before

    def test_a_room_without_one(self, shell: Shell) -> None:
        """A game that somebody plays alone says that it has no class."""
        with Beside() as room:
            room.ask(lambda registrar: room.server._answers.clear())
            err = join(shell, room, "Ada", code=2).err
        assert "This room has no class; it is in one that was opened with: py -m" in err
        assert remembered() is None

    def test_a_wrong_password(self, shell: Shell) -> None:
        """A room with a password lets nobody in without it."""
        with Beside(password="plum") as room:
            assert "--password" in join(shell, room, "Ada", code=2).err
            join(shell, room, "Ada", "--password", "plum")

    def test_where_nothing_can_be_kept(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, shell: Shell
    ) -> None:
        """In a read-only checkout the host hears nothing, since the place could not be kept."""
        forbid_writing(monkeypatch)
        assert "cannot be written: Read-only file system" in join(shell, room, "Ada", code=2).err
        assert room.seen == []


class TestTakenPlace:
    """Somebody has the nickname already."""

    @pytest.fixture(autouse=True)
    def ada(self, room: Beside, shell: Shell) -> None:
        """Ada has joined, from a laptop that has broken since."""
        join(shell, room, "Ada")
        MembershipFile().forget()

    def test_the_host_agrees(self, room: Beside, shell: Shell) -> None:
        """The laptop waits and says so; when the host agrees it has the place."""

        def agree() -> None:
            wait_until(lambda: room.ask(Registrar.claims), "somebody waits")
            room.ask(lambda registrar: registrar.obey(ClassOrder("agree", "ada")))

        host = threading.Thread(target=agree)
        host.start()
        out = join(shell, room, "ada").out
        host.join()
        assert out.startswith('Somebody is in this class as "ada" already.\n')
        assert "Ctrl-C gives up" in out and 'You are in the class of "Monday" as Ada.' in out
        assert len(room.seen) == 1

    def test_ctrl_c(self, room: Beside, tmp_path: Path) -> None:
        """Ctrl-C gives up within a second, leaves no membership and no process."""
        words = ("class", "join", "Ada", "--host", at(room))
        with running(python("-m", "workshop", *words), tmp_path / "log") as program:
            program.wait_for("Ctrl-C gives up")
            program.interrupt()
            assert program.wait(timeout=5) == 130
        assert "Traceback" not in program.text()
        assert remembered() is None
        wait_until(lambda: room.ask(lambda _: not room.server.peers), "it has left the room")


class TestLooking:
    """`class` alone."""

    def test_in_none(self, shell: Shell) -> None:
        """Without a class, the command says how to join one."""
        assert shell("class").out == (
            "You are not in a class. To join this room's class: py -m workshop class join\n"
        )

    def test_with_untold_news(self, shell: Shell) -> None:
        """Where, as whom, and what waits to be told."""
        member_at("10.0.0.7", "[bold]Monday")
        MembershipFile().note("start", step=ALPHA.id)
        out = shell("class").out
        assert out.startswith('You are in the class of "[bold]Monday" as Ada. It is at 10.0.0.7.\n')
        assert "Your host has not heard 1 thing yet" in out


class TestLeaving:
    """`class leave`."""

    def test_it_deletes(self, room: Beside, shell: Shell) -> None:
        """Nothing is left there or here; the progress is one's own, and stays."""
        join(shell, room, "Ada")
        with kept().changing() as progress:
            progress.hint_shown(ALPHA, "01.1", 1)
        assert "Your host has deleted all that it knew about you." in shell("class", "leave").out
        assert (room.seen, remembered()) == ([], None)
        assert kept().read().of(ALPHA).hints
        shell("class", "leave")

    def test_the_host_is_gone(self, shell: Shell) -> None:
        """Nothing is deleted when the host could not, unless one says that here is enough."""
        member_at(f"127.0.0.1:{free_port()}")
        err = shell("class", "leave", code=2).err
        assert "nothing was deleted: nothing is listening at" in err
        assert "To forget it here only: py -m workshop class leave --here" in err
        assert remembered()
        assert shell("class", "leave", "--here").out.endswith("You are no longer in a class.\n")
        assert remembered() is None


class TestHands:
    """`stuck` and `unstuck`."""

    def test_up_and_down(self, room: Beside, shell: Shell) -> None:
        """The host sees the words, and that the hand is down again."""
        join(shell, room, "Ada")
        out = shell("stuck", "line 12,", "what is <b>?").out
        assert "Your hand is up. To lower it: py -m workshop unstuck" in out
        assert room.ask(Registrar.attendees)[0].words == "line 12, what is <b>?"
        assert "Your hand is down." in shell("unstuck").out
        assert room.seen == [("Ada", READY.id, "working")]

    @pytest.mark.parametrize("command", ["stuck", "unstuck"])
    def test_in_no_class(self, command: str, shell: Shell) -> None:
        """Without a class, the command says how to join one, with 2."""
        assert "You are not in a class. To join it: py -m workshop class join" in shell(command, code=2).err

    def test_too_many_words(self, shell: Shell) -> None:
        """More than the board can show is refused."""
        assert "These are 201 characters; at most 200 are shown." in shell("stuck", "x" * 201, code=2).err

    def test_the_host_is_gone(self, shell: Shell) -> None:
        """That is said, with 1; the hand goes up when the host is back."""
        member_at(f"127.0.0.1:{free_port()}")
        err = shell("stuck", code=1).err
        assert "Your host was not reached, and will hear of it next time: nothing is listening at" in err
        assert [what for what, _ in untold()] == ["stuck"]
