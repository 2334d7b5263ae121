"""`workshop class`: joining, looking, leaving; a taken place; and hosts that are not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import netlib
from tests.support.classes import Beside
from tests.support.commands import free_port
from tests.support.course import ALPHA, READY, kept
from tests.support.processes import python, running, wait_until
from tests.support.typing_in import nobody, types
from workshop import cli
from workshop.classroom import messenger
from workshop.classroom.desk import Desk
from workshop.classroom.membership import Membership, MembershipFile
from workshop.commands import class_group

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


def remembered() -> Membership | None:
    """What this laptop remembers."""
    return MembershipFile().read()


class TestJoining:
    """`class join`."""

    def test_with_a_nickname(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """The host sees the nickname and the current step; one is told what it sees, and how to leave."""
        assert cli.run(["class", "join", "Ada", "--host", at(room)]) == 0
        captured = capsys.readouterr()
        assert captured.out.splitlines() == [
            '✓ ok  You are in the class of "Monday" as Ada.',
            *class_group.TOLD.splitlines(),
            "To leave it: py -m workshop class leave",
        ]
        assert captured.err == ""
        assert room.seen == [("Ada", READY.id, "working")]
        membership = remembered()
        assert membership
        assert membership.untold == []

    def test_asked_for_the_nickname(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """At a terminal the nickname is asked for."""
        types(monkeypatch, "  Zoë  K \n")
        assert cli.run(["class", "join", "--host", at(room)]) == 0
        assert [nickname for nickname, *_ in room.seen] == ["Zoë K"]

    def test_nobody_to_ask(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without a terminal it must be typed."""
        nobody(monkeypatch)
        assert cli.run(["class", "join", "--host", at(room)]) == 2
        assert "py -m workshop class join NICKNAME" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("nickname", "problem"),
        [
            ("x" * 21, "Your nickname has 21 characters; choose one with at most 20"),
            (" ", "Your nickname is empty"),
            ("a\x1bb", "Your nickname has control characters"),
        ],
    )
    def test_no_nickname(
        self, nickname: str, problem: str, room: Beside, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What cannot be one is refused here already."""
        assert cli.run(["class", "join", nickname, "--host", at(room)]) == 2
        assert problem in capsys.readouterr().err
        assert remembered() is None

    def test_again(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """Joining once more, also without the nickname, keeps the place; for another one must leave first."""
        for words in (["Ada"], ["ADA"], []):
            assert cli.run(["class", "join", *words, "--host", at(room)]) == 0
        assert cli.run(["class", "join", "Ben", "--host", at(room)]) == 2
        assert "You are in a class as Ada. To change that, leave: py -m" in capsys.readouterr().err
        assert len(room.seen) == 1

    def test_the_room_on_this_network(self, room: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without an address the host's room is found, and its password asked for."""
        found = netlib.Room(
            id="1",
            name="Monday",
            host="127.0.0.1",
            port=room.server.port,
            players=0,
            max_players=32,
            protocol=1,
            hosted=True,
            password=True,
        )
        monkeypatch.setattr(class_group, "search", lambda: ([found], None))
        monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: "sesame")
        types(monkeypatch, "")
        assert cli.run(["class", "join", "Ada"]) == 0
        assert [nickname for nickname, *_ in room.seen] == ["Ada"]
        membership = remembered()
        assert membership
        assert membership.password == "sesame"

    def test_no_room(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """When none is found, the advice is this command with an address."""
        monkeypatch.setattr(class_group, "search", lambda: ([], None))
        assert cli.run(["class", "join", "Ada"]) == 2
        assert "for example py -m workshop class join Ada --host 192.168.1.5" in capsys.readouterr().err


class TestNoClass:
    """Where one cannot join."""

    @pytest.mark.parametrize("before", [None, Membership("Ada", "t" * 20, "10.0.0.7", room="Sunday")])
    def test_nobody_there(self, before: Membership | None, capsys: pytest.CaptureFixture[str]) -> None:
        """The reason, and 2; what was before is as it was."""
        if before:
            MembershipFile().write(before)
        assert cli.run(["class", "join", "Ada", "--host", f"127.0.0.1:{free_port()}"]) == 2
        assert "nobody listens at" in capsys.readouterr().err
        assert remembered() == before

    def test_a_room_without_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A game that somebody plays alone says that it has no class."""
        with Beside() as room:
            room.ask(lambda desk: room.server._answers.clear())
            assert cli.run(["class", "join", "Ada", "--host", at(room)]) == 2
        assert "This room has no class; it is in one that was opened with: py -m" in capsys.readouterr().err
        assert remembered() is None

    def test_a_wrong_password(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A room with a password lets nobody in without it."""
        with Beside(password="plum") as room:
            assert cli.run(["class", "join", "Ada", "--host", at(room)]) == 2
            assert cli.run(["class", "join", "Ada", "--host", at(room), "--password", "plum"]) == 0
        assert "--password" in capsys.readouterr().err

    def test_where_nothing_can_be_kept(
        self, room: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """In a read-only checkout the host hears nothing, since the place could not be kept."""

        def refuse(path: Path, data: bytes) -> None:
            raise PermissionError(30, "Read-only file system")

        monkeypatch.setattr("workshop.files.write_whole", refuse)
        assert cli.run(["class", "join", "Ada", "--host", at(room)]) == 2
        assert "cannot be written: Read-only file system" in capsys.readouterr().err
        assert room.seen == []


class TestTakenPlace:
    """Somebody has the nickname already."""

    @pytest.fixture(autouse=True)
    def ada(self, room: Beside) -> None:
        """Ada has joined, from a laptop that has broken since."""
        cli.run(["class", "join", "Ada", "--host", at(room)])
        MembershipFile().forget()

    def test_the_host_agrees(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """The laptop waits and says so; when the host agrees it has the place."""

        def agree() -> None:
            wait_until(lambda: room.ask(Desk.claims), "somebody waits")
            room.ask(lambda desk: desk.agree("ada"))

        host = threading.Thread(target=agree)
        host.start()
        capsys.readouterr()
        assert cli.run(["class", "join", "ada", "--host", at(room)]) == 0
        host.join()
        out = capsys.readouterr().out
        assert out.startswith('Somebody is in this class as "ada" already.\n')
        assert "Ctrl-C gives up" in out
        assert 'You are in the class of "Monday" as ada.' in out
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

    def test_in_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Who is in no class is told how to be."""
        assert cli.run(["class"]) == 0
        assert capsys.readouterr().out == (
            "You are in no class. To be in the one of this room: py -m workshop class join\n"
        )

    def test_with_untold_news(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where, as whom, and what waits to be told."""
        MembershipFile().write(Membership("Ada", "t" * 20, "10.0.0.7", room="[bold]Monday"))
        MembershipFile().note("start", step=ALPHA.id)
        assert cli.run(["class"]) == 0
        out = capsys.readouterr().out
        assert out.startswith('You are in the class of "[bold]Monday" as Ada. It is at 10.0.0.7.\n')
        assert "Your host has not heard 1 thing yet" in out


class TestLeaving:
    """`class leave`."""

    def test_it_deletes(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is left there or here; the progress is one's own, and stays."""
        cli.run(["class", "join", "Ada", "--host", at(room)])
        with kept().changing() as progress:
            progress.hint_shown(ALPHA, "01.1", 1)
        assert cli.run(["class", "leave"]) == 0
        assert "Your host has deleted all that it knew of you." in capsys.readouterr().out
        assert room.seen == []
        assert remembered() is None
        assert kept().read().of(ALPHA).hints
        assert cli.run(["class", "leave"]) == 0

    def test_the_host_is_gone(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is deleted when the host could not, unless one says that here is enough."""
        MembershipFile().write(Membership("Ada", "t" * 20, f"127.0.0.1:{free_port()}"))
        assert cli.run(["class", "leave"]) == 2
        err = capsys.readouterr().err
        assert "nothing was deleted: nobody listens at" in err
        assert "To forget it here only: py -m workshop class leave --here" in err
        assert remembered()
        assert cli.run(["class", "leave", "--here"]) == 0
        assert capsys.readouterr().out.endswith("You are in no class any more.\n")
        assert remembered() is None


class TestHands:
    """`stuck` and `unstuck`."""

    def test_up_and_down(self, room: Beside, capsys: pytest.CaptureFixture[str]) -> None:
        """The host sees the words, and that the hand is down again."""
        cli.run(["class", "join", "Ada", "--host", at(room)])
        capsys.readouterr()
        assert cli.run(["stuck", "line 12,", "what is <b>?"]) == 0
        assert "Your hand is up. To lower it: py -m workshop unstuck" in capsys.readouterr().out
        assert room.ask(Desk.attendees)[0].words == "line 12, what is <b>?"
        assert cli.run(["unstuck"]) == 0
        assert "Your hand is down." in capsys.readouterr().out
        assert room.seen == [("Ada", READY.id, "working")]

    @pytest.mark.parametrize("command", ["stuck", "unstuck"])
    def test_in_no_class(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Who is in no class is told how to be, with 2."""
        assert cli.run([command]) == 2
        assert "You are in no class. To be in it: py -m workshop class join" in capsys.readouterr().err

    def test_too_many_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        """More than the board can show is refused."""
        assert cli.run(["stuck", "x" * 201]) == 2
        assert "These are 201 characters; 200 at most are shown." in capsys.readouterr().err

    def test_the_host_is_gone(self, capsys: pytest.CaptureFixture[str]) -> None:
        """That is said, with 1; the hand goes up when the host is back."""
        MembershipFile().write(Membership("Ada", "t" * 20, f"127.0.0.1:{free_port()}"))
        assert cli.run(["stuck"]) == 1
        err = capsys.readouterr().err
        assert "Your host was not reached, and hears of it the next time: nobody listens at" in err
        membership = remembered()
        assert membership
        assert [each.news.what for each in membership.untold] == ["stuck"]
