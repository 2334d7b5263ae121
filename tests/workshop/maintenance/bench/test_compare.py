"""netlib beside the alternatives: the arithmetic, the clients' frames, and a short run of every row."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from workshop.maintenance.bench.compare import frames, plot, report
from workshop.maintenance.bench.compare import runner as runner_module
from workshop.maintenance.bench.compare.dialects import DIALECTS, WHOLE, own_x, uint
from workshop.maintenance.bench.compare.figures import Figures, Spread, Summary, largest, spread, summarise
from workshop.maintenance.bench.compare.load import SLOTS, sampled, slot_of
from workshop.maintenance.bench.compare.rows import ROWS
from workshop.maintenance.bench.compare.runner import Failed, Plan, Process, Search, compare, measure
from workshop.maintenance.bench.compare.targets import Verdict, ratio, verdicts
from workshop.maintenance.bench.compare.workload import (
    LAP,
    RESOURCES,
    STILL,
    Look,
    World,
    direction,
    inputs_applied,
    moved,
    movers,
    name_of,
    problems,
)

FIGURES = Figures(
    cpu=0.2, ticks_kept=1.0, p50=0.03, p99=0.05, snapshot_bytes=1000, bytes=1100, memory=9000, load_cpu=0.1
)
SMOKE = Plan(rows=list(ROWS), players=5, seconds=0.5, rounds=1, warm_up=0.3)


def summary(
    title: str = "row", *, largest: int | None = None, limited: bool = False, **changed: float
) -> Summary:
    """One row's figures, those above but for what is changed."""
    made = summarise(title, [msgspec.structs.replace(FIGURES, **changed)], [])
    return msgspec.structs.replace(made, largest=largest, limited=limited)


# The workload.


@given(st.integers(0, 500), st.integers(0, LAP - 1))
def test_a_place_tells_how_many_inputs_were_applied(number: int, inputs: int) -> None:
    """Where a moving player is shows how many of its inputs a server has applied."""
    world = World()
    world.join(1, name_of(number))
    for _ in range(inputs):
        world.step(1, direction(number, 501, 1.0))
    assert inputs_applied(number, world.players[1].x) == inputs


def test_a_player_standing_still_is_the_same_entity() -> None:
    """An input that does not move changes nothing, not even the entity's identity; nor does a stranger's."""
    world = World()
    world.join(1, "p0")
    before = world.players[1]
    world.step(1, STILL)
    world.step(2, (1.0, 0.75))
    assert world.players[1] is before
    assert moved(before, (1.0, 0.75)) != before


def test_the_share_that_moves() -> None:
    """The first players move, as many as the share says, and at least one."""
    assert [direction(number, 10, 0.2) != STILL for number in range(10)] == [True, True] + [False] * 8
    assert movers(3, 0.0) == 1


def look(places: Sequence[int], resources: int = RESOURCES) -> Look:
    """What is seen when the players are at these x."""
    return Look({name_of(number): (x, 0) for number, x in enumerate(places)}, resources)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (look([1, 2]), look([5, 6]), []),
        (look([1, 2]), look([5]), ["1 of 2 players are in the state"]),
        (look([]), look([]), ["0 of 2 players are in the state"]),
        (look([1, 2]), look([5, 2]), ["1 players moved, and 2 should"]),
        (look([1, 2]), look([5, 6], 3), ["3 of 50 resources are in the state"]),
    ],
)
def test_what_a_broken_server_shows(before: Look, after: Look, said: list[str]) -> None:
    """Players who are missing or do not move, and missing resources, are problems."""
    assert problems(before, after, 2, 1.0) == said


def test_a_player_that_moves_and_should_stand_still() -> None:
    """Everybody moving is wrong when only a share should."""
    assert problems(look([1, 2]), look([5, 6]), 2, 0.5)


# Frames.


@pytest.mark.parametrize("size", [0, 1, 125, 126, 4000])
def test_a_clients_frame_is_what_websockets_reads(size: int) -> None:
    """Frames made by hand are those of RFC 6455: the reference library reads them."""
    server = ServerProtocol(state=OPEN)
    server.receive_data(frames.websocket_frame(b"x" * size, frames.TEXT))
    (event,) = server.events_received()
    assert isinstance(event, Frame) and (event.opcode, bytes(event.data)) == (Opcode.TEXT, b"x" * size)


