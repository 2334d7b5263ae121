"""The environment of a learner's program: what is set on this machine shall not change what it does. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Where Python finds itself and its packages; what else begins so changes what a program does, or prints.
KEPT = ("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPLATLIBDIR")
LEFT_OUT = ("PYTHON", "PYTEST_", "PY_COLORS", "HYPOTHESIS_", "WEBSOCKETS_", "FORCE_COLOR", "SSLKEYLOGFILE")
SET = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8:replace",
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "NO_COLOR": "1",
    "COLUMNS": "100",
    "CI": "1",  # hypothesis tries the same examples each time, and gives each all the time it wants
}
# A room nearby is reached by no proxy; this counts for the settings of Windows and macOS, too.
NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*"}


def surroundings(here: Mapping[str, str]) -> dict[str, str]:
    """What a program that is checked gets of the environment here."""
    kept = {name: text for name, text in here.items() if name in KEPT or not name.startswith(LEFT_OUT)}
    return kept | SET | NO_PROXY
