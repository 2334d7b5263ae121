"""Flags: units that people type, and clear words when they are wrong."""

import logging
from pathlib import Path

import pytest

from netlib.transport.conditioner import PERFECT, PRESETS, LinkConditions
from workshop.game.play.flags import client_options, link_conditions, server_options

pytestmark = pytest.mark.usefixtures("quiet_log")


def test_milliseconds_and_percent_become_seconds_and_shares() -> None:
    """On the command line 250 ms and 2 %, inside 0.25 s and 0.02."""
    assert link_conditions(latency=250, jitter=30, loss=2) == LinkConditions(0.25, 0.03, 0.02)
    assert link_conditions() == PERFECT


def test_a_named_network_can_be_changed() -> None:
    """A preset's other values stay."""
    hotel = PRESETS["hotel"]
    assert link_conditions(network="hotel", loss=0) == LinkConditions(hotel.latency, hotel.jitter, 0.0)


@pytest.mark.parametrize(
    "wrong", [{"latency": -1.0}, {"loss": 100.0}, {"jitter": float("nan")}, {"network": "x"}]
)
def test_wrong_values_are_named(wrong: dict[str, object]) -> None:
    """What is out of range is said with the range."""
    with pytest.raises(ValueError, match=r"choose"):
        link_conditions(**wrong)  # type: ignore[arg-type]


def test_options_are_arguments_of_the_stage() -> None:
    """Flags become the keyword arguments of `serve` and `run`."""
    options = server_options(["--name", "Lab", "--port", "0", "--next-port", "--latency", "10"])
    assert (options["room"], options["port"], options["link"].latency) == ("Lab", 0, 0.01)
    assert client_options(["--host", "::1"])["url"] == "ws://[::1]:8765"
    assert client_options(["--name", "Ada"])["name"] == "Ada"


def test_a_log_file_gets_every_message(tmp_path: Path) -> None:
    """--log writes what netlib traces; the file is made at once."""
    server_options(["--log", str(tmp_path / "trace.log")])
    logging.getLogger("netlib.wire").debug("→ somebody {}")
    assert "→ somebody" in (tmp_path / "trace.log").read_text(encoding="utf-8")


def test_wrong_flags_end_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage ends the program with one clear line."""
    for wrong in (["--loss", "200"], ["--log", str(tmp_path / "no" / "such" / "folder")]):
        with pytest.raises(SystemExit) as ended:
            client_options(wrong)
        assert ended.value.code == 2
    assert "200 % is not possible" in capsys.readouterr().err


def test_flags_of_a_public_room(tmp_path: Path) -> None:
    """Only a stage that asks for them has them; the scheme follows from what is to be trusted."""
    file = tmp_path / "some.pem"
    file.touch()
    with pytest.raises(SystemExit):
        server_options(["--cert", str(file)])
    options = server_options(
        ["--cert", str(file), "--key", str(file), "--origin", "https://a.b"], public=True
    )
    assert (options["cert"], options["key"], options["origins"]) == (str(file), str(file), ["https://a.b"])
    assert client_options([], public=True)["url"] == "ws://localhost:8765"
    assert client_options(["--tls"], public=True)["url"] == "wss://localhost:8765"
    options = client_options(["--ca", str(file)], public=True)
    assert (options["url"], options["ca"]) == ("wss://localhost:8765", str(file))


@pytest.mark.parametrize("flags", [["--cert", "{file}"], ["--key", "{file}"], ["--cert", "/no/such.pem"]])
def test_half_a_certificate_is_told(
    flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A certificate without its key, or a file that is not there, ends with one clear line."""
    file = tmp_path / "some.pem"
    file.touch()
    with pytest.raises(SystemExit):
        server_options([flag.format(file=file) for flag in flags], public=True)
    said = capsys.readouterr().err
    assert "belong together" in said or "cannot read /no/such.pem" in said


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--port", "99999"], "'99999' is no port; choose a number from 0 to 65535"),
        (["--port", "-1"], "'-1' is no port"),
        (["--port", "http"], "'http' is no port"),
        (["--name", "x" * 21], "your name has 21 characters; choose one with at most 20"),
    ],
)
def test_a_wrong_port_or_name_is_told_with_its_flag(
    flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program ends at once, as it does for any other flag that is wrong."""
    with pytest.raises(SystemExit):
        client_options(flags)
    assert said in capsys.readouterr().err
