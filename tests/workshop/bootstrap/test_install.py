"""The first start: what it does, in which order, and what it says when something is missing."""

import errno
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.processes import group_members, python, running, wait_until
from workshop.bootstrap import install, lock, trouble
from workshop.bootstrap import pip as pip_module
from workshop.bootstrap.install import prepare, run_step
from workshop.bootstrap.interpreter import python_of
from workshop.bootstrap.pip import environment, outside_python
from workshop.bootstrap.trouble import SetupError, explain_pip
from workshop.bootstrap.typed import TYPED
from workshop.bootstrap.venv import STAMP, expected_stamp

PIP_SAYS_NO_NETWORK = """
WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection'
ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from versions: none)
ERROR: No matching distribution found for setuptools>=77
"""
SLOW_STEP = """
import signal, sys
from pathlib import Path
from workshop.bootstrap import install, lock
signal.signal(signal.SIGTERM, install._end_with_children)
folder = Path(sys.argv[1])
with lock.hold(folder / "lock", lambda: None) as held:
    inner = "import time; print('working', flush=True); time.sleep(600)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"  # as pip --python
    step = [sys.executable, "-c", outer]
    install.run_step("a slow step", step, folder / "step.log", held)
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a bare checkout, as far as the bootstrap can tell."""
    monkeypatch.setenv(TYPED, "python3 -m workshop")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give the list of programs that the first start runs; none runs really, and what is uv fails."""
    ran: list[list[str]] = []

    def fake_step(title: str, command: list[str], log: Path, lock: int, **_: object) -> int:
        ran.append(command)
        return command[0].endswith("old-uv")

    monkeypatch.setattr(install, "run_step", fake_step)
    brings(monkeypatch, pip=True)
    return ran


def brings(monkeypatch: pytest.MonkeyPatch, *, pip: bool, uv: str | None = None) -> None:
    """Let this machine have what installs packages, or not."""
    for module in (install, pip_module):
        monkeypatch.setattr(module, "has_pip", lambda python: pip and python == outside_python())
    monkeypatch.setattr("shutil.which", lambda name: uv)


def test_makes_an_environment_then_installs(root: Path, steps: list[list[str]]) -> None:
    """A bare checkout gets `.venv`, then the project, editable, by the pip outside; the stamp is last."""
    prepare(root)
    making, installing = steps
    venv = root / ".venv"
    assert making == [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    assert installing[:6] == [outside_python(), "-m", "pip", "--python", str(python_of(venv)), "install"]
    assert installing[-2:] == ["--editable", str(root)]
    assert "--no-index" not in installing
    assert (venv / STAMP).read_text(encoding="utf-8") == expected_stamp(root)


@pytest.mark.parametrize(("uv", "tools"), [("/bin/uv", ["uv"]), ("/bin/old-uv", ["old-uv", "pip"])])
def test_uv_is_quickest(
    root: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch, uv: str, tools: list[str]
) -> None:
    """Where there is uv it installs; where it fails pip does."""
    brings(monkeypatch, pip=True, uv=uv)
    prepare(root)
    _, first, *others = steps
    assert first[:3] == [uv, "pip", "install"] and first[-2:] == ["--editable", str(root)]
    assert len(others) == len(tools) - 1
    assert all(command[1:3] == ["-m", "pip"] for command in others)


def test_no_pip_outside(root: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the Python outside has no pip, the environment gets one."""
    brings(monkeypatch, pip=False)
    prepare(root)
    python = str(python_of(root / ".venv"))
    assert steps[1] == [python, "-m", "ensurepip"]
    assert steps[2][:4] == [python, "-m", "pip", "install"]


def test_half_made_is_made_anew(root: Path, steps: list[list[str]]) -> None:
    """What an interrupted run left is taken away and made again."""
    (root / ".venv" / "lib").mkdir(parents=True)
    (root / ".venv" / "lib" / "half").touch()
    prepare(root)
    assert len(steps) == 2
    assert not (root / ".venv" / "lib").exists()


def test_a_file_in_its_place_is_taken_away(root: Path, steps: list[list[str]]) -> None:
    """Even a plain file by the name `.venv` does not stop it."""
    (root / ".venv").touch()
    prepare(root)
    assert (root / ".venv").is_dir()


def test_wheelhouse(root: Path, steps: list[list[str]]) -> None:
    """With a folder wheelhouse nothing is asked of the network."""
    (root / "wheelhouse").mkdir()
    prepare(root)
    installing = " ".join(steps[1])
    assert f"--isolated --no-index --find-links {root / 'wheelhouse'}" in installing
    assert installing.endswith(f"--editable {root}[test]")


def test_settings_of_this_machine_do_not_matter_offline() -> None:
    """With a wheelhouse, no setting of pip's, from a file or the environment, leads to another place."""
    ours = {"PATH": "/bin", "PIP_INDEX_URL": "http://somewhere", "PIP_FIND_LINKS": "http://elsewhere"}
    offline, online = environment(ours, offline=True), environment(ours)
    pips = {name for name in offline if name.startswith("PIP_")}
    assert pips == {"PIP_CONFIG_FILE", "PIP_NO_INDEX", "PIP_USER"}
    assert offline["PIP_CONFIG_FILE"] == os.devnull
    assert online["PIP_INDEX_URL"] == "http://somewhere"
    assert offline["PATH"] == online["PATH"] == "/bin"


