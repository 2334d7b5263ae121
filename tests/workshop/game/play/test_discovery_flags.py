"""The flags of rooms that are found: a class keeps apart by its ports."""

import pytest

from netlib.discovery.discovery import PORTS
from workshop.game.play.discovery_flags import lobby_options, room_options


def test_everybody_is_found_without_flags() -> None:
    """The ports are those of all netlib rooms, and all networks are asked, once a second."""
    options, room = lobby_options([]), room_options([])
    assert tuple(options["discovery_ports"]) == tuple(room["discovery_ports"]) == PORTS
    assert (options["host"], options["loopback"], options["ask_every"]) == (None, False, 1.0)


def test_ports_of_ones_own() -> None:
    """From and to are both among them."""
    ports = ["--discovery-ports", "20100-20103"]
    options, room = lobby_options([*ports, "--loopback"]), room_options([*ports, "--name", "Quarry"])
    assert list(options["discovery_ports"]) == list(room["discovery_ports"]) == list(range(20100, 20104))
    assert options["loopback"] and room["room"] == "Quarry"


@pytest.mark.parametrize("typed", ["", "20100", "a-b"])
def test_ports_that_are_none(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no range ends the program with the flag's name."""
    with pytest.raises(SystemExit):
        room_options(["--discovery-ports", typed])
    assert "--discovery-ports" in capsys.readouterr().err
