"""What the doctor says."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

Level: TypeAlias = Literal["ok", "warning", "error"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Args:
        about: what, in a word or two.
        level: "error" keeps somebody from the workshop; a "warning" is worth knowing.
        text: what was found, in one sentence.
        todo: what to do, if there is anything.
    """

    about: str
    level: Level
    text: str
    todo: str = ""


class Findings(msgspec.Struct, frozen=True):
    """All findings, for programs.

    Args:
        ready: nothing is an error.
    """

    ready: bool
    findings: Sequence[Finding]


def report(findings: Sequence[Finding]) -> Findings:
    """The findings with what they come to."""
    return Findings(not errors(findings), findings)


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep somebody from the workshop."""
    return [finding for finding in findings if finding.level == "error"]
