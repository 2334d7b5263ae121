"""Errors: one tree, drawn in the docstring, whose texts can be shown to a user."""

import re

import pytest

from netlib import errors
from netlib.errors import (
    MAX_TEXT,
    ConnectionLost,
    NetlibError,
    Refused,
    RoomFull,
    WrongPassword,
    WrongVersion,
    did_you_mean,
    refusal,
)


def classes() -> set[type[NetlibError]]:
    found = {value for value in vars(errors).values() if isinstance(value, type)}
    return {kind for kind in found if issubclass(kind, NetlibError)}


def drawn_tree() -> dict[str, str]:
    """Return each class's parent, as the docstring draws it."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ((?:[│ ]   )*)(?:[├└]── )?(\w+)(?:  |$)", line):
            depth = len(match[1]) // 4 + ("── " in line)
            path[depth:] = [match[2]]
            parents[match[2]] = path[-2] if depth else "Exception"
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    """What the docstring draws is what `except` sees."""
    assert drawn_tree() == {kind.__name__: kind.__bases__[0].__name__ for kind in classes()}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *[("protocol", WrongVersion), ("full", RoomFull), ("password", WrongPassword), ("name", Refused)],
        ("on_holiday", Refused),  # a newer server may refuse for a reason that this client does not know
    ],
)
def test_a_refusal_becomes_the_error_that_its_code_names(code: str, kind: type[Refused]) -> None:
    """A code from the wire picks the class, and the server's text stays as it is."""
    error = refusal(code, "what to do")
    assert (type(error), error.code, str(error)) == (kind, code, "what to do")


def test_a_lost_connection_says_code_and_reason() -> None:
    """The text of ConnectionLost carries what the close frame said."""
    assert "(1001: the server shuts down)" in str(ConnectionLost(1001, "the server shuts down"))
    assert "(1006)" in str(ConnectionLost(1006))


def test_message_errors_carry_the_word_for_the_wire() -> None:
    """Each kind of unacceptable message has its own code."""
    codes = {kind.code for kind in classes() if issubclass(kind, errors.MessageError)}
    assert codes == {"bad_message", "unknown_type", "too_big"}


def test_a_near_word_is_suggested_and_a_far_one_is_not() -> None:
    """`did_you_mean` helps with typing errors and stays silent otherwise."""
    assert did_you_mean("chatt", ["chat", "emote"]) == '; did you mean "chat"?'
    assert did_you_mean("hut", ["chat", "emote"]) == ""
    assert did_you_mean("chat", []) == ""


def test_what_a_stranger_says_does_not_command_the_terminal() -> None:
    """The text of an error may quote a server: its control characters are gone, and it is not endless."""
    said = "\x1b]0;pwn\x07\x1b[2J\u202ehello\n" + "x" * 10**6
    for error in (refusal("full", said), ConnectionLost(1008, said), NetlibError(said)):
        assert str(error).isprintable() and "hello" in str(error)
        assert len(str(error)) <= MAX_TEXT
