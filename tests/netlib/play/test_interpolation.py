"""Interpolation: others move evenly, whatever the network does to the snapshots."""

import math
import random
from collections.abc import Iterable
from itertools import pairwise
from statistics import mean, pstdev
from typing import Annotated, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.play.interpolation import (
    HISTORY,
    MAX_ARRIVALS,
    MAX_DELAY,
    MAX_EXTRAPOLATION,
    MAX_SLEW,
    Blend,
    InterpolationBuffer,
    Sample,
)
from netlib.state.angle import Angle
from netlib.state.state import Entity, State
from netlib.transport.conditioner import PERFECT, PRESETS, Conditioner, LinkConditions

TICK_RATE = 30
INTERVAL = 1 / TICK_RATE
FPS = 60
SPEED = 60  # units per tick
STEP = SPEED * TICK_RATE / FPS  # units per frame
WARM_UP = 5.0  # seconds
THE_STEP_11_LINK = LinkConditions(0.1, 0.03, 0.02)
LINKS = {**PRESETS, "step 11": THE_STEP_11_LINK}
LIMITS = {  # of the delay, usually and at most, in seconds; of the share of guessed frames; of resyncs
    "lan": (0.040, 0.045, 0.001, 0),
    "wifi": (0.050, 0.100, 0.015, 0),
    "hotel": (0.360, 0.500, 0.04, 0),
    "4g": (0.120, 0.250, 0.03, 0),
    "3g": (0.420, 0.500, 0.05, 0),
    "satellite": (0.500, 0.500, 0.15, 1),  # it may be away for longer than anybody would wait
    "step 11": (0.280, 0.500, 0.04, 0),
}


class Player(Entity, frozen=True):
    x: int
    y: int = 0
    name: str = ""


class Cloud(Entity, frozen=True):
    x: float


def a_buffer(**options: Any) -> InterpolationBuffer:
    return InterpolationBuffer({"players": ("x", "y"), "clouds": ("x",)}, tick_rate=TICK_RATE, **options)


def drawn(buffer: InterpolationBuffer, now: float) -> Sample:
    sample = buffer.sample(now)
    assert sample is not None
    return sample


def a_state(*players: Player) -> State:
    return {"players": dict(enumerate(players, 1))}


def runner(tick: int) -> State:
    """Return a world in which one player runs at constant speed."""
    return a_state(Player(tick * SPEED))


class Frame(NamedTuple):
    """What one frame saw."""

    now: float
    x: int
    time: float
    delay: float
    extrapolating: bool


class Run:
    """Snapshots through a link into a buffer, and frames out of it, by a manual clock."""

    def __init__(
        self,
        link: LinkConditions,
        *,
        seed: int = 1,
        every: int = 1,  # ticks from one snapshot to the next
        fps: float = FPS,
        origin: float = 40.0,
        drift: float = 0.0,  # how much faster the player's clock runs than the server's, as a share
    ) -> None:
        self.buffer = a_buffer()
        self.link: Conditioner[int] = Conditioner(link, seed=seed)
        self.frames: list[Frame] = []
        self.now = 0.0  # on the server's clock
        self._every, self._fps, self._origin, self._drift = every, fps, origin, drift
        self._tick = 0
        self._frame = 0

    def play(self, seconds: float, *, sends: bool = True, receives: bool = True, draws: bool = True) -> None:
        """Go on for a time, of which each part can be missing."""
        end = self.now + seconds
        while self.now + 1 / self._fps <= end + 1e-9:
            self._frame += 1
            self.now = self._frame / self._fps
            while self._tick * INTERVAL <= self.now:
                self._pass_tick(sends, receives)
            if receives:
                self._receive(self.now)
            if draws:
                self.draw()

    def _pass_tick(self, sends: bool, receives: bool) -> None:
        if receives:
            self._receive(self._tick * INTERVAL)
        if sends and self._tick % self._every == 0:
            self.link.push(self._tick * INTERVAL, self._tick)
        self._tick += 1

    def _receive(self, until: float) -> None:
        while (due := self.link.next_due()) is not None and due <= until:
            for tick in self.link.pop_due(due):
                self.buffer.add(tick, runner(tick), self._ours(due))

    def receive_late(self) -> None:
        """All that was not received comes now, at once."""
        for tick in self.link.pop_due(self.now):
            self.buffer.add(tick, runner(tick), self._ours(self.now))

    def draw(self) -> None:
        buffer = self.buffer
        if sample := buffer.sample(self._ours(self.now)):
            x, time = sample.state["players"][1].x, sample.tick / TICK_RATE
            self.frames.append(Frame(self.now, x, time, buffer.interpolation_delay, buffer.extrapolating))

    def _ours(self, time: float) -> float:
        return self._origin + time * (1 + self._drift)


