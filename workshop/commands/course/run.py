"""`workshop run`: the attendee's programs of a step, in this terminal."""

import click

from workshop.course.progress_file import ProgressFile
from workshop.errors import WorkshopError
from workshop.extras import need
from workshop.files import near
from workshop.processes.running.plan import BOTH, SERVER, plan, programs
from workshop.steps import Step
from workshop.terminal import console

PORT = 8765  # the default of servers and clients
MOST_CLIENTS = 16
EXTRA = "workshop.extra"  # in click's context: the arguments after `--`


class NotRunnable(WorkshopError):
    """A program is missing, or its port is taken; the text says what to do."""


class WithExtra(click.Command):
    """A command that keeps the arguments after ``--`` apart."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments before ``--``."""
        end = args.index("--") if "--" in args else len(args)
        ctx.meta[EXTRA] = args[end + 1 :]
        return super().parse_args(ctx, args[:end])


@click.command(cls=WithExtra)
@click.argument("words", nargs=-1, metavar="[N] [server|client|both] [-- FLAGS]")
@click.option("--clients", type=click.IntRange(1, MOST_CLIENTS), metavar="K", help="How many clients.")
@click.option("--solution", is_flag=True, help="Run the solution's programs, to see how it should be.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"TCP port; else {PORT} or the next free one.")
@click.option("--seconds", type=click.FloatRange(0), metavar="S", help="Stop after so many seconds.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    words: tuple[str, ...],
    clients: int | None,
    solution: bool,
    port: int | None,
    seconds: float | None,
) -> int:
    """Run your programs of step N. What follows `--` goes to the client: run 9 client -- --latency 200.

    The server starts first. When a window is closed or a program ends, all end; so they do at Ctrl-C.
    """
    step, which = understood(words)
    names = programs(step.run, which, clients)
    need_files(step, names, solution=solution)
    need(step.extra)
    port = usable_port(step, names, port)
    from workshop.processes.running.together import Together  # late: it takes a while

    launches = plan(names, ctx.meta[EXTRA], port=None if port == PORT else port)
    package = f"{'solutions' if solution else 'starter'}.{step.id}"
    return Together(package, step.checkout, port).run(launches, seconds)


def understood(words: tuple[str, ...]) -> tuple[Step, str]:
    """The step and the program that the attendee means: by default the current step, and all its programs.

    Raises:
        click.UsageError: there are too many words.
    """
    kept = ProgressFile()
    if len(words) > 2:
        raise click.UsageError(f"{words[2]!r} is one word too many; flags for the program come after --")
    if len(words) == 2:
        return kept.step(words[0]), words[1]
    current = kept.step(None)
    if words and words[0] in (BOTH, *current.run):
        return current, words[0]
    return (kept.step(words[0]) if words else current), BOTH


def need_files(step: Step, names: list[str], *, solution: bool) -> None:
    """Raise NotRunnable if a program is missing."""
    folder = step.solution if solution else step.starter
    for name in names:
        if not (folder / f"{name}.py").is_file():
            missing = near(folder / f"{name}.py")
            raise NotRunnable(f"{missing} is missing. To get it back: {console.command('reset', step.short)}")


def usable_port(step: Step, names: list[str], typed: int | None) -> int:
    """The port for a server that we start; if the usual one is taken, the next free one, with a note.

    Raises:
        NotRunnable: another program has the port that was typed.
    """
    if SERVER not in names:
        return typed or PORT
    from workshop.processes.running.ports import free_port, is_free  # late: it takes a while

    if typed:
        if not is_free(typed):
            raise NotRunnable(f"Port {typed} is in use: end the program that has it, or choose another.")
        return typed
    port = free_port(PORT)
    if port != PORT:
        console.warn(f"Port {PORT} is in use, by another server probably; this one takes {port}.")
        if names == [SERVER]:
            client = console.command("run", step.short, "client", "--port", str(port))
            console.say(f"For a client of it: {client}")
    return port
