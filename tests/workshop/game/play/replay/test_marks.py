"""What is found in a recording: each mark is where it happened, and in words; none where nothing was."""

from pathlib import Path
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.recording import Film
from tests.support.recordings import PULLED, PUSH, Facts, a_game_to_watch
from workshop.game.play.replay import start
from workshop.game.play.replay.marks import Contents, Own


@pytest.fixture(scope="module", params=["JSON", "MSGPACK"])
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Give a recording and what happened in it."""
    return a_game_to_watch(tmp_path_factory.mktemp("rec") / "a.rec", getattr(netlib, request.param))


def read(film: Film) -> Contents:
    """Read a recording."""

    async def reading() -> Contents:
        async with await start.known(film) as replay:
            replay.paused = True
            return Contents(replay, Own(replay))

    return testing.run(reading())


@pytest.fixture(scope="module")
def contents(facts: Facts) -> Contents:
    """Give what is found in it."""
    return read(facts.film)


def of(contents: Contents, kind: str) -> list[Any]:
    """The marks of a kind."""
    return [mark for mark in contents.marks if mark.kind == kind]


def test_what_the_server_moved_is_a_correction(facts: Facts, contents: Contents) -> None:
    """The push comes a little later, with its size to the pixel; what was predicted right is none."""
    first = of(contents, "correction")[0]
    assert first.words == f"the prediction was {PUSH}.0 pixels off"
    assert 0.05 < first.time - facts.times["pushed"] < 0.2
    walking = facts.times["pushed"] + 0.3, facts.times["pulled"]
    assert not [it for it in of(contents, "correction") if walking[0] < it.time < walking[1]]


def test_talk(facts: Facts, contents: Contents) -> None:
    """Each line that was heard is a mark with its words."""
    first = of(contents, "chat")[0]
    assert first.words == "“hello there”" and 0 < first.time - facts.times["said"] < 0.2


def test_refusals(facts: Facts, contents: Contents) -> None:
    """What the server refused in words, once; and where Bob was faster, as often as he was."""
    said, *races = of(contents, "refusal")
    assert "one line a second" in said.words and 0 < said.time - facts.times["refused"] < 0.3
    assert [it.words.partition(":")[0] for it in races] == ["pressed in vain"] * facts.in_vain
    assert facts.in_vain > 0


def test_gaps(facts: Facts, contents: Contents) -> None:
    """Where nothing came they begin, and say for how long, and what is known of why; there are no others."""
    pulled, cut = of(contents, "gap")
    assert pulled.time == pytest.approx(facts.times["pulled"], abs=0.15)
    assert PULLED <= float(pulled.words.split()[3]) < PULLED + 0.6
    assert cut.time == pytest.approx(facts.times["cut"], abs=0.15)
    assert cut.words.endswith("s: the connection was lost")


def test_going_from_mark_to_mark(contents: Contents) -> None:
    """Next and before go through all of a kind; there is none behind the last."""
    times, time = [], -1.0
    while mark := contents.next("refusal", time, 1):
        times.append(time := mark.time)
    assert times == [it.time for it in of(contents, "refusal")]
    assert contents.next("refusal", times[-1], -1) == of(contents, "refusal")[-2]
    assert contents.next("refusal", times[0], -1) is None
    assert contents.news(times[0] + 0.1, 1.0) == of(contents, "refusal")[0].words
    assert contents.news(times[0] - 0.1, 0.05) == ""


def test_going_from_snapshot_to_snapshot(contents: Contents) -> None:
    """A step is one snapshot, forwards and back; at the ends one stays."""
    here = contents.steps[40]
    assert contents.step(here, 1) == contents.steps[41] and contents.step(here, -1) == contents.steps[39]
    assert contents.step(contents.steps[0], -1) == contents.steps[0]


def test_a_bad_link_makes_gaps(facts: Facts) -> None:
    """Over a link that loses much, more is missing at times; what was said is the same."""
    far = read(facts.film.over(netlib.LinkConditions(latency=0.6, loss=0.05), seed=1))
    near = read(facts.film)
    assert len(of(far, "gap")) > len(of(near, "gap")) + 3
    assert [it.words for it in of(far, "chat")] == [it.words for it in of(near, "chat")]


def test_a_file_that_breaks_off(facts: Facts, tmp_path: Path) -> None:
    """What there is of it has its marks."""
    cut = tmp_path / "cut.rec"
    cut.write_bytes(facts.film.path.read_bytes()[: facts.film.path.stat().st_size // 2])
    short = read(Film(cut))
    assert of(short, "correction") and not of(short, "gap")[1:]