def warm(run: Run) -> list[Frame]:
    return [frame for frame in run.frames if frame.now >= WARM_UP]


def steps(frames: Iterable[Frame]) -> list[int]:
    return [after.x - before.x for before, after in pairwise(frames)]


def jumps(frames: Iterable[Frame]) -> int:
    """Return how many frames went further than the slew allows; integers may round up."""
    return sum(moved > STEP * (1 + MAX_SLEW) + 1.01 for moved in steps(frames))


def a_run(link: LinkConditions, seconds: float = 30.0, **options: Any) -> Run:
    run = Run(link, **options)
    run.play(seconds)
    return run


@pytest.mark.parametrize("latency", [0.0, 0.2, 0.6])
@pytest.mark.parametrize(("fps", "every"), [(60, 1), (60, 3), (144, 1), (25, 1)])
def test_without_jitter_motion_is_even_and_the_delay_one_interval(
    latency: float, fps: int, every: int
) -> None:
    """Each frame's step is the same but for rounding; what is drawn is one interval and little more old."""
    run = a_run(LinkConditions(latency), fps=fps, every=every)
    frames, step = warm(run), SPEED * TICK_RATE / fps
    assert max(abs(moved - step) for moved in steps(frames)) <= 1.01, "whole units cannot do better"
    times = [after.time - before.time for before, after in pairwise(frames)]
    assert pstdev(times) * fps < 0.001, "share of a step by which steps vary"
    assert frames[-1].delay == pytest.approx(every * INTERVAL, abs=0.006)
    assert frames[-1].now - frames[-1].time == pytest.approx(
        latency / 2 + every * INTERVAL, abs=0.006 + INTERVAL * 0.05
    )
    assert not any(frame.extrapolating for frame in frames)
    assert (run.buffer.stalls, run.buffer.resyncs) == (0, 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", LINKS)
def test_on_every_kind_of_link_motion_is_monotone_and_without_a_jump(name: str, seed: int) -> None:
    """Never back, never further in a frame than the slew allows; the delay is what the link needs."""
    usual, most, guessed, resyncs = LIMITS[name]
    run = a_run(LINKS[name], 60.0, seed=seed)
    frames = warm(run)
    assert min(steps(frames)) >= 0
    assert jumps(frames) <= run.buffer.resyncs <= resyncs
    delays = [frame.delay for frame in frames]
    assert min(delays) >= INTERVAL
    assert mean(delays) <= usual
    assert max(delays) <= most
    assert mean(frame.extrapolating for frame in frames) <= guessed


def test_a_delay_that_is_not_needed_any_more_shrinks() -> None:
    """A bad link that becomes good is forgotten in some seconds, and nobody sees a jump."""
    run = a_run(THE_STEP_11_LINK)
    worst = run.buffer.interpolation_delay
    assert worst > 0.1
    run.link.conditions = PERFECT
    run.play(25.0)
    assert run.buffer.interpolation_delay == pytest.approx(INTERVAL, abs=0.006)
    assert run.buffer.jitter < 0.001
    assert jumps(warm(run)) == 0


def test_a_link_that_becomes_bad_is_noticed_at_once() -> None:
    """The delay grows with the first snapshots that come late, not some seconds after."""
    run = a_run(PERFECT)
    run.link.conditions = LinkConditions(0.2, 0.1)
    run.play(1.0)
    assert run.buffer.interpolation_delay > INTERVAL + 0.08
    assert run.buffer.jitter > 0.08


@pytest.mark.parametrize("latency", [0.3, 1.0, 3.0])
def test_latency_that_is_switched_on_moves_nobody_back(latency: float) -> None:
    """All snapshots come later from now on: a moment's stand-still, then even motion again."""
    run = a_run(PERFECT)
    run.link.conditions = LinkConditions(latency)
    run.play(30.0)
    assert min(steps(warm(run))) >= 0
    last = run.frames[-FPS * 5 :]
    assert max(abs(moved - STEP) for moved in steps(last)) <= 2
    assert last[-1].now - last[-1].time == pytest.approx(latency / 2 + INTERVAL, abs=0.01)


@pytest.mark.parametrize("drift", [-0.0005, 0.0005])
@pytest.mark.parametrize("origin", [-1e5, 0.0, 1e6])
def test_the_two_clocks_need_not_agree(drift: float, origin: float) -> None:
    """Neither another zero nor another speed of the player's clock is seen."""
    run = a_run(LinkConditions(0.1), 60.0, drift=drift, origin=origin)
    assert max(abs(moved - STEP) for moved in steps(warm(run))) <= 2
    assert run.frames[-1].now - run.frames[-1].time == pytest.approx(0.05 + INTERVAL, abs=0.01)
    assert (run.buffer.stalls, run.buffer.resyncs) == (0, 0)


def test_after_a_stall_the_drawn_moment_jumps_to_where_it_belongs() -> None:
    """Two seconds without a snapshot: guess a little, stand still, then one counted jump."""
    run = a_run(LinkConditions(0.05))
    before = run.buffer.interpolation_delay
    run.play(2.0, receives=False)
    assert steps(run.frames[-FPS:]) == [0] * (FPS - 1)
    assert run.buffer.extrapolating
    run.receive_late()
    run.play(5.0)
    assert (run.buffer.stalls, run.buffer.resyncs) == (1, 1)
    assert jumps(warm(run)) == 1
    assert min(steps(run.frames)) >= 0
    assert run.buffer.interpolation_delay == pytest.approx(before, abs=0.01), "a stall is not jitter"
    assert run.frames[-1].now - run.frames[-1].time == pytest.approx(0.025 + INTERVAL, abs=0.01)


@pytest.mark.parametrize(
    ("missing", "frame_first", "stalls"),
    [
        pytest.param({"sends": False}, False, 1, id="the server paused, and skips its ticks"),
        pytest.param({"draws": False}, False, 0, id="no frame, but another thread read the network"),
        pytest.param({"receives": False, "draws": False}, False, 0, id="a frozen program reads first"),
        pytest.param({"receives": False, "draws": False}, True, 1, id="a frozen program draws first"),
    ],
)
def test_after_a_pause_motion_goes_on_where_time_is(
    missing: dict[str, bool], frame_first: bool, stalls: int
) -> None:
    """What stood still for two seconds costs one jump, before or after the next frame."""
    run = a_run(LinkConditions(0.05))
    run.play(2.0, **missing)
    if frame_first:
        run.draw()
    run.receive_late()
    run.play(3.0)
    assert (run.buffer.stalls, run.buffer.resyncs) == (stalls, 1)
    assert max(abs(moved - STEP) for moved in steps(run.frames[-FPS:])) <= 2
    assert run.buffer.interpolation_delay == pytest.approx(INTERVAL, abs=0.01)


def between(
    older: State, newer: State, *shares: float, buffer: InterpolationBuffer | None = None
) -> list[Sample]:
    """Return what a calm buffer draws at these shares of ten ticks' way; above 1 is past the newer."""
    buffer = buffer or a_buffer()
    settle(buffer, older)
    buffer.add(110, newer, 50.0 + 110 * INTERVAL)
    start = buffer.interpolation_delay + 50.0 + 100 * INTERVAL
    samples = [drawn(buffer, start + share * 10 * INTERVAL) for share in shares]
    aims = [100 + share * 10 for share in shares]
    assert [sample.tick for sample in samples] == pytest.approx(aims, abs=0.6), "the test's own aim"
    return samples


def settle(buffer: InterpolationBuffer, state: State) -> None:
    """Show a world for a while, up to tick 100, so that the delay is settled."""
    for tick in range(101):
        buffer.add(tick, state, 50.0 + tick * INTERVAL)
        buffer.sample(50.0 + tick * INTERVAL)
    now = 50.0 + 100 * INTERVAL
    buffer.sample(now + buffer.interpolation_delay)


def test_positions_are_blended_and_integers_stay_integers() -> None:
    """Halfway in time is halfway on the map; a field that is a float is not rounded."""
    older, newer = a_state(Player(0, 1000)), a_state(Player(1001, 0))
    (sample,) = between({**older, "clouds": {1: Cloud(0.0)}}, {**newer, "clouds": {1: Cloud(1.0)}}, 0.5)
    player, share = sample.state["players"][1], (sample.tick - 100) / 10
    assert player == Player(round(1001 * share), round(1000 - 1000 * share))
    assert type(player.x) is int
    assert 400 < player.x < 600
    assert sample.state["clouds"][1].x == pytest.approx(share)


def test_what_is_not_blended_steps_when_its_snapshot_is_reached() -> None:
    """A name, and a collection that nobody named, are the older snapshot's until then."""
    older: State = {"players": {1: Player(0, name="Ada")}, "gems": {5: Player(0)}}
    newer: State = {"players": {1: Player(100, name="Ada 2")}, "gems": {5: Player(900)}}
    before, after = between(older, newer, 0.9, 1.1)
    assert (before.state["players"][1].name, before.state["gems"]) == ("Ada", {5: Player(0)})
    assert (after.state["players"][1].name, after.state["gems"]) == ("Ada 2", {5: Player(900)})


def test_players_leave_and_come_when_the_snapshot_is_reached() -> None:
    """Nobody vanishes early, nobody is seen early."""
    older: State = {"players": {1: Player(0), 2: Player(50)}, "old": {1: Player(1)}}
    newer: State = {"players": {1: Player(0), 3: Player(70)}, "new": {2: Player(2)}}
    assert [sample.state for sample in between(older, newer, 0.9, 1.1)] == [older, newer]


def test_a_world_that_stands_still_costs_nothing() -> None:
    """What did not change is handed on, not copied."""
    older: State = {"players": {1: Player(5)}, "clouds": {1: Cloud(1.0), 2: Cloud(0.0)}}
    newer: State = {"players": older["players"], "clouds": {1: older["clouds"][1], 2: Cloud(9.0)}}
    (sample,) = between(older, newer, 0.5)
    assert sample.state["players"] is older["players"]
    assert sample.state["clouds"][1] is older["clouds"][1]


def test_past_the_newest_snapshot_motion_goes_on_for_a_moment_and_then_stops() -> None:
    """A guess is bounded: a runner is not sent through walls."""
    buffer = a_buffer()
    end = Player(round(600 + 600 * MAX_EXTRAPOLATION / INTERVAL), 7)
    seen, guessed = [], []
    settle(buffer, a_state(Player(0, 7)))
    newest = 50.0 + 101 * INTERVAL
    buffer.add(101, a_state(Player(600, 7)), newest)
    for part in range(40):
        sample = drawn(buffer, newest + part / 10 * MAX_EXTRAPOLATION + buffer.interpolation_delay)
        seen.append(sample.state["players"][1])
        guessed.append(buffer.extrapolating)
    assert seen[5].x > 600 + 300
    assert seen == sorted(seen, key=lambda player: player.x)
    assert seen[-1] == seen[-10] == end
    assert guessed == [player.x > 600 for player in seen]
    assert buffer.stalls == 1


def test_a_teleport_is_not_drawn_as_a_flight() -> None:
    """A player that moves further than anybody can, in both directions together, is not drawn in between."""
    older = a_state(Player(0), Player(0), Player(0, 0))
    newer = a_state(Player(9000), Player(900), Player(800, 800))
    fast = 1000 * TICK_RATE / 10  # units a second, when a snapshot comes every ten ticks
    before, after = between(older, newer, 0.5, 1.2, buffer=a_buffer(max_speed=fast))
    assert [before.state["players"][id] for id in (1, 3)] == [Player(0), Player(0, 0)]
    assert 300 < before.state["players"][2].x < 600
    assert [after.state["players"][id] for id in (1, 3)] == [Player(9000), Player(800, 800)]
    assert after.state["players"][2].x > 900


def test_before_the_first_snapshot_there_is_nothing_to_draw() -> None:
    """None, and numbers that a screen can show."""
    buffer = a_buffer()
    assert buffer.sample(5.0) is None
    assert buffer.interpolation_delay == 2 * INTERVAL
    assert (buffer.jitter, buffer.stalls, buffer.resyncs, buffer.extrapolating) == (0.0, 0, 0, False)


def test_the_first_snapshot_is_shown_at_once() -> None:
    """A start is no resync; of several snapshots of one tick the last counts, but not as late."""
    buffer = a_buffer()
    buffer.add(70, runner(70), 5.0)
    assert drawn(buffer, 5.0).state == runner(70)
    buffer.add(70, runner(71), 9.0)
    assert drawn(buffer, 9.0).state == runner(71)
    assert (buffer.jitter, buffer.resyncs) == (0.0, 0)


@pytest.mark.parametrize("tick", [0, 5, 898])
def test_ticks_that_begin_anew_are_another_life_of_the_server(tick: int) -> None:
    """A restarted server is drawn at once, and the jump is counted."""
    run = a_run(LinkConditions(0.05))
    run.buffer.add(tick, runner(tick), 40.0 + run.now)
    assert drawn(run.buffer, 40.0 + run.now).state == runner(tick)
    assert run.buffer.resyncs == 1


def test_several_snapshots_of_a_new_life_before_the_next_frame_are_drawn_at_once() -> None:
    """Nobody waits for a young server to reach the old one's ticks."""
    run = a_run(LinkConditions(0.05))
    for tick in range(10, 14):
        run.buffer.add(tick, runner(tick), 40.0 + run.now + tick * INTERVAL)
    sample = drawn(run.buffer, 40.0 + run.now + 14 * INTERVAL)
    assert 10 * SPEED < sample.state["players"][1].x < 13 * SPEED
    assert run.buffer.resyncs == 1


def test_a_server_that_is_further_on_is_followed_after_a_reset() -> None:
    """After a reset nothing of the old server is left: neither its clock nor its players."""
    run = a_run(THE_STEP_11_LINK)
    run.buffer.reset()
    assert run.buffer.sample(40.0 + run.now) is None
    assert run.buffer.interpolation_delay == 2 * INTERVAL
    run.buffer.add(10**6, {"players": {2: Player(3)}}, 40.0 + run.now)
    assert drawn(run.buffer, 40.0 + run.now).state == {"players": {2: Player(3)}}
    assert (run.buffer.jitter, run.buffer.resyncs) == (0.0, 0)


@pytest.mark.parametrize("tick_rate", [0.0, -30.0])
def test_a_tick_rate_that_is_not_known_yet_is_refused(tick_rate: float) -> None:
    """A client that is not welcome yet has 0; that is told at once."""
    with pytest.raises(ValueError, match="once it has joined"):
        InterpolationBuffer({}, tick_rate=tick_rate)


def test_memory_is_bounded() -> None:
    """A window that never draws again, or a flood, costs a fixed amount; drawing drops what has passed."""
    buffer = a_buffer()
    for tick in range(5000):
        buffer.add(tick, runner(tick), 5.0)
    assert len(buffer._keyframes) <= HISTORY * TICK_RATE + 2
    assert len(buffer._arrivals._arrivals) <= MAX_ARRIVALS
    assert len(a_run(PERFECT).buffer._keyframes) <= 4


arrivals = st.lists(
    st.tuples(
        st.sampled_from(["snapshot"] * 3 + ["frame"] * 4 + ["again", "anew", "reset"]),
        st.integers(1, 90),  # ticks further
        st.sampled_from([0.0, 0.004, 0.016, 0.05, 0.3, 3.0]),  # seconds since what happened before
    ),
    max_size=80,
)


@given(arrivals=arrivals, seed=st.integers(0, 9999))
def test_whatever_comes_the_drawn_moment_never_goes_back_and_values_lie_between(
    arrivals: list[tuple[str, int, float]], seed: int
) -> None:
    """No error, a bounded delay, only counted steps back, only guessed values beyond their neighbours'."""
    buffer, dice = a_buffer(), random.Random(seed)
    now, tick, shown, resyncs = 10.0, 0, -1e9, 0
    sent: dict[int, int] = {}
    for what, ticks, pause in arrivals:
        now += pause
        if what == "reset":
            buffer.reset()
            sent, shown = {}, -1e9
        elif what == "frame":
            sample = buffer.sample(now)
            if sample is None:
                continue
            assert sample.tick >= shown or buffer.resyncs > resyncs
            shown, resyncs = sample.tick, buffer.resyncs
            check_values(sample, sent, buffer)
        else:
            tick = {"snapshot": tick + ticks, "again": tick, "anew": max(0, tick - ticks)}[what]
            sent = {} if what == "anew" else sent
            sent[tick] = dice.randrange(-(2**20), 2**20)
            buffer.add(tick, a_state(Player(sent[tick])), now)
        assert INTERVAL <= buffer.interpolation_delay <= MAX_DELAY


def check_values(sample: Sample, sent: dict[int, int], buffer: InterpolationBuffer) -> None:
    newest = max(sent)
    assert sample.tick <= newest + MAX_EXTRAPOLATION * TICK_RATE + 1e-6
    assert buffer.extrapolating == (sample.tick > newest)
    if not buffer.extrapolating:
        older = max((tick for tick in sent if tick <= sample.tick), default=min(sent))
        newer = min((tick for tick in sent if tick > sample.tick), default=newest)
        low, high = sorted([sent[older], sent[newer]])
        assert low <= sample.state["players"][1].x <= high


@given(
    link=st.builds(LinkConditions, latency=st.floats(0, 1), jitter=st.floats(0, 0.3), loss=st.floats(0, 0.2)),
    seed=st.integers(0, 999),
    every=st.integers(1, 6),
)
def test_on_any_link_nothing_jumps_without_being_counted(link: LinkConditions, seed: int, every: int) -> None:
    """Constant speed is drawn monotone; each frame that goes further than the slew allows is a resync."""
    run = a_run(link, 8.0, seed=seed, every=every)
    assert min(steps(run.frames)) >= 0
    assert jumps(run.frames) <= run.buffer.resyncs


class Ship(Entity, frozen=True):
    """Something that turns."""

    x: float = 0.0
    heading: Annotated[float, Angle()] = 0.0
    turret: Annotated[float, Angle(math.tau)] = 0.0
    course: Annotated[int, Angle()] = 0


@pytest.mark.parametrize(
    ("before", "after", "middle"), [(350, 0, 355), (0, 350, -5), (10, 30, 20), (-170, 170, -180)]
)
def test_an_angle_is_blended_the_short_way(before: float, after: float, middle: float) -> None:
    """In degrees and radians, floats and integers; what is no angle goes straight."""
    older = Ship(0.0, before, math.radians(before), round(before))
    newer = Ship(10.0, after, math.radians(after), round(after))
    fields = {"ships": ("x", "heading", "turret", "course")}
    blend = Blend(Sample(1, {"ships": {1: older}}), Sample(2, {"ships": {1: newer}}), 1.5, math.inf)
    ship = blend.state(fields)["ships"][1]
    assert (ship.x, ship.heading, ship.turret, ship.course) == (  # type: ignore[attr-defined]
        5.0, middle, pytest.approx(math.radians(middle)), middle
    )  # fmt: skip


def test_turning_round_is_no_teleport() -> None:
    """How far something may move says nothing of how far it may turn."""
    blend = Blend(
        Sample(1, {"ships": {1: Ship(0.0, 0.0)}}), Sample(2, {"ships": {1: Ship(2.0, 170.0)}}), 1.5, 3.0
    )
    assert blend.state({"ships": ("x", "heading")})["ships"][1] == Ship(1.0, 85.0)