@given(
    st.lists(st.integers(0, 70_000), min_size=1, max_size=4),
    st.lists(st.integers(1, 50_000), max_size=6),
    st.sampled_from([3, WHOLE]),
    st.booleans(),
)
def test_a_stream_is_cut_into_its_frames(
    sizes: list[int], cuts: list[int], keep: int, websocket: bool
) -> None:
    """However the network cuts the bytes, every frame is found once, with its size and its first bytes."""
    payloads = [bytes([number]) * size for number, size in enumerate(sizes)]
    if websocket:
        stream = b"".join(Frame(Opcode.TEXT, payload).serialize(mask=False) for payload in payloads)
        cutter = frames.Cutter(frames.websocket_header, keep)
    else:
        stream = b"".join(frames.tcp_frame(payload) for payload in payloads)
        cutter = frames.Cutter(frames.tcp_header, keep)
    found, at = [], 0
    for cut in [*cuts, len(stream)]:
        found += cutter.feed(stream[at : at + cut])
        at += cut
    assert [(frame.size, frame.head) for frame in found] == [
        (len(payload), payload[:keep]) for payload in payloads
    ]


def test_a_handshake_that_is_refused() -> None:
    """Anything but the answer that lets us in is an error; half an answer is not one yet."""
    server = ServerProtocol()
    server.receive_data(frames.handshake("localhost:1", ""))
    (request,) = server.events_received()
    server.send_response(server.accept(request))  # type: ignore[arg-type]
    answer = b"".join(server.data_to_send())
    assert frames.handshake_answer(answer[:-1]) is None
    assert frames.handshake_answer(answer + b"more") == b"more"
    for wrong in (b"HTTP/1.1 403 No\r\n\r\n", answer.replace(b"Accept: ", b"Accept: x"), b"?" * 5000):
        with pytest.raises(ValueError, match="handshake"):
            frames.handshake_answer(wrong)


@given(st.integers(0, 2**53))
def test_numbers_of_the_envelope(number: int) -> None:
    """A number of netlib's envelope is found in either encoding, without decoding the rest."""
    for name in ("netlib json", "netlib msgpack"):
        dialect = DIALECTS[name]
        head = dialect.codec.encode({"type": "snapshot", "tick": 5, "last_input_seq": number})
        assert dialect.number(b"last_input_seq", head) == number
        assert dialect.number(b"last_input_seq", dialect.codec.encode({"type": "snapshot"})) == 0
    assert uint(msgspec.msgpack.encode(number), 0) == number


@pytest.mark.parametrize("spaces", [False, True])
def test_ones_own_place(spaces: bool) -> None:
    """The own player is found in a whole state, written with spaces or without."""
    world = World()
    for number in range(12):
        world.join(number + 1, name_of(number))
    body = msgspec.json.encode(world.state)
    if spaces:
        body = body.replace(b":", b": ").replace(b",", b", ")
    assert own_x("p1", body) == world.players[2].x
    assert own_x("p99", body) is None


def test_the_sample() -> None:
    """Some of the moving players measure, or all of them when they are few."""
    assert len(sampled(200)) == 20 and max(sampled(200)) < 200
    assert sampled(3) == {0, 1, 2}


@pytest.mark.parametrize("moving", [200, 40])
def test_the_sample_is_spread_over_the_tick(moving: int) -> None:
    """Those who measure send at all times between two ticks, however many move."""
    slots = Counter(slot_of(number) for number in sampled(moving))
    assert len(slots) > SLOTS * 0.6 and max(slots.values()) <= 2


# Arithmetic.


