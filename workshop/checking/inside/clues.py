"""Where an exception that only a library's lines were in comes from: read from its text, and the source."""

import ast
import re
import ssl

from workshop.checking.inside.theirs import Theirs
from workshop.checking.verdict import Place

CALL = re.compile(r"([\w.<>]+)\(\) (?:takes|missing|got)\b")
NOT_CALLABLE = re.compile(r"'\w+' object is not callable")
LIMIT = re.compile(r"Can only set `(\w+)` on")
# What a function is handed to, to be called later: as the argument of that number, or of that name.
CALLED_LATER: dict[str, int | str] = {
    "on": 1,
    "once": 1,
    "call_soon": 0,
    "call_soon_threadsafe": 0,
    "call_later": 1,
    "call_at": 1,
    "add_done_callback": 0,
    "to_thread": 0,
    "run_in_executor": 1,
    "Thread": "target",
}


def led_there(error: BaseException, message: str, theirs: Theirs) -> Place | None:
    """The line that the exception is likely to come from, if it is the only one of its kind."""
    if isinstance(error, TypeError):
        if called := CALL.match(message):
            return theirs.definition(called[1])
        if limit := LIMIT.match(message):
            return theirs.only(lambda node: _sets_limit(node, limit[1]))
        if NOT_CALLABLE.match(message):
            return theirs.only(_hands_over_a_result)
    if isinstance(error, ssl.SSLError) and "PEER_DID_NOT_RETURN_A_CERTIFICATE" in message:
        return theirs.only(lambda node: isinstance(node, ast.Attribute) and node.attr == "CERT_REQUIRED")
    if isinstance(error, NameError):
        return theirs.only(lambda node: isinstance(node, ast.Name) and node.id == error.name)
    return None


def _sets_limit(node: ast.AST, limit: str) -> bool:
    return (
        isinstance(node, ast.Call) and _name(node) == "Meta" and limit in {each.arg for each in node.keywords}
    )


def _hands_over_a_result(node: ast.AST) -> bool:
    """Whether a function is called where it should be handed over."""
    given = _handed_over(node) if isinstance(node, ast.Call) else None
    return isinstance(given, ast.Call) and _name(given) != "partial"


def _handed_over(call: ast.Call) -> ast.expr | None:
    where = CALLED_LATER.get(_name(call))
    if isinstance(where, int):
        return call.args[where] if len(call.args) > where else None
    return next((each.value for each in call.keywords if each.arg == where), None) if where else None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
