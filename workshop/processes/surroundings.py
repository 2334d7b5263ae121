"""The environment of a learner's program: settings of this machine must not change what it does. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# By these Python finds itself and its packages. Other variables that begin like LEFT_OUT change what it does.
KEPT = ("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPLATLIBDIR")
LEFT_OUT = ("PYTHON", "PYTEST_", "PY_COLORS", "HYPOTHESIS_", "WEBSOCKETS_", "FORCE_COLOR", "SSLKEYLOGFILE")
SET = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8:replace",
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "NO_COLOR": "1",
    "COLUMNS": "100",
    "CI": "1",  # hypothesis then tries the same examples each time, without a deadline
}
# No proxy leads to a room nearby. This overrides the settings of Windows and macOS, too.
NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*"}


def surroundings(here: Mapping[str, str]) -> dict[str, str]:
    """The environment that a checked program gets, made from the one here."""
    kept = {name: text for name, text in here.items() if name in KEPT or not name.startswith(LEFT_OUT)}
    return kept | SET | NO_PROXY
