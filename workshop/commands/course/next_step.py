"""`workshop next`: go on to the following step."""

import click

from workshop import steps
from workshop.commands.course.start import begin
from workshop.course.progress_file import ProgressFile
from workshop.course.whats_next import advice, called
from workshop.steps import Step
from workshop.terminal import console

NOT_YET = 1


@click.command()
@click.option("--anyway", is_flag=True, help="Go on although the step is not passed.")
def command(*, anyway: bool) -> int:
    """Go on to the following step, when this one is passed."""
    kept = ProgressFile()
    step = kept.step(None)
    if not (anyway or kept.read().passed(step)):
        return stay(step)
    if following := steps.following(step):
        begin(following, kept)
        return 0
    return finish(kept, step)


def stay(step: Step) -> int:
    """Say that it is too early, and what to do."""
    console.say(f"{console.symbol('arrow')} not yet  You have not passed {called(step)}.")
    console.say(f"  Check it:           {console.command('check', step.short)}")
    console.say(f"  Go on anyway:       {console.command('next', '--anyway')}")
    return NOT_YET


def finish(kept: ProgressFile, step: Step) -> int:
    """Say that this is the last step, and what is left to do."""
    if not kept.read().passed(step):
        console.say(f"There is no step after {called(step)}.")
        console.say(f"  Check it: {console.command('check', step.short)}")
        return NOT_YET
    following = advice(kept.read())
    console.ok(following.sentence)
    console.say(f"  {console.command(*following.words)}")
    return 0
