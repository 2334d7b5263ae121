"""Colours code when the page is built, so that the page needs no script for it."""

from html import escape

import pygments  # type: ignore[import-untyped]
from pygments import formatters, lexers, util

PREFIX = "c-"  # of the classes; theme.css has a colour for each


def highlight(code: str, language: str) -> str:
    """Return code as markup.

    Args:
        code: as in the file.
        language: a name that pygments knows; code in any other language stays as it is.
    """
    try:
        lexer = lexers.get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except util.ClassNotFound:
        return escape(code)
    markup: str = pygments.highlight(code, lexer, formatters.HtmlFormatter(nowrap=True, classprefix=PREFIX))
    return markup
