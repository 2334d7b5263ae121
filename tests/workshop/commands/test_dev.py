"""`workshop dev bench`: what it prints, as JSON and as a table, and wrong usage."""

import json
from pathlib import Path

import pytest

from tests.support.commands import workshop

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