def test_median_and_spread() -> None:
    """Of several rounds the median counts, and both ends are kept."""
    assert spread([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0)


def test_one_error_and_there_are_no_figures() -> None:
    """A row that went wrong in one round is not shown as fast by the others."""
    found = summarise("row", [FIGURES, FIGURES], ["it broke", "it broke"])
    assert (found.figures, found.errors) == ({}, ["it broke"])
    assert summarise("row", [], []).errors


@pytest.mark.parametrize(
    ("changed", "playable"),
    [({}, True), ({"p99": 0.1}, False), ({"ticks_kept": 0.94}, False), ({"p99": 0.099}, True)],
)
def test_what_keeps_up(changed: dict[str, float], playable: bool) -> None:
    """99 of 100 inputs within two ticks, and 95 of 100 ticks."""
    assert msgspec.structs.replace(FIGURES, **changed).keeps_up is playable


@given(st.integers(0, 5000))
def test_the_largest_number_that_keeps_up(limit: int) -> None:
    """Doubling and bisection find the limit to within 5 %, and try nothing above the most."""
    tried: list[int] = []

    def keeps_up(number: int) -> bool:
        tried.append(number)
        return number <= limit

    found = largest(keeps_up, first=50, most=3000)
    assert max(tried) <= 3000 and len(tried) < 16
    expected = min(limit, 3000) if limit >= 50 else 0
    assert expected * 0.95 - 1 <= found <= expected


def test_targets_are_multiples_of_the_first_row() -> None:
    """Each target compares one row with row a; only those are shown that this run tells about."""
    rows = {"a": summary(), "d": summary(cpu=0.14), "e": summary(cpu=0.16, snapshot_bytes=100)}
    assert ratio(rows, "d", "cpu") == pytest.approx(0.7)
    found = {verdict.what: verdict.passed for verdict in verdicts(rows, 1.0)}
    assert found == {"CPU, JSON": True, "CPU, MessagePack": False, "bytes, MessagePack, all move": True}
    few = {verdict.what: verdict.passed for verdict in verdicts(rows, 0.2)}
    assert few["bytes, MessagePack, a fifth moves"] is False


def test_targets_of_the_most_players() -> None:
    """The most players of a row must be at least so many times those of row a."""
    rows = {"a": summary(largest=100), "d": summary(largest=100), "e": summary(largest=129)}
    found = {verdict.what: verdict.passed for verdict in verdicts(rows, 0.5)}
    assert found["most players, JSON"] is True
    assert found["most players, MessagePack"] is False


def test_a_broken_row_reaches_nothing() -> None:
    """A row with errors misses its targets; a row that cannot run here has none measured."""
    rows = {"a": summary(), "d": Summary("d", errors=["it broke"]), "f": Summary("f", missing="uvloop")}
    assert [verdict.passed for verdict in verdicts(rows, 1.0)] == [False, None]
    assert verdicts({"d": summary()}, 1.0) == [Verdict("CPU, JSON", "≤ 0.75 × a", None, None)]


def test_doubts() -> None:
    """It is said when the clients may have been the limit, and what could not be measured."""
    rows = {
        "a": summary("A", load_cpu=0.9),
        "b": summary("B", largest=5, limited=True),
        "c": Summary("C", errors=["it broke"]),
        "f": Summary("F", missing="uvloop"),
    }
    said = report.warnings(rows)
    assert said[:2] == ["C: it broke", "F: uvloop is not installed"]
    assert "80%" in said[2] and said[2].endswith(": A.")
    assert said[3].endswith(": B.")
    assert report.warnings({"a": summary()}) == []


@pytest.mark.parametrize("width", [140, 80, 60])
def test_a_narrow_terminal_keeps_the_names(width: int) -> None:
    """At any usual width nothing is cut: there are fewer columns, and each row has its name and meaning."""
    rows = {
        key: summarise(row.title, [FIGURES, msgspec.structs.replace(FIGURES, cpu=0.9)], [])
        for key, row in ROWS.items()
    }
    terminal = Console(file=io.StringIO(), width=width, soft_wrap=True)
    layout = report.fitting(SMOKE, rows, terminal)
    terminal.print(report.table(SMOKE, rows, layout))
    terminal.print(report.legend(rows, layout))
    assert isinstance(terminal.file, io.StringIO)
    lines = terminal.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    for key, row in ROWS.items():
        assert any(line.split()[:1] == [key] and row.title in line for line in lines), row.title
        assert any(line.startswith(f"{key}  ") and row.about[:20] in line for line in lines), row.title
    assert layout.spread is (width == 140)
    assert ("20.0-90.0" in terminal.file.getvalue()) is layout.spread
    assert any("a wider window" in line for line in lines) is not layout.spread


def test_a_picture_keeps_the_one_before(tmp_path: Path) -> None:
    """A picture of 1280×720 is saved; a file of that name is kept aside."""
    path = tmp_path / "bench.png"
    path.write_bytes(b"precious")
    rows = {
        "a": summary("websockets"),
        "d": summary("netlib JSON", cpu=0.1),
        "c": Summary("C", errors=["no"]),
    }
    plot.save(path, SMOKE, rows)
    assert pygame.image.load(path).get_size() == plot.SIZE
    assert (tmp_path / "bench.1.png").read_bytes() == b"precious"
    shown = plot.Picture(SMOKE, rows).drawn()
    ours = plot.OURS
    seen = sum(shown.get_at((x, y))[:3] == ours for x in range(0, 1280, 3) for y in range(0, 720, 3))
    assert seen > 100, "netlib's bars are there"


# Real servers.


@pytest.mark.parametrize("row", ROWS)
def test_every_row_really_plays(row: str) -> None:
    """Each server moves its players, tells everyone, and acknowledges inputs; the clients checked it."""
    if ROWS[row].missing:
        pytest.skip(f"{ROWS[row].missing} is not installed")
    found = measure(row, SMOKE, players=5, seconds=0.5)
    assert 0 < found.p50 <= found.p99 < 2.0
    assert 0.3 < found.ticks_kept <= 1.0
    assert 0 < found.snapshot_bytes < found.bytes
    assert 0 < found.cpu < 1.5


def serving(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Let the row "a" be a server with this source, in the processes that are started."""
    (folder / "sitecustomize.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))


WORLD = "from workshop.maintenance.bench.compare.workload import World\nWorld"
BROKEN = {
    "nobody moves": (
        f"{WORLD}.step = lambda self, id, move: None",
        "0 players moved, and 5 should|no input was acknowledged",
    ),
    "it does not start": ("import asyncio\nasyncio.Runner = None", "serve ended; it said: TypeError"),
    "nobody is let in": (f"{WORLD}.join = lambda self, id, name: None", "0 of 5 players are in the state"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_server_is_an_error(what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server that does not do its work is no fast one: the row has an error and no figures."""
    source, said = BROKEN[what]
    serving(monkeypatch, tmp_path, source)
    found = compare(msgspec.structs.replace(SMOKE, rows=["a"]))["a"]
    assert not found.figures
    assert re.search(said, found.errors[0])


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What does not answer in time is ended, and is a failure."""
    serving(monkeypatch, tmp_path, "import time; time.sleep(60)")
    with Process("serve", "a", 0.5) as process, pytest.raises(Failed, match="serve ended"):
        process.line()


def test_rows_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rounds are interleaved, and a row that fails leaves the others alone."""
    asked: list[str] = []

    def measured(row: str, plan: Plan, *, players: int, seconds: float) -> Figures:
        asked.append(row)
        if row == "b":
            raise Failed("it broke")
        return FIGURES

    monkeypatch.setattr(runner_module, "measure", measured)
    found = compare(msgspec.structs.replace(SMOKE, rows=["a", "b"], rounds=2))
    assert asked == ["a", "b", "a", "b"]
    assert found["a"].figures and found["b"].errors == ["it broke"]


def test_the_search_tries_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad try is forgiven; two are too many players; who limited them is remembered."""
    slow = msgspec.structs.replace(FIGURES, p99=1.0)
    busy = msgspec.structs.replace(slow, load_cpu=0.9)
    tries: Iterator[Figures | str] = iter([FIGURES, "it broke", FIGURES, busy, busy, slow, slow])

    def measured(*_: Any, **__: Any) -> Figures:
        figures = next(tries)
        if isinstance(figures, str):
            raise Failed(figures)
        return figures

    monkeypatch.setattr(runner_module, "measure", measured)
    search = Search("a", SMOKE, lambda what: None)
    assert [search.keeps_up(50), search.keeps_up(100)] == [True, True]
    assert not search.limited
    assert not search.keeps_up(200) and search.limited
    assert not search.keeps_up(150) and not search.limited, "fewer were too many, with clients at ease"
