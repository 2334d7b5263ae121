"""What the doctor says."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

Level: TypeAlias = Literal["ok", "warning", "error"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Args:
        about: its name, in a word or two.
        level: an "error" keeps the attendee from the workshop; a "warning" is worth knowing.
        text: what was found, in one sentence.
        todo: what to do, if anything; on several lines, if there are several things.
    """

    about: str
    level: Level
    text: str
    todo: str = ""


def ok(about: str, text: str, *todo: str) -> Finding:
    """All is well with it."""
    return Finding(about, "ok", text, "\n".join(todo))


def warning(about: str, text: str, *todo: str) -> Finding:
    """Something that is worth knowing."""
    return Finding(about, "warning", text, "\n".join(todo))


def error(about: str, text: str, *todo: str) -> Finding:
    """What keeps the attendee from the workshop."""
    return Finding(about, "error", text, "\n".join(todo))


class Findings(msgspec.Struct, frozen=True):
    """All findings, for programs; ``ready`` when none is an error."""

    ready: bool
    findings: Sequence[Finding]


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep the attendee from the workshop."""
    return [finding for finding in findings if finding.level == "error"]