def test_complete_one_is_only_updated(
    root: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed pyproject.toml costs one run of pip, and not a new environment."""
    (root / ".venv").mkdir()
    (root / ".venv" / STAMP).write_text("old", encoding="utf-8")
    monkeypatch.setattr(install, "can_be_updated", lambda _: True)
    prepare(root)
    assert len(steps) == 1


def test_another_terminal_was_first(
    root: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that waited for the lock looks again, and finds nothing to do."""
    monkeypatch.setattr(install, "is_ready", lambda _: True)
    prepare(root)
    assert not steps


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_no_venv_module(root: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Debian's Python without python3-venv gets the command that helps; elsewhere apt is not told of."""
    brings(monkeypatch, pip=missing == "venv")
    monkeypatch.setattr(install, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(SetupError, match="sudo apt install python3-venv"):
        prepare(root)
    assert not (root / ".venv").exists()
    assert "apt" not in trouble.no_venv_module("win32")


def test_no_pip_but_its_wheel(root: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's Python without python3-venv needs no internet: the wheel of pip is run as it is."""
    monkeypatch.setattr(install, "find_spec", lambda name: None if name == "ensurepip" else object())
    brings(monkeypatch, pip=False)
    (root / "wheelhouse").mkdir()
    wheel = root / "wheelhouse" / "pip-26.3-py3-none-any.whl"
    wheel.touch()
    prepare(root)
    making, installing = steps
    assert "--without-pip" in making
    assert installing[1:3] == [str(wheel / "pip"), "install"]


def test_read_only_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout that cannot be written says so, with what to do."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(lock, "hold", refuse)
    with pytest.raises(SetupError, match=r"Cannot write in .*Read-only(.|\n)*Copy the folder"):
        prepare(root)


def test_failed_pip_is_explained(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When pip fails the message says why, what to do, and shows the log's end; the stamp is not written."""

    def failing(title: str, command: list[str], log: Path, lock: int, **_: object) -> int:
        log.write_text(PIP_SAYS_NO_NETWORK, encoding="utf-8")
        return 1 if "pip" in command else 0

    monkeypatch.setattr(install, "run_step", failing)
    brings(monkeypatch, pip=True)
    with pytest.raises(SetupError, match=r"no internet here(.|\n)*wheelhouse(.|\n)*No matching distribution"):
        prepare(root)
    assert not (root / ".venv" / STAMP).exists()


@pytest.mark.parametrize(
    ("log", "from_wheelhouse", "expected"),
    [
        (PIP_SAYS_NO_NETWORK, False, "HTTPS_PROXY"),
        ("ERROR: No matching distribution found for pygame-ce>=2.5\n", True, "lacks pygame-ce>=2.5 for"),
        ("OSError: [Errno 28] No space left on device", False, "The disk is full"),
        ("SSLError(CERTIFICATE_VERIFY_FAILED)", False, "changes certificates"),
        ("error: Request failed\n Caused by: error sending request for url", False, "HTTPS_PROXY"),
        ("error: something new", False, "the lines below say why"),
    ],
)
def test_causes(log: str, from_wheelhouse: bool, expected: str) -> None:
    """Each cause that pip's output tells gets its own advice, and the command to type again."""
    text = explain_pip(log, from_wheelhouse)
    assert expected in text
    assert "Then again: " in text


def test_output_goes_to_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A step's output is in the log; the terminal shows its title and its end."""
    with lock.hold(tmp_path / "lock", lambda: None) as held:
        step = [sys.executable, "-c", "print('much'); raise SystemExit(3)"]
        assert run_step("a step", step, tmp_path / "log", held) == 3
    assert (tmp_path / "log").read_text() == "much\n"
    assert capsys.readouterr().err.startswith("  a step ")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_interrupted_step_is_ended(tmp_path: Path, how: str) -> None:
    """A signal that reaches only us ends the program of the step, too."""
    with running(python("-c", SLOW_STEP, tmp_path), tmp_path / "log") as program:
        wait_until(lambda: "working" in _text(tmp_path / "step.log"), "the step works")
        program.process.send_signal(signal.Signals[how])
        program.wait()
        wait_until(lambda: not group_members(program.pid), "the step has ended")


@pytest.mark.skipif(sys.platform == "win32", reason="there a lock is not inherited")
def test_killed_but_still_writing(tmp_path: Path) -> None:
    """When we are killed while a step still writes, nobody else gets the lock before it ends."""
    with running(python("-c", SLOW_STEP, tmp_path), tmp_path / "log") as program:
        wait_until(lambda: "working" in _text(tmp_path / "step.log"), "the step works")
        program.process.kill()
        program.process.wait()
        fd = os.open(tmp_path / "lock", os.O_RDWR)
        assert not lock.try_lock(fd)
    wait_until(lambda: lock.try_lock(fd), "the lock is free")
    os.close(fd)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
