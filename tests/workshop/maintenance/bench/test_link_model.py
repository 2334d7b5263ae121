"""The simulated link keeps to real TCP, and the program that compares them says whether it does."""

import json
import sys

import pytest

from netlib.transport import conditioner
from netlib.transport.conditioner import LinkConditions
from workshop.maintenance.bench import link_model
from workshop.maintenance.bench.link_model import LINKS, TARGETS, Figure, compare, delays, main

FIGURES = [(link, share) for link in LINKS for share in link.real]
NAMES = [f"{link.name}, p{share}" for link, share in FIGURES]


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, int], Figure]:
    """All figures, by the link's name and the percentile."""
    return {(figure.link, figure.percentile): figure for figure in compare(100_000, seed=1)}


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the program in this process; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["link_model", *words])
    return main()


@pytest.mark.parametrize(
    ("link", "share"), FIGURES, ids=[f"{link.name}, p{share}" for link, share in FIGURES]
)
def test_the_model_is_as_real_tcp(
    link: link_model.Emulated, share: int, figures: dict[tuple[str, int], Figure]
) -> None:
    """Each percentile of each link is on target: p50 and p95 within 10 % of real TCP, p99 within 15 %."""
    figure = figures[link.name, share]
    assert figure.simulated == pytest.approx(link.real[share], rel=TARGETS[share])
    assert figure.within


def test_the_figures_do_not_hang_on_the_seed() -> None:
    """With another seed they are the same within 3 %: there are enough messages."""
    pairs = zip(compare(100_000, seed=1), compare(100_000, seed=2), strict=True)
    assert [one for one, other in pairs if one.simulated != pytest.approx(other.simulated, rel=0.03)] == []


def test_a_message_takes_half_the_round_trip() -> None:
    """Without jitter and loss, all take the same, and each message is counted."""
    assert list(delays(LinkConditions(0.2), 50, seed=1)) == pytest.approx([0.1] * 50)


@pytest.mark.parametrize(("simulated", "within"), [(89, False), (91, True), (109, True), (111, False)])
def test_off_target_is_told(simulated: float, within: bool) -> None:
    """Too good is as wrong as too bad."""
    assert Figure("a link", 50, simulated, 100).within is within


def test_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each figure, with its verdict; exit code 0 when all are on target."""
    assert run(monkeypatch, "--messages", "50000") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(FIGURES)
    assert all(line.endswith("ok") for line in lines[1:])
    assert "ratio" in lines[0]


def test_a_wrong_model_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """When TCP is taken to wait longer than it does, the tails are off and the exit code is 1."""
    monkeypatch.setattr(conditioner, "REORDERING", 1.0)
    assert run(monkeypatch, "--messages", "20000") == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.endswith("more than 10% off") for line in lines)
    assert any("no loss" in line and line.endswith("ok") for line in lines)


def test_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get the same figures as a list of objects, and the same ones for the same seed."""
    run(monkeypatch, "--messages", "2000", "--seed", "3", "--json")
    printed = capsys.readouterr().out
    run(monkeypatch, "--messages", "2000", "--seed", "3", "--json")
    assert printed == capsys.readouterr().out
    first, *others = json.loads(printed)
    assert len(others) == len(FIGURES) - 1
    assert first == {
        "link": LINKS[0].name, "percentile": 50, "simulated": first["simulated"], "real": 103,
        "ratio": first["simulated"] / 103, "target": 0.1, "within": True,
    }  # fmt: skip


def test_wrong_usage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No messages have no delays: one clear sentence, exit code 2."""
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "--messages", "0")
    assert ended.value.code == 2
    assert "choose 1 or more" in capsys.readouterr().err
