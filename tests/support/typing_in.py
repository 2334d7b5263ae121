"""Somebody at the keyboard, for commands that ask."""

import io
import sys

import pytest


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Have standard input be a terminal at which this is typed."""
    monkeypatch.setattr(sys, "stdin", _Terminal(text))


def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have standard input be no terminal."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
