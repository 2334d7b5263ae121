"""A model of players who come, are cut off, come back, leave and are thrown out, in any order: who is where.

``EXAMPLES=2000 pytest tests/netlib/rooms/test_directory.py`` tries more of it.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import netlib
from netlib import testing
from netlib.play.timing import RateLimit
from netlib.rooms import Join, KindRoom
from netlib.server.roster import AWAY_KEPT
from netlib.testing.virtual_time import VirtualTimeLoop
from tests.support.many_rooms import SEATS, Hall, a_hall
from tests.support.sessions import PlainPlayer

ROOMS, PLAYERS, SPECTATORS = 5, 8, 3  # of all rooms together
GRACE = 30.0  # seconds
NEW = "a new room"


@dataclass
class Person:
    """Somebody, as the model knows it."""

    player: PlainPlayer
    name: str
    spectator: bool
    room: KindRoom
    away_since: float | None = None
    proven: bool = False  # it has said the token that it was told

    @property
    def token(self) -> str:
        """What it was told last for coming back."""
        token: str = self.player.got("welcome")[-1]["resume"]
        return token


class Comings(RuleBasedStateMachine):
    """A server in memory, and beside it who must be where."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualTimeLoop(limit=1e9)
        self.runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self.exit = contextlib.AsyncExitStack()
        self.people: list[Person] = []
        self.kicked: list[Person] = []
        self.count = 0
        self.hall: Hall = self.run(self._open())

    async def _open(self) -> Hall:
        limits = netlib.Limits(max_players=PLAYERS, max_spectators=SPECTATORS)
        hall = await self.exit.enter_async_context(a_hall(limits=limits, max_rooms=ROOMS))
        unlimited = RateLimit(1e9, 1e9)
        hall.server._directory._made = hall.server._directory._guesses = lambda address: unlimited
        return hall

    def run(self, action: Coroutine[Any, Any, Any]) -> Any:
        """Let something happen."""
        return self.runner.run(action)

    def do(self, action: Callable[[], object]) -> None:
        """Do something at once where the server runs, and let everybody hear of it."""

        async def doing() -> None:
            action()
            await asyncio.sleep(0.1)

        self.run(doing())

    def teardown(self) -> None:
        self.run(self.exit.aclose())
        self.runner.close()

    # What the model says.

    @property
    def rooms(self) -> list[KindRoom]:
        """Those in which somebody plays."""
        return [room for room in self.hall.made if self.players(room)]

    def players(self, room: KindRoom) -> list[Person]:
        """Who plays in a room, or may come back to it."""
        return [person for person in self.people if person.room is room and not person.spectator]

    def expected(self, join: Join, *, spectator: bool) -> list[KindRoom] | str:
        """In which rooms somebody may come who wants this; or the code of the refusal, or a new one."""
        there = sum(person.spectator is spectator for person in self.people)
        if there >= (SPECTATORS if spectator else PLAYERS):
            return "full"
        if join.code:
            rooms = [room for room in self.rooms if room.code == join.code]
            return "no_room" if not rooms else rooms if self._takes(rooms[0], spectator) else "full"
        fitting = [
            room
            for room in self.rooms
            if not room.private and self._takes(room, spectator) and (spectator or not room.locked)
        ]
        if fitting and not (join.new or join.private):
            most = max(len(self.players(room)) for room in fitting)
            return [room for room in fitting if len(self.players(room)) == most]
        return "no_room" if spectator else "rooms" if len(self.rooms) >= ROOMS else NEW

    def _takes(self, room: KindRoom, spectator: bool) -> bool:
        return spectator or len(self.players(room)) < SEATS

    def leave(self, person: Person) -> None:
        """Somebody is gone; the last player takes the room along."""
        self.people.remove(person)
        if not self.players(person.room):
            self.people = [other for other in self.people if other.room is not person.room]

    def give_place(self, *, spectator: bool) -> None:
        """When all is full, the place goes of somebody who is away for longest, and never said anything."""
        same = [person for person in self.people if person.spectator is spectator]
        away = [person for person in same if person.away_since is not None]
        giving = [person for person in away if not person.proven]
        if len(same) >= (SPECTATORS if spectator else PLAYERS) and len(away) > AWAY_KEPT and giving:
            made = self.hall.made.index
            self.leave(min(giving, key=lambda person: (person.away_since or 0.0, made(person.room))))

    # What may happen.

    @rule(
        data=st.data(),
        spectator=st.booleans(),
        how=st.sampled_from(["any", "new", "private", "code", "gone"]),
    )
    def come(self, data: st.DataObject, spectator: bool, how: str) -> None:
        join = Join("table", new=how == "new", private=how == "private")
        if how in ("code", "gone"):
            ended = [room for room in self.hall.made if room.closed] if how == "gone" else self.rooms
            join = Join(code=data.draw(st.sampled_from(ended)).code if ended else "WRONG")
        self.give_place(spectator=spectator)
        expected = self.expected(join, spectator=spectator)
        made = len(self.hall.made)
        self.count += 1
        player, name = PlainPlayer(), f"P{self.count}"
        answer = self.run(self._hello(player, name, join, spectator=spectator))
        if answer["type"] == "refused":
            assert answer["code"] == expected
            return
        (room,) = [room for room in self.hall.made if room.room_id == answer["room_id"]]
        assert room in expected if isinstance(expected, list) else expected == NEW
        assert (len(self.hall.made) > made) is (expected == NEW)
        self.people.append(Person(player, name, spectator, room))

    async def _hello(self, player: PlainPlayer, name: str, join: Join, **more: Any) -> dict[str, Any]:
        await player.dial(self.hall.url, self.hall.network.new_cable())
        fields = {"kind": join.kind, "code": join.code, "new": join.new, "private": join.private}
        said = len(player.frames)
        player.send(type="hello", protocol=1, name=name, nonce=f"nonce of {name}", join=fields, **more)
        await testing.until(lambda: len(player.frames) > said)
        await asyncio.sleep(0.1)
        return player.frames[said]

    @precondition(lambda self: self.people)
    @rule(data=st.data(), how=st.sampled_from(["leaves", "is cut off", "is kicked"]))
    def go(self, data: st.DataObject, how: str) -> None:
        person = data.draw(st.sampled_from(self.people))
        match how:
            case "leaves" if person.away_since is None:
                self.do(person.player._connection.close)
                self.leave(person)
            case "is cut off" if person.away_since is None:
                person.away_since = self.loop.time()
                self.do(person.player.kill)
            case "is kicked":
                self.do(next(peer for peer in person.room.peers if peer.name == person.name).kick)
                self.leave(person)
                self.kicked.append(person)

    @precondition(lambda self: any(person.away_since is not None for person in self.people))
    @rule(data=st.data(), by_nonce=st.booleans())
    def come_back(self, data: st.DataObject, by_nonce: bool) -> None:
        person = data.draw(st.sampled_from([p for p in self.people if p.away_since is not None]))
        by_nonce = by_nonce and len(person.player.got("welcome")) == 1
        more = {} if by_nonce else {"resume": person.token, "received": 0}
        join = Join("table", new=True)
        answer = self.run(self._hello(person.player, person.name, join, spectator=person.spectator, **more))
        assert (answer["type"], answer["room_id"]) == ("welcome", person.room.room_id)
        person.away_since = None
        person.proven = person.proven or not by_nonce

    @precondition(lambda self: self.kicked)
    @rule(data=st.data())
    def come_back_after_a_kick(self, data: st.DataObject) -> None:
        person = self.kicked.pop(data.draw(st.integers(0, len(self.kicked) - 1)))
        if person.room.closed:
            return
        join = Join("table", new=True)
        answer = self.run(self._hello(PlainPlayer(), person.name, join, resume=person.token))
        assert (answer["type"], answer["code"]) == ("refused", "kicked")

    @precondition(lambda self: self.rooms)
    @rule(data=st.data(), what=st.sampled_from(["close", "lock", "unlock"]))
    def rule_a_room(self, data: st.DataObject, what: str) -> None:
        room = data.draw(st.sampled_from(self.rooms))
        if what == "close":
            self.do(room.close)
            self.people = [person for person in self.people if person.room is not room]
        else:
            room.locked = what == "lock"

    @rule(seconds=st.sampled_from([1.0, 11.0, 31.0]))
    def wait(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))
        now = self.loop.time()
        for person in list(self.people):
            if person in self.people and person.away_since is not None and now - person.away_since > GRACE:
                self.leave(person)

    @rule()
    def restart(self) -> None:
        self.run(self._restart())
        for person in self.people:
            person.away_since = self.loop.time()

    async def _restart(self) -> None:
        await self.hall.server.stop()
        await self.hall.server.start()

    # What always holds.

    @invariant()
    def everybody_is_where_it_belongs(self) -> None:
        here = {room.code: sorted(peer.name for peer in room.peers) for room in self.hall.server.rooms}
        model = {room.code: sorted(p.name for p in self.people if p.room is room) for room in self.rooms}
        assert here == model

    @invariant()
    def no_room_has_too_many(self) -> None:
        assert all(len(room.players) <= SEATS for room in self.hall.server.rooms)
        assert len(self.hall.server.rooms) <= ROOMS
        assert self.hall.server.info().players <= PLAYERS

    @invariant()
    def who_leaves_has_joined(self) -> None:
        for room in self.hall.made:
            here = set[str]()
            for what, who in self.hall.happened[room.code]:
                assert (who in here) is (what != "Joined"), (what, who)
                here ^= {who} if what in ("Joined", "Left") else set()
            assert here == {peer.name for peer in room.peers}
            assert not (room.closed and here)


TestComings = Comings.TestCase
TestComings.settings = settings(
    max_examples=int(os.environ.get("EXAMPLES", "25")), stateful_step_count=30, deadline=None
)
