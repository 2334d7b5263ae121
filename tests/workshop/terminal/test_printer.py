"""Printing that holds nobody up."""

import logging
import sys
import threading

import pytest

from tests.support.processes import TIMEOUT, wait_until
from workshop.terminal import console
from workshop.terminal import printer as printer_module
from workshop.terminal.printer import Printer, PrintingHandler, leave


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer than a held terminal is waited for."""
    monkeypatch.setattr(printer_module, "FAREWELL_SECONDS", TIMEOUT)


def test_lines_keep_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines are printed one after the other, as they were said, and all of them before the end."""
    printer = Printer(console.say)
    for number in range(200):
        printer.say(f"line {number}")
    assert printer.finish()
    assert capsys.readouterr().out.splitlines() == [f"line {number}" for number in range(200)]


def test_a_held_terminal_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the terminal is held nobody waits, and what is kept for it has a limit."""
    free, printed = threading.Event(), list[str]()

    def say(text: str) -> None:
        free.wait(TIMEOUT)
        printed.append(text)

    monkeypatch.setattr(printer_module, "FAREWELL_SECONDS", 0.01)
    printer = Printer(say)
    for number in range(3 * printer_module.LINES_WAITING):
        printer.say(str(number))
    assert not printer.finish()
    free.set()
    wait_until(lambda: len(printed) >= printer_module.LINES_WAITING, "the rest is printed")
    assert len(printed) <= printer_module.LINES_WAITING + 1


@pytest.mark.parametrize("error", [BrokenPipeError(), SystemExit(1)])
def test_a_closed_terminal_is_no_error(error: BaseException) -> None:
    """When nobody reads any more, the lines go nowhere."""

    def say(text: str) -> None:
        raise error

    printer = Printer(say)
    printer.say("one")
    printer.say("two")
    assert printer.finish()


def test_the_log_is_printed_from_its_own_thread(capsys: pytest.CaptureFixture[str]) -> None:
    """Records of the log appear on standard error, all of them before the program ends."""
    handler = PrintingHandler()
    for number in range(50):
        handler.emit(logging.LogRecord("netlib", logging.INFO, "", 0, "record %d", (number,), None))
    with pytest.raises(SystemExit) as end:
        leave(0)
    assert end.value.code == 0
    assert capsys.readouterr().err.splitlines() == [f"record {number}" for number in range(50)]


def test_a_held_terminal_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody holds up the terminal a program still ends, with its exit code."""
    ended: list[int] = []
    free = threading.Event()

    def end_at_once(code: int) -> None:
        ended.append(code)
        free.set()
        sys.exit(code)

    monkeypatch.setattr(printer_module, "FAREWELL_SECONDS", 0.01)
    monkeypatch.setattr("os._exit", end_at_once)
    Printer(lambda line: free.wait(TIMEOUT)).say("held")
    with pytest.raises(SystemExit):
        leave(2)
    assert ended == [2]
