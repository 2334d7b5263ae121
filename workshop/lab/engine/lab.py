"""The lab: a room, a driven player and bots in one event loop, and a record of each frame."""

import contextlib
from functools import partial
from math import exp
from typing import Self

from msgspec.structs import replace

import netlib
from netlib.client.dial import NOBODY, Witness
from netlib.protocol.frames import PORT
from netlib.transport.tcp import TCP, Network
from workshop.game.play.bot_client import Troop
from workshop.game.rules.entities import ROUND_ID, SCHEMA
from workshop.game.rules.maps import HEIGHT, WIDTH, Point
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.units import to_units
from workshop.lab.engine.driven import Driven
from workshop.lab.engine.history import History, Record, Shown
from workshop.lab.engine.measures import WINDOW, Figures, Meter, Players
from workshop.lab.engine.room import HOST, Room
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import TimelineData

SEED, BOTS = 5, 5  # of the map and of every random choice; how many
JOIN_SECONDS = 5.0  # that the bots have; on a very slow machine some come later, or never
CAMERA_TIME, SHOT_SHOWN, LINE = 0.25, 0.6, 2.0  # seconds: in which the camera follows; of the time line


class Lab:
    """``async with Lab(settings) as lab``, then `frame` once a frame.

    Args:
        port: on loopback; the next free one when it is taken, and any for 0.
        witness: is told of each message of the driven player.
    """

    def __init__(
        self, settings: Settings, *, port: int = PORT, network: Network = TCP, witness: Witness = NOBODY
    ) -> None:
        self.settings, self.history, self._wire = settings, History(), WireLog()
        self._port, self._network, self._witness = port, network, witness
        self._open = contextlib.AsyncExitStack()
        self._eye = to_units(WIDTH) // 2, to_units(HEIGHT) // 2

    async def __aenter__(self) -> Self:
        try:
            await self._start(by_bot=True)
        except BaseException:
            await self._open.aclose()  # nobody else does who never came in
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def use(self, settings: Settings) -> None:
        """Set all that the controls set; another tick rate is another server."""
        self.settings = self.room.settings = settings
        self.room.shots.clear()
        self.driven.use(settings)
        if settings.tick_rate != self.room.server.tick_rate:
            await self._open.aclose()
            await self._start(by_bot=self.driven.by_bot)

    async def _start(self, *, by_bot: bool) -> None:
        """Open a room, and let the driven player and the bots come in."""
        self._meters = Meter(), Meter(), Meter()
        room = Room(self.settings, self._wire, seed=SEED, port=self._port, network=self._network)
        await self._open.enter_async_context(room.server)
        url, join = f"ws://{HOST}:{room.server.port}", partial(netlib.Client, schema=SCHEMA, seed=SEED)
        client = join(url, name="You", messages=MESSAGES, network=self._network, witness=self._witness)
        await self._open.enter_async_context(client)
        client.spawn(Troop(url, BOTS, network=self._network).play())
        room.server.watched = client.player_id
        late = netlib.clock() + JOIN_SECONDS
        while not (here := client.state.get("players")) or (len(here) <= BOTS and netlib.clock() < late):
            await client.wait_for(netlib.StateChanged)
        self._wire.renew()  # what came before is nobody's
        self.room, self.driven = room, Driven(client, self.settings, self._wire, by_bot=by_bot)

    def frame(self, dt: float) -> Record:
        """Do, draw and measure what belongs to a frame, ``dt`` seconds after the last one."""
        self.driven.client.poll()  # nobody reads it, and it must not pile up
        self.driven.move(dt)
        record = self._record(netlib.clock(), dt)
        self.history.add(record)
        self.history.pass_time(dt)
        return record

    def timeline(self, at: Record) -> TimelineData:
        """What the time line shows at a record's time."""
        return TimelineData(at.time, self._wire.at(at.time, LINE), at.span, at.views[0].tick_rate, LINE)

    def _record(self, now: float, dt: float) -> Record:
        room, driven, state = self.room, self.driven, self.driven.client.state
        rate, focus, seen = self.settings.tick_rate, self._camera(dt), (room.applied, *driven.seen)
        drawn = (room.truth["players"], state["players"], driven.repaired(dt))
        known = ((room.truth, room.server.tick), *[(state, tick := driven.client.tick)] * 2)
        views = tuple(
            Shown(players, of["resources"], of["round"][ROUND_ID], driven.id, focus, at, rate)
            for players, (of, at) in zip(drawn, known, strict=True)
        )
        figures = tuple(self._figures(number, drawn, seen[number], now) for number in range(3))
        shots = tuple(shot for shot in room.shots if now - shot.time < SHOT_SHOWN)
        hits = sum(shot.hit for shot in room.shots) / len(room.shots) if room.shots else None
        return Record(now, views, figures, tick, driven.span, shots, hits, driven.settings)

    def _figures(self, number: int, drawn: tuple[Players, ...], seen: int, now: float) -> Figures:
        """The figures of the server's view, of the raw or of the repaired one."""
        meter, driven = self._meters[number], self.driven
        figures = meter.measure(drawn[number], drawn[0], driven.id, now)
        delay, lead = meter.delay(seen, driven.began, now), seen - self.room.applied
        recent = [error for when, error in driven.wrong if now - when < WINDOW and number == 2]
        return replace(figures, delay=delay, lead=lead, wrong=max(recent, default=0.0))

    def _camera(self, dt: float) -> Point:
        """Where all views look: at the driven player as the server has it, but smoothly."""
        if me := self.room.truth["players"].get(self.driven.id):
            (x, y), share = self._eye, 1 - exp(-dt / CAMERA_TIME)
            self._eye = round(x + (me.x - x) * share), round(y + (me.y - y) * share)
        return self._eye
