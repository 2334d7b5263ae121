"""`workshop bundle` as it is typed, and a laptop without internet that installs from what it made."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.commands import free_port, names, workshop
from tests.support.lan import Lan, lan_fixture
from tests.support.processes import python, running
from tests.support.wheels import a_wheel, only_from
from workshop.processes.children import READY

__all__ = ["lan_fixture"]

ONE = ("--platform", "linux-x86_64", "--python", "3.11")


def index_at(port: int) -> Mapping[str, str]:
    """Let pip know one index, on a port of this machine."""
    url = f"http://127.0.0.1:{port}/simple"
    nothing_else = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    return {"PIP_INDEX_URL": url, "PIP_RETRIES": "0", **nothing_else}


async def test_other_files_are_in_the_folder(tmp_path: Path) -> None:
    """Where somebody's files are and nobody can be asked, nothing is written; --yes says yes."""
    (tmp_path / "holiday.jpg").touch()
    ended = await workshop("bundle", str(tmp_path), *ONE)
    assert ended.code == 2 and "has other files in it" in ended.err and "--yes" in ended.err
    assert names(tmp_path) == ["holiday.jpg"]


async def test_no_such_python(tmp_path: Path) -> None:
    """A Python that is too old is refused before anything is done."""
    ended = await workshop("bundle", str(tmp_path / "new"), "--python", "3.9")
    assert "use 3.11 or newer" in ended.sentence
    assert names(tmp_path) == []


async def test_no_connection(tmp_path: Path) -> None:
    """Without a connection there is one sentence with what to do."""
    ended = await workshop("bundle", str(tmp_path), *ONE, environ=index_at(free_port()))
    assert "The package index cannot be reached" in ended.sentence


async def test_a_platform_without_wheels(tmp_path: Path) -> None:
    """What has no wheel is told, and the pages are made nevertheless."""
    a_wheel(tmp_path / "index", "click", "9.0")
    ended = await workshop("bundle", str(tmp_path / "b"), *ONE, environ=only_from(tmp_path / "index"))
    assert ended.code == 1
    assert "Python 3.11 on Linux cannot be served: there is no wheel of" in ended.err
    assert (tmp_path / "b" / "index.html").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C while pip waits for the network ends both at once, and says that nothing is lost."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        command = python("-m", "workshop", "bundle", tmp_path / "b", *ONE)
        with running(command, tmp_path / "log", environ=index_at(silent.getsockname()[1])) as program:
            silent.accept()[0].close()
            program.interrupt()
            assert program.wait() == 130
            assert not program.left_behind()
    assert "Stopped. What has been fetched is kept" in program.text()
    assert "Traceback" not in program.text()


@pytest.mark.root
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_room_without_internet(lan: Lan, tmp_path: Path) -> None:
    """A bundle is made, the host gives it to the room, and a bare laptop there installs from it."""
    bare = str(vars(sys)["_base_executable"])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    make = ["bundle", str(tmp_path / "b"), "--platform", "linux-x86_64", "--python", version]
    with running(python("-m", "workshop", *make), tmp_path / "log") as program:
        assert program.wait(timeout=300) == 0, program.text()
    command = [sys.executable, "-m", "workshop.bundle.serve", str(tmp_path / "b"), "--port", "8770"]
    serve = lan.popen("server", command, stdout=subprocess.PIPE)
    assert serve.stdout is not None
    assert READY.partition("(")[0] in serve.stdout.readline()
    url = f"http://{lan.address('server')}:8770/workshop-linux-x86_64.zip"
    fetch = f"import urllib.request as u; u.urlretrieve({url!r}, 'w.zip')"
    (tmp_path / "ann").mkdir()
    for command in (["-c", fetch], ["-m", "zipfile", "-e", "w.zip", "."]):
        assert lan.run("ann", [bare, *command], cwd=tmp_path / "ann").returncode == 0
    home = tmp_path / "ann" / "pygame-workshop"
    options = {"cwd": home, "env": {"PYTHONPATH": ""}, "timeout": 300}
    done = lan.run("ann", [bare, "-m", "workshop", "--version"], **options)
    assert done.returncode == 0, done.stderr
    assert "installing from the folder wheelhouse" in done.stderr
    assert done.stdout.startswith("workshop, version")
    again = lan.run("ann", [bare, "-m", "workshop", "check", "0"], **options)
    assert "Traceback" not in again.stderr
