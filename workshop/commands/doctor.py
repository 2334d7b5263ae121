"""`workshop doctor`: whether this machine is ready, and what to mend."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.markup import escape

from workshop import console
from workshop.commands.as_json import say_json
from workshop.doctor.finding import Finding, errors, report

NOT_READY = 1
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
WORD_COLUMNS = 9  # for the sign and the word, so that what follows stands in one line


@click.command()
@click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")
def command(*, machine: bool) -> int:
    """Look whether this machine is ready for the workshop, and say what to mend.

    Ends with 0 when it is, with 1 when something is in the way.
    """
    if not machine:
        console.say("Looking at this machine ...")
    from workshop.doctor.examine import (
        examine,
    )  # late: it takes a while, and somebody waits for the first line

    findings = examine()
    if machine:
        say_json(report(findings))
    else:
        show(findings)
    return NOT_READY if errors(findings) else 0


def show(findings: Sequence[Finding]) -> None:
    """Print them, and what they come to."""
    for finding in findings:
        _show(finding)
    wrong = len(errors(findings))
    console.say()
    if wrong:
        console.fail(f"{wrong} {'thing is' if wrong == 1 else 'things are'} in the way; mend what is marked.")
    else:
        console.ok(f"This machine is ready. Next: {console.command('run', '0')}")


def _show(finding: Finding) -> None:
    output = console.output()
    word = f"{console.symbol(finding.level)} {finding.level}"
    colour = COLOURS[finding.level]
    output.print(f"[bold {colour}]{word:<{WORD_COLUMNS}}[/]  {finding.about}: {escape(finding.text)}")
    if finding.todo:
        output.print(f"{'':<{WORD_COLUMNS}}  {console.symbol('arrow')} {escape(finding.todo)}")
