"""What the doctor says about firewalls, on every system."""

from pathlib import Path

import pytest

from workshop.doctor.firewall_judge import FirewallSeen, judge_firewall
from workshop.doctor.firewall_probe import look_at_firewall


def levels(seen: FirewallSeen) -> dict[str, str]:
    """What is said about each thing, as its level."""
    return {finding.about: finding.level for finding in judge_firewall(seen)}


def advice(seen: FirewallSeen) -> str:
    """All that is to do."""
    return " ".join(finding.todo for finding in judge_firewall(seen))


def test_windows() -> None:
    """Windows asks by itself: the advice is what to answer."""
    assert levels(FirewallSeen("win32")) == {"firewall": "ok"}
    assert "private networks" in advice(FirewallSeen("win32"))


@pytest.mark.parametrize(("version", "asks"), [((14, 6, 1), False), ((15,), True), ((26, 0), True)])
def test_macos_asks_for_the_network(version: tuple[int, ...], asks: bool) -> None:
    """From macOS 15 on a terminal needs leave to find others."""
    assert ("local network" in levels(FirewallSeen("darwin", version))) == asks


def test_the_firewall_of_macos() -> None:
    """It is a warning only when it is on."""
    assert levels(FirewallSeen("darwin", (14,), ["the firewall"])) == {"firewall": "warning"}
    assert levels(FirewallSeen("darwin", (14,))) == {"firewall": "ok"}


@pytest.mark.parametrize("name", ["ufw", "firewalld"])
def test_linux(name: str) -> None:
    """A firewall that is on keeps others from one's room, and the commands open what is needed."""
    seen = FirewallSeen("linux", active=[name])
    assert levels(seen) == {"firewall": "warning"}
    assert "8765" in advice(seen)
    assert "8766" in advice(seen)
    assert levels(FirewallSeen("linux")) == {"firewall": "ok"}


@pytest.mark.parametrize(
    ("settings", "said", "active"),
    [
        ("# ENABLED=yes\nENABLED=no\n", "inactive\n", []),
        ("ENABLED=yes\nLOGLEVEL=low\n", "inactive\n", ["ufw"]),
        ("", "active\n", ["firewalld"]),
        ("Enabled = YES\n", "active\n", ["ufw", "firewalld"]),
    ],
)
def test_looking_on_linux(tmp_path: Path, settings: str, said: str, active: list[str]) -> None:
    """Ubuntu's settings and Fedora's service say it without rights."""
    (tmp_path / "ufw.conf").write_text(settings)
    seen = look_at_firewall("linux", lambda command: said, tmp_path / "ufw.conf")
    assert list(seen.active) == active


def test_looking_where_there_is_none(tmp_path: Path) -> None:
    """A missing file and a missing program are no firewall."""
    assert not look_at_firewall("linux", lambda command: "", tmp_path / "gone").active


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("Firewall is enabled. (State = 1)", True),
        ("Firewall is blocking all non-essential incoming connections. (State = 2)", True),
        ("Firewall is disabled. (State = 0)", False),
        ("", False),
    ],
)
def test_looking_on_macos(said: str, on: bool) -> None:
    """macOS says it without rights."""
    assert bool(look_at_firewall("darwin", lambda command: said).active) == on
