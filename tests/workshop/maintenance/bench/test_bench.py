"""The programs that measure run, and print their figures. What the figures are is no test's business."""

import json
import re
from pathlib import Path

import pytest

from tests.support.commands import HEADLESS
from tests.support.processes import python, running
from workshop.maintenance.bench import interest

NUMBER = r"\d+\.\d+"
SPREAD = rf"p50 {NUMBER} ms, p99 {NUMBER} ms"


def test_what_the_server_costs(tmp_path: Path) -> None:
    """`server_load`: the share of a core, and the ticks that were kept."""
    command = python("-m", "workshop.maintenance.bench.server_load", "--bots", "2", "--seconds", "1")
    with running(command, tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 0, program.text()
        assert not program.left_behind()
    first, second = program.text().splitlines()
    assert re.fullmatch(rf"2 bots, 1 s: {NUMBER}% of a core \(median of the seconds\)", first)
    assert re.fullmatch(rf"ticks kept: {NUMBER} per second of 30, \d+ skipped", second)


def test_many_rooms_against_many_processes(tmp_path: Path) -> None:
    """`many_rooms`: two rooms in one process, and two processes; the ticks that each kept, and its cost."""
    command = python("-m", "workshop.maintenance.bench.many_rooms", "--bots", "16", "--seconds", "1")
    with running(command, tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 0, program.text()
        assert not program.left_behind()
    figures = rf"{NUMBER}% of the ticks kept, {NUMBER}% of a core"
    first, second = program.text().splitlines()
    assert re.fullmatch(rf"1 process\(es\) of 2 room\(s\): {figures}", first)
    assert re.fullmatch(rf"2 process\(es\) of 1 room\(s\): {figures}", second)


def test_how_a_window_keeps_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`client_loop`: what snapshots cost, the rhythm of frames, an echo, and an empty loop beside them."""
    source = (
        "import sys; from workshop.maintenance.bench import client_loop; client_loop.WARM_UP = 1.0;"
        "sys.argv = ['client_loop', '--bots', '2', '--seconds', '1']; client_loop.main()"
    )
    with running(python("-c", source), tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 0, program.text()
        assert not program.left_behind()
    lines = program.text().splitlines()
    rhythm = [rf"{NUMBER} frames per second", rf"  error of the interval between two: {SPREAD}"]
    expected = [
        "3 players, SDL's driver 'dummy'",
        rf"snapshots: {NUMBER} per second",
        rf"decoding and applying: {NUMBER}% of a core",
        f"the game: {rhythm[0]}",
        rhythm[1],
        f"its frames take: {SPREAD}",
        f"an echo beside it takes: {SPREAD}",
        f"an empty loop: {rhythm[0]}",
        rhythm[1],
    ]
    assert len(lines) == len(expected)
    assert [
        line for line, pattern in zip(lines, expected, strict=True) if not re.fullmatch(pattern, line)
    ] == []


def test_the_server_that_is_measured(tmp_path: Path) -> None:
    """`game_server` says each second, as JSON, what it did; Ctrl-C ends it."""
    with running(python("-m", "workshop.maintenance.bench.game_server"), tmp_path / "log") as program:
        second = json.loads(program.wait_for(r"^\{.*\}$")[0])
        program.interrupt()
        assert program.wait() == 0
    assert second["players"] == 0
    assert 0 < second["ticks"] < 60
    assert second["cpu"] >= 0 and second["skipped"] >= 0
    assert "Traceback" not in program.text()


@pytest.mark.parametrize("program", ["server_load", "client_loop"])
@pytest.mark.parametrize("words", [["--seconds", "0"], ["--seconds", "-1"], ["--bots", "0"]])
def test_wrong_usage(program: str, words: list[str], tmp_path: Path) -> None:
    """Nothing can be measured in no time, or without bots: one clear sentence, exit code 2."""
    command = python("-m", f"workshop.maintenance.bench.{program}", *words)
    with running(command, tmp_path / "log", environ=HEADLESS) as ended:
        assert ended.wait() == 2
    assert "choose 1 or more" in ended.text().splitlines()[-1]
    assert "Traceback" not in ended.text()


@pytest.mark.parametrize("flat", [True, False])
def test_what_it_costs_that_each_sees_its_own(
    flat: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`interest`: a line for each room and encoding, and whether a player costs the same in all."""
    monkeypatch.setattr(interest, "COUNTS", (60, 120))
    monkeypatch.setattr(interest, "SNAPSHOTS", 2)
    monkeypatch.setattr(interest, "FLAT", 100 if flat else 0)
    monkeypatch.setattr("sys.argv", ["interest", "--rounds", "1"])
    assert interest.main() == (0 if flat else 1)
    lines = capsys.readouterr().out.splitlines()
    for codec, found in (("JSON", lines[:3]), ("MessagePack", lines[3:])):
        *rooms, ratios = found
        for count, line in zip((60, 120), rooms, strict=True):
            assert re.fullmatch(rf"{codec} +{count} players: {NUMBER}% of a core and \d+ bytes/s each", line)
        assert re.fullmatch(rf"{codec} +the largest to the smallest: CPU {NUMBER}, bytes {NUMBER}", ratios)
