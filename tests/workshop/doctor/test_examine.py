"""The doctor as a whole, and its command."""

import json
import socket
from collections.abc import Callable

import pytest

import netlib
from tests.support.commands import free_port
from tests.support.processes import ROOT
from workshop import cli
from workshop.doctor import examine as module
from workshop.doctor.finding import Finding, errors

FINE = Finding("Python", "ok", "Python 3.12 [final].")
KNOWN = Finding("window", "warning", "No screen.", "Get one.")
BAD = Finding("pygame", "error", "Not installed.", "Install it.")

Pretend = Callable[..., None]


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Pretend:
    """Give a function that says what the doctor finds."""
    monkeypatch.setenv("WORKSHOP_TYPED", "py -m workshop")
    monkeypatch.setenv("WORKSHOP_PROGRESS", "/nowhere/progress.json")

    def set_findings(*findings: Finding) -> None:
        async def examination() -> list[Finding]:
            return list(findings)

        monkeypatch.setattr(module, "examination", examination)

    return set_findings


async def test_everything_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """One examination has a word on each thing, and looks at the ports that it was told."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        findings = await module.examination(ROOT, port=number, search_ports=[free_port()])
    found = {finding.about: finding for finding in findings}
    assert found.keys() >= {"Python", "environment", "pygame", "packages", "window", "terminal", "files"}
    assert found.keys() >= {"loopback", "localhost", f"port {number}", "discovery", "firewall"}
    assert found[f"port {number}"].level == "warning"
    assert {finding.about for finding in errors(findings)} <= {"files"}


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is not a clean bill of health."""

    def interrupted(coroutine: object) -> None:
        coroutine.close()  # type: ignore[attr-defined]

    monkeypatch.setattr(netlib, "run", interrupted)
    assert cli.run(["doctor"]) == cli.INTERRUPTED


@pytest.mark.parametrize(("findings", "code"), [([FINE], 0), ([FINE, KNOWN], 0), ([FINE, KNOWN, BAD], 1)])
def test_exit_code(pretend: Pretend, findings: list[Finding], code: int) -> None:
    """Warnings are fine; one error is not."""
    pretend(*findings)
    assert cli.run(["doctor"]) == code


def test_what_is_shown(pretend: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has its sign and word, and what to do stands below it; brackets are no markup."""
    pretend(FINE, KNOWN, BAD)
    cli.run(["doctor"])
    out, err = capsys.readouterr()
    assert out.splitlines()[:6] == [
        "Looking at this machine ...",
        "✓ ok       Python: Python 3.12 [final].",
        "⚠ warning  window: No screen.",
        "           → Get one.",
        "✗ error    pygame: Not installed.",
        "           → Install it.",
    ]
    assert "1 thing is in the way" in err


def test_what_comes_next(pretend: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    """When all is ready, the doctor says what to type."""
    pretend(FINE, KNOWN)
    cli.run(["doctor"])
    assert "py -m workshop run 0" in capsys.readouterr().out


def test_json(pretend: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get all findings, and whether the machine is ready."""
    pretend(KNOWN, BAD)
    assert cli.run(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ready"] is False
    assert told["findings"][1] == {
        "about": "pygame",
        "level": "error",
        "text": "Not installed.",
        "todo": "Install it.",
    }
