"""A room and a player as their books alone: large and small messages, worlds in parts, cuts at every frame.

No socket, no clock: what one side sends lies on the wire until the other takes it, frame by frame, and a cut
loses what lies there. ``EXAMPLES=2000 pytest tests/netlib/session/test_parts_model.py`` tries more of it.
"""

import os
from collections import deque
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import netlib
from netlib.protocol.codecs import CODECS, JSON, Codec
from netlib.protocol.frames import FROM_CLIENT, FROM_SERVER, Ack, Part, Pong, Snapshot
from netlib.protocol.messages import Catalog, encode
from netlib.session.delivery import Delivery, counts
from netlib.session.parts import LARGE, MAX_WHOLE, Joiner, Outbox
from netlib.state.slices import Whole
from netlib.state.sync import Feed, Follower, Publisher

RATE = 1.0  # ticks per second: three unacknowledged ones are too many
SIZES = st.sampled_from([0, 100, LARGE // 2, LARGE + 1, 3 * LARGE])


class Story(netlib.Message, frozen=True):
    """A message that may be long."""

    number: int
    text: str = ""


class Page(netlib.Entity, frozen=True):
    """Something that may be large."""

    text: str = ""
    number: int = 0


class Talk(RuleBasedStateMachine):
    """What the two sides know, and what is under way between them."""

    @initialize(codec=st.sampled_from(CODECS), parts=st.booleans())
    def begin(self, codec: Codec, parts: bool) -> None:
        """Let a player join an empty room."""
        self.codec, self.parts, self.connected = codec, parts, True
        self.said, self.arrived, self.pongs, self.tick = 0, list[int](), list[float](), 0
        self.world: dict[int, Page] = {}
        self.books, self.publisher = Delivery(), Publisher()
        self.books.confirms = True
        self.read, self.follower = Delivery(), Follower({"pages": Page})
        self.down_catalog, self.up_catalog = Catalog([*FROM_SERVER, Story]), Catalog(FROM_CLIENT)
        self.connect()

    def connect(self) -> None:
        """Both sides have a new connection."""
        self.down, self.up = deque[bytes](), deque[bytes]()
        self.box, self.joiner = Outbox(self.codec, parts=self.parts), Joiner()
        self.feed, self.encoding = Feed(RATE), list[Whole]()
        self.follower.renew()

    # What the server does.

    @rule(size=SIZES)
    def say(self, size: int) -> None:
        """Say something: at once when nothing waits, else in its turn; away, when it is back."""
        story = Story(self.said, "\\" * (size // 2))
        data = encode(self.codec, story)
        self.said += 1
        self.books.sent(story, len(data))
        if self.connected and (self.box.waits or len(data) > LARGE):
            self.box.add(data)
        elif self.connected:
            self.down.append(data)

    @rule(pages=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, 2 * LARGE])), max_size=2))
    def publish(self, pages: list[tuple[int, int]]) -> None:
        """Go on by a tick, in which the world changes."""
        self.tick += 1
        for id, size in pages:
            self.world = {**self.world, id: Page("x" * size, self.tick)}
        self.publisher.update(self.tick, {"pages": self.world})
        self.show()

    @rule(id=st.integers(0, 3))
    def tear_out(self, id: int) -> None:
        """Let something be gone."""
        self.world = {other: page for other, page in self.world.items() if other != id}
        self.publish([])

    def show(self) -> None:
        """Send the newest state, if it is time for it."""
        full = self.feed.choose(self.publisher, 0) if self.connected else None
        newest = self.publisher.newest
        if full is None or newest is None:
            return
        if full and not (whole := self.publisher.whole(self.codec)).small:
            self.feed.begin(whole.edition)
            self.encoding.append(whole)
            return
        data = self.publisher.snapshot(self.codec, 0, full=full, base=self.feed.base)
        self.feed.begin(newest)
        if len(data) > LARGE:
            self.box.begin([data])
        else:
            self.down.append(data)
            self.feed.sent(self.tick)

    @precondition(lambda self: self.connected and self.encoding)
    @rule(steps=st.integers(1, 3))
    def encode(self, steps: int) -> None:
        """Encode some slices of a large world; then it begins to go."""
        for _ in range(steps):
            self.encoding[0].step()
        if self.encoding[0].done:
            self.box.begin(self.encoding.pop().frame(0))

    @precondition(lambda self: self.connected)
    @rule(time=st.integers(0, 100))
    def measure(self, time: int) -> None:
        """Send something that does not count: it waits for nothing."""
        self.down.append(encode(self.codec, Pong(float(time), 0.0)))

    @precondition(lambda self: self.connected)
    @rule(frames=st.integers(1, 4))
    def pump(self, frames: int) -> None:
        """Let some of what waits go."""
        for _ in range(frames):
            under_way = self.box.snapshot
            if (data := self.box.next()) is not None:
                self.down.append(data)
            if under_way and not self.box.snapshot:
                self.feed.sent(self.tick)
                self.show()

    @rule(frames=st.integers(1, 9))
    def hear(self, frames: int) -> None:
        """Let what the player confirms arrive."""
        for _ in range(min(frames, len(self.up))):
            ack = self.up_catalog.decode(self.codec, self.up.popleft())
            assert isinstance(ack, Ack)
            if isinstance(ack.received, int):
                self.books.confirm(ack.received)
            if isinstance(ack.tick, int):
                self.feed.ack(ack.tick)
                if self.feed.held:
                    self.show()

    # What the player does.

    @rule(frames=st.integers(1, 9))
    def take(self, frames: int) -> None:
        """Let some frames arrive."""
        for _ in range(min(frames, len(self.down))):
            data = self.down.popleft()
            assert len(data) <= (2 * LARGE if self.parts else MAX_WHOLE)
            self.got(data)

    def got(self, data: bytes) -> None:
        """Deal with one frame, as a client does."""
        message: Any = self.down_catalog.decode(self.codec, data)
        self.read.received += counts(message)
        match message:
            case Part():
                assert self.parts
                if (whole := self.joiner.add(message)) is not None:
                    self.got(whole)
            case Story(number=number):
                self.arrived.append(number)
            case Snapshot():
                assert self.follower.take(message), "each delta builds on what was sent before it"
            case Pong(time=time):
                self.pongs.append(time)

    @precondition(lambda self: self.connected)
    @rule()
    def confirm(self) -> None:
        """Say what has arrived."""
        tick = self.follower.replica.tick
        self.answer(
            Ack(tick=tick, received=self.read.received) if tick > 0 else Ack(received=self.read.received)
        )

    def answer(self, ack: Ack) -> None:
        """Send something to the server."""
        self.up.append(encode(self.codec, ack))

    # What happens to the line.

    @precondition(lambda self: self.connected)
    @rule()
    def cut(self) -> None:
        """Lose the connection and what is under way on it."""
        self.connected = False
        self.down.clear()
        self.up.clear()

    @precondition(lambda self: not self.connected)
    @rule(codec=st.sampled_from(CODECS), parts=st.booleans())
    def come_back(self, codec: Codec, parts: bool) -> None:
        """Go on over a new connection, maybe in another encoding: what was not confirmed comes again."""
        self.codec, self.parts, self.connected = codec, parts, True
        self.connect()
        self.books.confirm(self.read.received)
        for story in self.books.unconfirmed():
            self.box.add(story)
        self.show()

    @invariant()
    def nothing_is_doubled_or_lost(self) -> None:
        """What has arrived is a beginning of what was said, and both books say how long it is."""
        if not hasattr(self, "arrived"):
            return
        assert self.arrived == list(range(len(self.arrived)))
        assert self.read.received == len(self.arrived) <= self.said
        assert self.said - self.books.waiting <= len(self.arrived)
        assert self.box.messages >= 0 and self.box.snapshot >= 0

    def teardown(self) -> None:
        """Let nothing break any more: everything arrives, and the player sees the world as it is."""
        if not hasattr(self, "arrived"):
            return
        if not self.connected:
            self.come_back(JSON, True)
        for _ in range(2):  # a player that asks for a full world gets it with the next tick
            self.settle()
            self.publish([])
        self.settle()
        assert self.arrived == list(range(self.said))
        assert self.books.waiting == self.books.bytes == self.box.messages == 0
        assert self.follower.replica.state == {"pages": self.world}
        assert not self.feed.busy

    def settle(self) -> None:
        """Go on until nothing is under way."""
        busy = True
        while busy:
            if self.encoding:
                self.encode(9)
            self.pump(99)
            self.take(999)
            self.confirm()
            self.hear(999)
            busy = bool(self.encoding or self.box.waits or self.box.snapshot or self.down)


TestTalk = Talk.TestCase
TestTalk.settings = settings(
    max_examples=int(os.environ.get("EXAMPLES", settings().max_examples)),
    stateful_step_count=40,
    deadline=None,
)
