"""The flags of rooms that are found: a class keeps apart by its ports."""

import pytest

from netlib.discovery.discovery import PORTS
from workshop.game.play.discovery_flags import discovery_options


def test_everybody_is_found_without_flags() -> None:
    """The ports are those of all netlib rooms, and all networks are asked, once a second."""
    options = discovery_options("Gem Rush", [])
    assert (options.name, tuple(options.discovery_ports)) == ("Gem Rush", PORTS)
    assert (options.host, options.loopback, options.ask_every) == (None, False, 1.0)


def test_ports_of_ones_own() -> None:
    """From and to are both among them."""
    options = discovery_options("x", ["--discovery-ports", "20100-20103", "--loopback"])
    assert list(options.discovery_ports) == [20100, 20101, 20102, 20103]
    assert options.loopback


@pytest.mark.parametrize("typed", ["", "20100", "a-b"])
def test_ports_that_are_none(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no range ends the program with the flag's name."""
    with pytest.raises(SystemExit):
        discovery_options("x", ["--discovery-ports", typed])
    assert "--discovery-ports" in capsys.readouterr().err
