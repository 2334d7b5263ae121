"""`workshop class`: being in the class, so that the host sees each attendee's progress."""

import secrets
import sys

import click
from msgspec.structs import replace

import netlib
from netlib.session.names import name_key, name_problem, tidy
from workshop import steps
from workshop.commands.game.join import find
from workshop.course.progress_file import ProgressFile
from workshop.course.whats_next import called
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.membership import Enrolment, MembershipFile
from workshop.instructor.classroom.messages import TOKEN_BYTES, ClassPlace
from workshop.instructor.classroom.news import on_one_line
from workshop.instructor.classroom.telling import FOREGROUND_SECONDS, JOIN, telling
from workshop.terminal import console

TO_LEAVE = "To leave it: {}"
TOLD = (
    "Your host now sees your nickname, the step you work on, whether its checks pass, what it takes you,\n"
    "and when you say that you are stuck; nothing else, and nothing leaves this network."
)


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Join the class: your host sees how far you are. Without a command: show which class you are in."""
    if ctx.invoked_subcommand is None:
        show(MembershipFile().read())


def show(membership: Enrolment | None) -> None:
    """Print which class the attendee is in, and under which nickname."""
    if membership is None:
        console.say(f"You are not in a class. To join this room's class: {console.command(*JOIN)}")
        return
    console.say(f"{_whose(membership)} It is at {membership.address.removeprefix('ws://')}.")
    if waiting := len(membership.untold):
        things = f"{waiting} thing{'' if waiting == 1 else 's'}"
        console.say(f"Your host has not heard {things} yet. It will with your next check.")
    console.say(TO_LEAVE.format(console.command("class", "leave")))


def _whose(membership: Enrolment) -> str:
    return f'You are in the class of "{membership.room}" as {membership.nickname}.'


@command.command(short_help="Join the class of this room.")
@click.argument("nickname", required=False)
@click.option("--host", "address", metavar="ADDRESS", help="The host's address, such as 192.168.1.5.")
@click.option("--password", default="", help="The password of the room.")
def join(*, nickname: str | None, address: str | None, password: str) -> None:
    """Be in the class of this room by a NICKNAME: from now on, start and check tell the host."""
    file = MembershipFile()
    before = file.read()
    nickname = choose_nickname(nickname, before)
    if address is None:
        typed = f'"{nickname}"' if " " in nickname else nickname
        address, password = find(password, words=(*JOIN, typed, "--host"))
    token = before.token if before else secrets.token_urlsafe(TOKEN_BYTES)
    known = before or Enrolment(nickname, token, address)
    membership = replace(known, address=address, password=password)
    file.write(membership)  # before we ask the host: a place whose secret is lost cannot be taken again
    try:
        place, room = take_place(membership)
    except BaseException:
        file.write(before) if before else file.forget()
        raise
    number = max(membership.number, place.heard)
    membership = replace(membership, nickname=place.nickname, room=on_one_line(room), number=number)
    file.write(membership)
    greet(membership, file, place.step)


@command.command(short_help="Leave it; the host deletes what it knows about you.")
@click.option("--here", is_flag=True, help="Only forget it here, when the host is gone for good.")
def leave(*, here: bool) -> None:
    """Leave the class: the host deletes what it knows of you, and this laptop does, too."""
    file = MembershipFile()
    membership = file.read()
    if membership is None:
        show(membership)
        return
    if not here:
        delete_there(membership)
    file.forget()
    there = "" if here else " Your host has deleted all that it knew about you."
    console.ok(f"You are no longer in a class.{there}")


def choose_nickname(typed: str | None, before: Enrolment | None) -> str:
    """The nickname from the command line, from before, or from a prompt.

    Raises:
        click.ClickException: it is not valid, differs from the one before, or cannot be asked for here.
    """
    if typed is None and before:
        return before.nickname
    if typed is None and not sys.stdin.isatty():
        raise click.UsageError(f"Give a nickname: {console.command(*JOIN, 'NICKNAME')}")
    nickname = tidy(typed or click.prompt("Your nickname, as the class sees it"))
    if problem := name_problem(nickname):
        raise click.ClickException(problem.replace("your name", "Your nickname", 1))
    if before and name_key(before.nickname) != name_key(nickname):
        away = console.command("class", "leave")
        raise click.ClickException(f"You are in a class as {before.nickname}. To change that, leave: {away}")
    return nickname


def take_place(membership: Enrolment) -> tuple[ClassPlace, str]:
    """Take a place in the class. Returns it, and the room's name.

    Raises:
        click.Abort: Ctrl-C.
    """

    def tell_waiting() -> None:
        console.say(f'Somebody is in this class as "{membership.nickname}" already.')
        console.say("Was that you, on another laptop? Then ask your host to agree, and wait here.")
        console.say("Ctrl-C gives up, to take another nickname.")

    taken = netlib.run(messenger.take_place(membership, tell_waiting))
    if taken is None:
        raise click.Abort
    return taken


def greet(membership: Enrolment, file: MembershipFile, known: str = "") -> None:
    """Explain what being in the class means, and tell the host the current step.

    Args:
        known: the id of the step that the host knows of us: on a new laptop, that is the truth.
    """
    console.ok(_whose(membership))
    console.say(TOLD)
    console.say(TO_LEAVE.format(console.command("class", "leave")))
    progress = ProgressFile().read()
    if known and progress.of(progress.current).state == "to do":
        step = steps.find(known)
        console.say(f"You were at {called(step)}. To go on there: {console.command('start', step.short)}")
        return
    with telling(FOREGROUND_SECONDS, file) as host:
        host.note("start", progress.current)
    if host.problem:
        console.warn(host.problem)


def delete_there(membership: Enrolment) -> None:
    """Let the host delete what it knows about the attendee.

    Raises:
        click.ClickException: it cannot be reached.
        click.Abort: Ctrl-C.
    """
    try:
        done = netlib.run(messenger.leave(membership))
    except (netlib.NetlibError, TimeoutError) as error:
        here = console.command("class", "leave", "--here")
        why = str(error) or "it does not answer"
        raise click.ClickException(
            f"Your host was not reached, so nothing was deleted: {why}\nTo forget it here only: {here}"
        ) from error
    if not done:
        raise click.Abort
