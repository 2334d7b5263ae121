"""`workshop doctor`: whether this machine is ready, and what to fix."""

from collections.abc import Sequence

import click
from rich.markup import escape
from rich.table import Column, Table

from workshop.commands.address import address_argument
from workshop.commands.as_json import say_json
from workshop.doctor.finding import Finding, Findings, errors
from workshop.terminal import console

NOT_READY = 1
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
WORD_COLUMNS = 9  # for the symbol and the word, so that the text lines up


@click.command()
@address_argument
@click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")
@click.option("--lan", is_flag=True, help="Look at the way to another machine, or to the room at ADDRESS.")
@click.option("--serve", is_flag=True, help="With --lan, on that other machine: stand in for a room.")
def command(*, address: str | None, machine: bool, lan: bool, serve: bool) -> int:
    """Look whether this machine is ready for the workshop, and say what to mend.

    With --lan: why another machine cannot be reached.

    Ends with 0 when all is well, with 1 when something is in the way.
    """
    _check(address, lan=lan, serve=serve, machine=machine)
    if serve:
        return _stand_in()
    if not machine:
        console.say("Looking at this network, for some seconds ..." if lan else "Looking at this machine ...")
    findings = _look(address, lan=lan)
    if machine:
        say_json(Findings(not errors(findings), findings))
    else:
        show(findings, lan=lan)
    return NOT_READY if errors(findings) else 0


def _check(address: str | None, *, lan: bool, serve: bool, machine: bool) -> None:
    if (address is not None or serve) and not lan:
        with_lan = console.command("doctor", "--lan", address or "--serve")
        raise click.UsageError(f"That needs --lan: {with_lan}")
    if serve and (address is not None or machine):
        raise click.UsageError("--serve takes neither an address nor --json.")


# It imports late, since that takes a while, and the attendee waits for the first line.
def _look(address: str | None, *, lan: bool) -> list[Finding]:
    import netlib
    from workshop.doctor.examine import examination
    from workshop.doctor.lan.examine import examine_lan

    found = netlib.run(examine_lan(address) if lan else examination())
    if found is None:  # Ctrl-C
        raise KeyboardInterrupt
    return found


def _stand_in() -> int:
    import netlib
    from netlib.discovery.interfaces import lan_addresses
    from netlib.protocol.frames import PORT
    from workshop.doctor.lan.examine import rooms_here
    from workshop.doctor.lan.probe import ipv6
    from workshop.doctor.lan.serve import StandIn, how_to
    from workshop.processes.running.ports import free_port

    addresses = lan_addresses() or ipv6()
    rooms, port = rooms_here(addresses), free_port(PORT)
    for line in how_to(port, rooms, addresses):
        console.say(line)
    netlib.run(StandIn(port, console.say, rooms=rooms).run())
    return 0


def show(findings: Sequence[Finding], *, lan: bool = False) -> None:
    """Print the findings, and the verdict on all of them."""
    for finding in findings:
        _show(finding)
    wrong = len(errors(findings))
    console.say()
    if wrong:
        console.fail(f"{wrong} {'thing is' if wrong == 1 else 'things are'} in the way; fix what is marked.")
    elif lan:
        console.ok("Nothing is in the way.")
    else:
        console.ok(f"This machine is ready. Next: {console.command('run', '0')}")


def _show(finding: Finding) -> None:
    word = f"{console.symbol(finding.level)} {finding.level}"
    colour = COLOURS[finding.level]
    _row(f"[bold {colour}]{word:<{WORD_COLUMNS}}[/]", escape(f"{finding.about}: {finding.text}"))
    for todo in finding.todo.splitlines():
        _row(f"{'':<{WORD_COLUMNS}}", f"{console.symbol('arrow')} {escape(todo)}")


def _row(word: str, text: str) -> None:
    """Print both on one line; on a narrow terminal the text wraps in a column of its own."""
    output = console.output()
    if not output.is_terminal:
        output.print(f"{word}  {text}")
        return
    row = Table.grid(Column(width=WORD_COLUMNS), Column(overflow="fold"), padding=(0, 2, 0, 0))
    row.add_row(word, text)
    output.print(row, soft_wrap=False)
