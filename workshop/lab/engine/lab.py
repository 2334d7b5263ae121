"""The lab: a room, a driven player and bots in one event loop, and a record of each frame."""

import asyncio
import contextlib
from math import exp
from types import TracebackType
from typing import Self, TypeAlias

import netlib
from netlib.client.dial import NOBODY, Witness
from netlib.protocol.frames import PORT
from netlib.transport.tcp import TCP, Network
from workshop.game.play.bot_client import Troop
from workshop.game.rules.entities import ROUND_ID, SCHEMA
from workshop.game.rules.maps import Point
from workshop.game.rules.messages import MESSAGES
from workshop.lab.engine.driven import Driven
from workshop.lab.engine.history import History, Record, Shown
from workshop.lab.engine.measures import WINDOW, Figures, Meter, Moment, Players
from workshop.lab.engine.room import Room, pixels
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import TimelineData

Measured: TypeAlias = tuple[Figures, Figures, Figures]

SEED = 5  # of the map
BOTS = 4
CAMERA_TIME = 0.25  # seconds in which the camera closes most of the way to the driven player
FAR = 400  # pixels; a camera that is further away jumps
SHOT_SHOWN = 0.6  # seconds


class Lab:
    """``async with Lab(settings) as lab``: then `frame` once a frame.

    Args:
        port: where the room is, on loopback; the next free one when it is taken, and any for 0.
        witness: is told of each message of the driven player.

    Attributes:
        room, driven: new ones after another tick rate.
        history: what was drawn.
    """

    room: Room
    driven: Driven

    def __init__(
        self, settings: Settings, *, port: int = PORT, seed: int = SEED, network: Network = TCP,
        witness: Witness = NOBODY,
    ) -> None:  # fmt: skip
        self.settings, self.history, self.wire = settings, History(), WireLog()
        self._port, self._seed, self._network, self._witness = port, seed, network, witness
        self._open = contextlib.AsyncExitStack()
        self._eye: Point = (0, 0)

    async def __aenter__(self) -> Self:
        await self._start(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def use(self, settings: Settings) -> None:
        """Set all that the controls set; another tick rate is another server."""
        before, self.settings = self.settings, settings
        if settings.tick_rate != before.tick_rate:
            me, by_bot = self.room.truth["players"].get(self.driven.id), self.driven.by_bot
            await self._open.aclose()
            self.wire.forget_what_is_under_way()
            await self._start((me.x, me.y) if me else None)
            self.driven.by_bot = by_bot
        else:
            self.room.use(settings)
            self.driven.use(settings)

    async def _start(self, place: Point | None) -> None:
        """Open a room, and let the driven player and the bots come in."""
        self._meters = Meter(), Meter(), Meter()
        opened = self.room = Room(
            self.settings, self.wire, seed=self._seed, port=self._port, network=self._network
        )
        await self._open.enter_async_context(opened.server)
        self._open.push_async_callback(self._stop, asyncio.create_task(self._bots(opened.url)))
        client = netlib.Client(
            opened.url, name="You", messages=MESSAGES, schema=SCHEMA, network=self._network, seed=self._seed,
            witness=self._witness,
        )  # fmt: skip
        await self._open.enter_async_context(client)
        opened.watch(client.player_id, place)
        while not client.state.get("round"):
            await client.wait_for(netlib.StateChanged)
        self.driven = Driven(client, self.settings, self.wire)
        self.driven.use(self.settings)

    async def _bots(self, url: str) -> None:
        with contextlib.suppress(netlib.NetlibError):
            await Troop(url, BOTS, network=self._network).play()

    async def _stop(self, bots: asyncio.Task[None]) -> None:
        bots.cancel()
        await asyncio.wait([bots])

    def frame(self, dt: float) -> Record:
        """Do, draw and measure what belongs to a frame, ``dt`` seconds after the last one."""
        self.driven.client.poll()  # nobody reads it; it must not pile up
        self.driven.move(dt)
        record = self._record(netlib.clock(), dt)
        self.history.add(record)
        self.history.pass_time(dt)
        return record

    def timeline(self, record: Record, seconds: float) -> TimelineData:
        """What the time line shows at a record's time."""
        marks = self.wire.at(record.time, seconds)
        return TimelineData(record.time, marks, record.span, record.views[0].tick_rate, seconds)

    def _record(self, now: float, dt: float) -> Record:
        room, driven, state = self.room, self.driven, self.driven.client.state
        drawn = room.truth["players"], driven.raw(), driven.repaired(dt)
        tick, rate, focus = driven.client.tick, self.settings.tick_rate, self._camera(dt)
        known = (room.truth, room.server.tick), (state, tick), (state, tick)
        truth, raw, repaired = (
            Shown(players, of["resources"], of["round"][ROUND_ID], driven.id, focus, at, rate)
            for players, (of, at) in zip(drawn, known, strict=True)
        )
        shots = tuple(shot for shot in room.shots if now - shot.time < SHOT_SHOWN)
        hits = sum(shot.hit for shot in room.shots) / len(room.shots) if room.shots else None
        return Record(
            now, (truth, raw, repaired), self._measure(drawn, now, dt), tick, driven.span, shots, hits
        )

    def _measure(self, drawn: tuple[Players, Players, Players], now: float, dt: float) -> Measured:
        """The figures of the server's view, of the raw and of the repaired one."""
        room, driven = self.room, self.driven
        moment = Moment(drawn[0], driven.id, room.applied, driven.began, now, dt)
        wrong = max((error for when, error in driven.wrong if now - when < WINDOW), default=0.0)
        seen = room.applied, *driven.seen
        truth, raw, repaired = (
            meter.measure(players, newest, moment, off)
            for meter, players, newest, off in zip(self._meters, drawn, seen, (0.0, 0.0, wrong), strict=True)
        )
        return truth, raw, repaired

    def _camera(self, dt: float) -> Point:
        """Where all three views look: it follows the driven player as the server has it, and smoothly."""
        if (me := self.room.truth["players"].get(self.driven.id)) is None:
            return self._eye
        (x, y), share = self._eye, 1 - exp(-dt / CAMERA_TIME)
        if pixels(self._eye, (me.x, me.y)) > FAR:
            share = 1.0
        self._eye = round(x + (me.x - x) * share), round(y + (me.y - y) * share)
        return self._eye
