"""What is set on a machine does not reach a program that is checked."""

from urllib.request import proxy_bypass

import pytest

from workshop.processes.surroundings import NO_PROXY, surroundings


def test_what_changes_python_is_left_out() -> None:
    """Variables that change what Python, pytest or hypothesis do are left out; the others stay."""
    changing = ("PYTHONPATH", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTEST_ADDOPTS", "FORCE_COLOR")
    found = surroundings(dict.fromkeys(changing, "1") | {"PATH": "/bin", "PYTHONUSERBASE": "/home/ada"})
    assert not found.keys() & set(changing)
    assert found["PATH"] == "/bin"
    assert found["PYTHONUSERBASE"] == "/home/ada"


def test_what_is_the_same_everywhere() -> None:
    """What a program prints does not depend on the width of a terminal, nor on a build server."""
    assert surroundings({"COLUMNS": "20"}) == surroundings({}) == surroundings({"CI": "", "NO_PROXY": ""})


@pytest.mark.parametrize("name", ["http_proxy", "HTTPS_PROXY", "all_proxy"])
def test_no_proxy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is set counts for no address."""
    monkeypatch.setenv(name, "http://127.0.0.1:3128")
    for other, text in NO_PROXY.items():
        monkeypatch.setenv(other, text)
    assert proxy_bypass("127.0.0.1:8765")
    assert proxy_bypass("room.example:8765")
