"""Of an exception, and what led to it: which one to tell, in which words, and where."""

import asyncio
import builtins
import difflib
import re
import sys
import traceback

from workshop.checking.inside.clues import led_there
from workshop.checking.inside.theirs import Theirs
from workshop.checking.verdict import Place

LONGEST = 300  # characters of an exception's message
NOT_IMPORTED = re.compile(r"cannot import name '(?P<wrong>\w+)' from (?:partially .+ )?'(?P<module>[\w.]+)'")
FILE = re.compile(r" \((?:/|\w:)[^()]*\)$")  # of the module from which a name cannot be imported


def origin(error: BaseException, theirs: Theirs) -> BaseException:
    """The exception that explains most: the first in a group, and the one that a library's own hides."""
    passed: set[int] = set()
    while id(error) not in passed:
        passed.add(id(error))
        if isinstance(error, BaseExceptionGroup):
            error = next((each for each in error.exceptions if theirs.trail(each)), error.exceptions[0])
        else:
            error = _led_to(error, theirs) or error
    return error


def _led_to(error: BaseException, theirs: Theirs) -> BaseException | None:
    """The exception before this one, unless they handled that, or raised this one because of it."""
    if error.__cause__ is not None:
        before = None if theirs.raised(error) else error.__cause__
    else:
        is_first = error.__suppress_context__ or theirs.handles(error)
        before = None if is_first or _is_end(error.__context__) else error.__context__
    return before if isinstance(before, Exception) and theirs.trail(before) else None


def _is_end(error: BaseException | None) -> bool:
    """Whether it is the end of a connection, which explains no exception in the `finally` after it."""
    return any(kind.__name__ == "ConnectionClosed" for kind in type(error).__mro__)


def trail(error: BaseException, theirs: Theirs) -> tuple[Place, ...]:
    """Their lines on the way to it; where a library's lines alone are, the line that led there, if known."""
    if isinstance(error, asyncio.CancelledError):
        return theirs.awaiting(error)
    if found := theirs.trail(error):
        return found
    place = led_there(error, message(error), theirs)
    return (place,) if place else ()


def name(error: BaseException) -> str:
    """Its type; with the module where the name alone says nothing: pygame.error."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__name__}" if kind.__name__ == "error" else kind.__name__


def message(error: BaseException) -> str:
    """What it says, with the name that was likely meant: Python 3.11 adds that to what it prints alone."""
    try:
        text = FILE.sub("", str(error))
    except Exception:  # theirs may be unable to say what it is
        return ""
    near = "" if "Did you mean" in text else _near(error)
    return text[: LONGEST - len(near)] + near


def _near(error: BaseException) -> str:
    wrong, known = _known(error)
    known = [each for each in known if each != wrong and each.startswith("_") <= wrong.startswith("_")]
    best = difflib.get_close_matches(wrong, known, n=1, cutoff=0.7)
    return f". Did you mean: '{best[0]}'?" if best else ""


def _known(error: BaseException) -> tuple[str, list[str]]:
    """The name that was looked for in vain, and those that there are."""
    match error:
        case AttributeError(name=str(wrong)):
            return wrong, dir(error.obj)
        case NameError(name=str(wrong)) if not isinstance(error, UnboundLocalError):
            frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
            return wrong, [
                key for each in frames for key in (*each.f_locals, *each.f_globals, *dir(builtins))
            ]
        case ImportError() if found := NOT_IMPORTED.match(str(error)):
            return found["wrong"], dir(sys.modules.get(found["module"]))
    return "", []
