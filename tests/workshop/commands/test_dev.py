"""`workshop dev bench` and `dev fuzz`: what they print, and wrong usage."""

import json
from pathlib import Path

import pytest

from tests.support.commands import workshop
from workshop.commands.dev import fuzz
from workshop.maintenance.fuzz.run import Plan, Result

SHORT = ("dev", "bench", "--players", "3", "--seconds", "0.3", "--rounds", "1")


async def test_figures_for_programs() -> None:
    """--json prints the plan, each row's figures and the targets; nothing else on either stream."""
    ended = await workshop(*SHORT, "--rows", "a,e", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = json.loads(ended.out)
    assert told["plan"]["players"] == 3 and list(told["rows"]) == ["a", "e"]
    for row in told["rows"].values():
        assert not row["errors"] and 0 < row["figures"]["p50"]["middle"] < 2
    assert {target["what"]: target["passed"] for target in told["targets"]}["bytes, MessagePack, all move"]


async def test_figures_for_people(tmp_path: Path) -> None:
    """Without a terminal there is no progress: a table, the targets, and a picture when one is wanted."""
    picture = tmp_path / "bench.png"
    ended = await workshop(*SHORT, "--rows", "b", "--plot", str(picture), environ={"COLUMNS": "120"})
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("3 players, all of them move; median of 1 × 0.3 s")
    assert "raw TCP" in ended.out and "Targets" in ended.out
    assert "but without WebSocket" in ended.out, "what the row means"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rows", "a,z"], "there is no row 'z'; choose some of a (websockets)"),
        (["--rows", ","], "no row is left to measure"),
        (["--players", "0"], "0 is not in the range 1<=x<=10000"),
        (["--seconds", "0"], "0.0 is not in the range"),
        (["--moving", "1.5"], "1.5 is not in the range"),
        (["--plot", "no/such/folder/bench.png"], "there is no folder"),
    ],
)
async def test_wrong_usage(words: list[str], said: str) -> None:
    """A wrong value is told at once, before minutes of measuring, with exit code 2."""
    ended = await workshop("dev", "bench", *words)
    assert ended.code == 2 and said in ended.err and "Traceback" not in ended.err


async def test_attacks_are_told() -> None:
    """The seed comes first, so that it is known whatever happens; then what was done, and how it went."""
    ended = await workshop("dev", "fuzz", "--seed", "7", "--only", "3", "--only", "1")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "The seed is 7."
    assert lines[1].startswith("2 attacks wrote ")
    assert lines[-1].endswith("Nobody was disturbed, and nothing is left.")


def test_a_disturbed_player_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The attacks, what went wrong, and how to make them again."""
    fuzz.tell(Plan(seed=7), Result(problems=["Ada lost its connection"], suspects=["attack 3: 81 80"]))
    told = capsys.readouterr()
    assert "attack 3: 81 80" in told.out and "dev fuzz --seed 7 --only NUMBER" in told.out
    assert "Ada lost its connection" in told.out + told.err
