"""The registrar in a real room: attendees, strangers, and a class file."""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

import netlib
from tests.support.classes import STEPS, Warnings, a_class, a_member, join
from tests.support.processes import TIMEOUT, wait_until_async
from tests.support.rooms import a_room, plain_client
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.book import Book
from workshop.instructor.classroom.database import Record, read_places
from workshop.instructor.classroom.membership import Enrolment, PlaceLost
from workshop.instructor.classroom.messages import ClassOrder
from workshop.instructor.classroom.news import News
from workshop.instructor.classroom.register import MAX_PLACES

READY, TASKS, ECHO = STEPS


async def tell(membership: Enrolment, *news: News) -> int:
    """Tell the host, and return what it has heard."""
    async with messenger.at_desk(membership) as client:
        return (await messenger.tell(client, membership, news)).heard


async def test_joining_and_telling() -> None:
    """The board sees who is there, on which step, in which state, with which words, since when."""
    async with a_class(name="Monday") as (server, registrar):
        ada = a_member(server)
        assert await join(ada) == "Monday"
        assert await tell(ada, News(1, "start", READY), News(2, "stuck", words="no <b>port</b>")) == 2
        (attendee,) = registrar.attendees()
        *shown, seconds, _, _ = msgspec.structs.astuple(attendee)
        assert shown == ["Ada", READY, "stuck", "no <b>port</b>"] and seconds < 60


async def test_the_class_rests_while_the_room_stands_still(tmp_path: Path) -> None:
    """A pause is a rest, which the class file keeps; so is the time between two runs of the host."""
    async with a_class(tmp_path / "class.db") as (server, registrar):
        server.pause()
        server.unpause()
        assert len(registrar.host.data.rests) == 1
    async with a_class(tmp_path / "class.db") as (_, registrar):
        assert len(registrar.host.data.rests) == 2


async def test_much_to_tell() -> None:
    """What has waited for long is told in several messages, whatever its words are."""
    async with a_class() as (server, registrar):
        ada = a_member(server)
        await join(ada)
        words = "\U0001f40d" * 200
        news = [News(number, "stuck", TASKS, words=words) for number in range(1, 101)]
        assert await tell(ada, *news) == 100
        assert registrar.attendees()[0].words == words
        assert not server.metrics.refused


async def test_a_swapped_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other laptop waits until the host agrees, and then has the place; the first one has lost it."""
    monkeypatch.setattr(messenger, "POLL_SECONDS", 0.02)
    async with a_class() as (server, registrar):
        before, after = a_member(server), a_member(server, "ada")
        await join(before)
        await tell(before, News(1, "check", READY, passed=True, seconds=60.0))
        told: list[str] = []
        waiting = asyncio.create_task(messenger.take_place(after, lambda: told.append("waits")))
        await wait_until_async(lambda: told, "the laptop waits")
        assert (registrar.claims(), told) == ({"Ada": "127.0.0.1"}, ["waits"])
        registrar.obey(ClassOrder("agree", "Ada"))
        place, _ = await waiting
        assert (place.nickname, place.heard) == ("Ada", 1)
        assert registrar.claims() == {}
        assert registrar.attendees()[0].state == "done"
        with pytest.raises(PlaceLost, match="Another laptop has this place"):
            await tell(before, News(2, "stuck"))
        assert await tell(after, News(2, "start", TASKS)) == 2


async def test_leaving_deletes(tmp_path: Path) -> None:
    """Nothing is left, neither at the registrar nor in the file."""
    async with a_class(tmp_path / "class.db") as (server, registrar):
        ada, ben = a_member(server), a_member(server, "Ben")
        await asyncio.gather(join(ada), join(ben))
        assert await messenger.leave(ada)
        assert await messenger.leave(ada), "there is nothing of ours there, so it is done"
        assert [attendee.nickname for attendee in registrar.attendees()] == ["Ben"]
        assert [place.nickname for place in read_places(tmp_path / "class.db")] == ["Ben"]


async def test_the_host_removes_somebody(tmp_path: Path) -> None:
    """That laptop hears so and does not come back by itself."""
    async with a_class(tmp_path / "class.db") as (server, registrar):
        ada = a_member(server)
        await join(ada)
        registrar.obey(ClassOrder("forget", "ada"))
        with pytest.raises(PlaceLost, match="The host has removed you"):
            await tell(ada, News(1, "stuck"))
        assert registrar.attendees() == []
        with pytest.raises(netlib.RequestFailed, match="nobody is in the class"):
            registrar.obey(ClassOrder("forget", "ada"))
    assert read_places(tmp_path / "class.db") == []


async def test_a_name_that_is_taken_back_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place is in the file also when it gets its old name again while a slow disk writes the new one."""
    at_work, go_on, write = threading.Event(), threading.Event(), Book.write

    def slow(book: Book, changes: Mapping[str, Record | None]) -> None:
        at_work.set()
        go_on.wait(TIMEOUT)
        write(book, changes)

    async with a_class(tmp_path / "class.db") as (server, registrar):
        await join(a_member(server))
        monkeypatch.setattr(Book, "write", slow)
        registrar.obey(ClassOrder("rename", "Ada", "Zoe"))
        await wait_until_async(at_work.is_set, "the disk is at work")
        registrar.obey(ClassOrder("rename", "Zoe", "Ada"))
        go_on.set()  # and the room ends at once
    assert [place.nickname for place in read_places(tmp_path / "class.db")] == ["Ada"]


