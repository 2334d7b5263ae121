"""While a check runs, our own servers and guests print nothing: the learner's terminal is the report's."""

import contextlib
import logging
import sys
import warnings
from collections.abc import Iterator

LOGGERS = ("asyncio", "websockets", "netlib")  # that tell what our servers and guests meet
OF_READING = (SyntaxWarning, DeprecationWarning)  # what Python warns of when a source is read


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep from the terminal what is logged, warned of, or cannot be raised; a test still finds it."""
    with contextlib.ExitStack() as undo:
        handler = logging.NullHandler()  # with none at all, logging prints by itself
        for logger in map(logging.getLogger, LOGGERS):
            logger.addHandler(handler)
            undo.callback(logger.removeHandler, handler)
        undo.enter_context(warnings.catch_warnings())
        for category in OF_READING:
            warnings.simplefilter("ignore", category)
        warnings.showwarning = lambda *_, **__: None
        if sys.unraisablehook is sys.__unraisablehook__:
            undo.callback(setattr, sys, "unraisablehook", sys.unraisablehook)
            sys.unraisablehook = lambda _: None
        yield