async def test_the_last_orders_before_the_end(tmp_path: Path) -> None:
    """What the host orders while the room closes is in the file."""
    async with a_class(tmp_path / "class.db") as (server, registrar):
        for nickname in ("Ada", "Ben"):
            await join(a_member(server, nickname))
        registrar.obey(ClassOrder("rename", "Ada", "Zoe"))
        registrar.obey(ClassOrder("forget", "Ben"))
    assert [place.nickname for place in read_places(tmp_path / "class.db")] == ["Zoe"]


async def test_a_restarted_host(tmp_path: Path) -> None:
    """What was answered is in the file before the answer, so it is there after any end of the host."""
    path = tmp_path / "class.db"
    async with a_class(path) as (server, registrar):
        ada = a_member(server)
        await join(ada)
        await tell(ada, News(1, "check", TASKS, seconds=5.0))
        assert read_places(path)[0].work[TASKS].checks == 1
        before = registrar.attendees()
    async with a_class(path) as (server, registrar):
        shown = registrar.attendees()
        assert [(each.nickname, each.step, each.state) for each in shown] == [("Ada", TASKS, "working")]
        assert shown[0].seconds >= before[0].seconds
        ada = msgspec.structs.replace(ada, address=a_member(server).address)
        assert await tell(ada, News(1, "check", TASKS), News(2, "check", TASKS)) == 2
        assert read_places(path)[0].work[TASKS].checks == 2


async def test_a_host_with_a_new_file() -> None:
    """An attendee is in the class again without a word, when the host has lost its file."""
    async with a_class() as (server, registrar):
        assert await tell(a_member(server), News(7, "start", TASKS)) == 7
        assert registrar.attendees()[0].step == TASKS


async def test_a_broken_file(tmp_path: Path, warnings: Warnings) -> None:
    """The room opens all the same, and the host is told."""
    path = tmp_path / "class.db"
    path.write_bytes(b"no class")
    async with a_class(path, warnings) as (server, _):
        assert len(warnings) == 1
        await join(a_member(server))
    assert len(read_places(path)) == 1


class TestStrangers:
    """Clients that speak to the registrar without a place, or nonsense."""

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"type": "class_join", "nickname": "x" * 10_240, "token": "t" * 20}, "bad_message"),
            ({"type": "class_join", "nickname": "", "token": "t" * 20}, "nickname"),
            ({"type": "class_join", "nickname": "\u202eadA", "token": "t" * 20}, "nickname"),
            ({"type": "class_join", "nickname": "Eve", "token": "short"}, "bad_message"),
            ({"type": "class_join", "nickname": "Eve", "token": "t" * 65}, "bad_message"),
            ({"type": "class_join", "nickname": ["Eve"], "token": "t" * 20}, "bad_message"),
            ({"type": "class_news", "nickname": "Eve", "token": "t" * 20, "news": []}, "no_place"),
            ({"type": "class_news", "nickname": "Ada", "token": "t" * 20, "news": []}, "not_yours"),
            ({"type": "class_news", "nickname": "Ada", "token": "t" * 20, "news": [{}] * 11}, "bad_message"),
            ({"type": "class_leave", "nickname": "Ada", "token": "t" * 20}, "not_yours"),
            ({"type": "class_leave"}, "bad_message"),
            ({"type": "class_forget", "nickname": "Ada"}, "unknown_type"),
        ],
    )
    async def test_is_refused(self, body: dict[str, object], code: str, tmp_path: Path) -> None:
        """Each gets a reason; the class and the file stay as they were."""
        path = tmp_path / "class.db"
        async with a_class(path) as (server, registrar), plain_client(server) as stranger:
            await join(a_member(server))
            before = path.read_bytes()
            reply = await stranger.ask(**body)
            assert reply["code"] == code and reply["message"]
            assert [attendee.nickname for attendee in registrar.attendees()] == ["Ada"]
            assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "news",
        [
            {"number": 0, "what": "start"},
            {"number": 2**54, "what": "start"},
            {"number": 1, "what": "finish"},
            {"number": 1, "what": "check", "step": "x" * 65},
            {"number": 1, "what": "check", "seconds": -1.0},
            {"number": 1, "what": "check", "seconds": 1e300},
            {"number": 1, "what": "stuck", "words": "x" * 201},
        ],
    )
    async def test_news_out_of_bounds(self, news: dict[str, object]) -> None:
        """What is out of range is refused as a whole."""
        async with a_class() as (server, registrar), plain_client(server) as client:
            mine = {"nickname": "Ada", "token": "t" * 20}
            await client.ask(type="class_join", **mine)
            good = {"number": 1, "what": "start", "step": READY}
            reply = await client.ask(type="class_news", **mine, news=[good, news])
            assert reply["code"] == "bad_message"
            assert registrar.attendees()[0].step == ""

    async def test_a_crowd(self) -> None:
        """Somebody who takes all places gets no more than there are, and the room goes on."""
        async with a_class(limits=netlib.Limits(message_burst=1000)) as (server, registrar):
            async with plain_client(server) as crowd:
                for number in range(MAX_PLACES + 5):
                    reply = await crowd.ask(type="class_join", nickname=f"{number}", token=f"{number:020}")
                    assert reply.get("code") == (None if number < MAX_PLACES else "class_full")
            assert len(registrar.attendees()) == MAX_PLACES


async def test_a_room_without_a_class() -> None:
    """A game that somebody plays alone has no class, and says so."""
    async with a_room() as server:
        with pytest.raises(messenger.NoClass, match="This room has no class"):
            await join(a_member(server))
