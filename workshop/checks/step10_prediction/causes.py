"""Why a player is not where it should be: the diagnoses of step 10."""

from __future__ import annotations

from itertools import pairwise

from workshop.checking.lab import Lab
from workshop.checking.peers.referee import SETTLING, Referee, places
from workshop.checking.program import PATIENCE, Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Wrong
from workshop.game.entities import Player
from workshop.game.maps import Point
from workshop.game.units import STEP_UNITS, UNIT

SLOW, MODERATE = 5.0, 15.0  # ticks per second: far fewer than frames
SLOW_INPUTS, SLOW_SECONDS = 6, 0.6  # these take five ticks of 0.2 s; no program catches up more than 0.25 s
FEW = 5  # inputs
DROP = "while there are pending inputs, and the first of them has a seq <= last_input_seq: drop that one"
DROPPING = r"popleft|pop\(0\)|last_input_seq"
SOME_STAY = "only some of the confirmed inputs are dropped: one snapshot may confirm several"


def pixels(units: float) -> str:
    """A length in words."""
    return f"{abs(units) / UNIT:.4g} pixels"


def sending(stage: Stage) -> Place | None:
    """The line that sends inputs."""
    return stage.find("client.py", r"\.send(_input)?\(")


def numbering(stage: Stage) -> Place | None:
    """The line that numbers inputs."""
    return stage.find("prediction.py", r"\bseq=|_seq \+= ") or sending(stage)


def reconciling(stage: Stage, pattern: str = r"^\0") -> Place | None:
    """A line about snapshots that matches, or where `reconcile` begins."""
    return stage.find("prediction.py", pattern) or stage.function("prediction.py", "reconcile")


def too_few(lab: Lab, count: int) -> Wrong:
    """Inputs do not come."""
    return Wrong(
        "one input in each tick, also when no key is held",
        f"{count} inputs came, and no more within {PATIENCE:.0f} seconds",
        "an input is not sent in each tick",
        place=sending(lab.stage),
        hint="in each turn of the loop over ticks: self.client.send(self.me.predict(wanted))",
    )


def miscounted(stage: Stage, numbers: list[int]) -> Wrong:
    """The numbers are not 1, 2, 3, …"""
    steps = {after - before for before, after in pairwise(numbers)}
    if steps == {0}:
        cause, hint = "the input is sent without the number that it was given", "send what predict returns"
    elif steps == {1}:
        cause = f"the count begins with {numbers[0]}: the server takes 0 for an input without a number"
        hint = "newest_seq begins with 0, and grows by one before it is given to an input"
    elif 0 in steps:
        cause = "two inputs in a row have the same number, and the server drops the second"
        hint = "newest_seq += 1 for every input, also for one that wants nothing"
    else:
        cause = "numbers are left out: something beside the ticks counts, too"
        hint = "newest_seq += 1 stands in predict alone, which is called once a tick and not once a frame"
    return Wrong(
        "the inputs are numbered 1, 2, 3, …",
        f"they are numbered {', '.join(map(str, numbers))}",
        cause,
        place=numbering(stage),
        hint=hint,
    )


def too_many(stage: Stage, took: float) -> Wrong:
    """More inputs than ticks."""
    return Wrong(
        f"{SLOW_INPUTS} inputs take at least {SLOW_INPUTS - 1} ticks, here {(SLOW_INPUTS - 1) / SLOW:.1f} s",
        f"they came within {took:.2f} s",
        "an input is sent in each frame: the server drops what is more than one a tick",
        place=sending(stage),
        hint="for _ in range(self.ticks.add(dt)): says how many ticks this frame has completed; often none",
    )


def waits(lab: Lab) -> Wrong:
    """Nothing moves while the server is silent."""
    return Wrong(
        "the player moves as soon as the key is down, while the server says nothing",
        f"it had not moved after {PATIENCE:.0f} seconds without a snapshot",
        "what is drawn comes from snapshots alone: each key waits for the server's answer",
        place=lab.stage.function("prediction.py", "predict"),
        hint="in predict, apply the input to self.predicted; in the client, draw self.me.predicted",
    )


def flickers(way: list[int]) -> bool:
    """True when the player is shown now here, now there."""
    return way != sorted(way) and way != sorted(way, reverse=True)


def elsewhere(stage: Stage, room: Referee, way: list[int]) -> Wrong:
    """The player is not where the server's word and the unconfirmed inputs put it."""
    off, open_steps = way[-1] - room.ahead.x, room.steps(room.confirmed)
    cause, hint, pattern = _why_elsewhere(room, way)
    side = "too far" if off > 0 else "behind"
    return Wrong(
        f"the player is {open_steps} steps from the server's place: so many inputs are not confirmed",
        f"it is shown {pixels(off)}, or {abs(off) / STEP_UNITS:.3g} steps, {side}",
        cause,
        place=reconciling(stage, pattern),
        hint=hint,
    )


def _why_elsewhere(room: Referee, way: list[int]) -> tuple[str, str, str]:
    """Cause, hint, and what the line to blame may look like."""
    replaying = r"for .*pending"
    steps = (way[-1] - room.ahead.x) / STEP_UNITS
    if flickers(way):
        cause = "it flickers: a snapshot shows the server's old place, and the replay comes too late"
        return cause, "replay in reconcile, before the next frame is drawn", replaying
    if max(way) - min(way) > STEP_UNITS:
        cause = "each snapshot moves it on: pending inputs are applied where they have led already"
        return cause, "begin with the truth: self.predicted = truth, and only then replay", replaying
    if way[-1] == room.me.x:
        cause = "each snapshot puts it back to where it was a round trip ago: rubber-banding"
        return cause, "behind self.predicted = truth, apply every pending input again", r"predicted = truth"
    if steps % 1:
        cause = "a predicted step is not as long as one of the server"
        return cause, "use the step that the server uses, workshop.game.movement.step", r" \+ .* \* |\* d"
    if steps == 1:
        return "the newest input that the server has confirmed is replayed once more", DROP, DROPPING
    if steps == -1:
        return "one input too many is dropped: the first that the server has not seen yet", DROP, DROPPING
    if steps == room.steps(0, room.confirmed):
        cause = "no input ever leaves pending_inputs: those in the server's place are applied a second time"
        return cause, DROP, DROPPING
    if steps > 0:
        return SOME_STAY, DROP, DROPPING
    return "not every pending input is replayed", "for input in self.pending_inputs: apply it", replaying


def ran_ahead(stage: Stage, by: int) -> Wrong:
    """The player was further than all its inputs lead."""
    return Wrong(
        "no frame shows the player further than all its inputs lead",
        f"it was shown {pixels(by)} too far, and drifted back later",
        SOME_STAY,
        place=reconciling(stage, DROPPING),
        hint=DROP,
    )


def no_end(lab: Lab, room: Referee, program: Program) -> Wrong:
    """All is confirmed, and the player is still elsewhere."""
    shown, goal = places(program)[-1], room.ahead
    return Wrong(
        "when every input is confirmed, the player is exactly where the server has it",
        f"it is {pixels(abs(shown[0] - goal.x) + abs(shown[1] - goal.y))} away, {SETTLING:.0f} seconds later",
        "the prediction does not begin anew from each snapshot",
        place=reconciling(lab.stage),
        hint="in reconcile: self.predicted = truth, whatever was predicted before",
    )


def thrown_back(lab: Lab, back: list[int]) -> Wrong:
    """The player went backwards."""
    return Wrong(
        "while the key is held, no frame shows the player further back than the frame before",
        f"it went back {len(back)} times, by up to {pixels(max(back))}",
        "between a snapshot and the replay, a frame shows the server's old place",
        place=reconciling(lab.stage),
        hint="drop, begin with the truth and replay, all in one call of reconcile",
    )


def not_moved(lab: Lab, program: Program, goal: Player) -> Wrong:
    """A correction was not taken over."""
    return Wrong(
        "the server puts the player elsewhere, and there it is shown",
        f"it is {pixels(abs(places(program)[-1][0] - goal.x))} away, {SETTLING:.0f} seconds later",
        "the server's place is not taken over: the prediction never learns that it was wrong",
        place=reconciling(lab.stage, r"predicted = "),
        hint="in reconcile, always: self.predicted = truth, then the replay",
    )


def not_refused(lab: Lab, program: Program, goal: Player) -> Wrong:
    """A refused move was kept."""
    return Wrong(
        f"the server refuses to move: after {FEW} steps in vain the player is shown back at its place",
        f"it is shown {pixels(places(program)[-1][0] - goal.x)} away, and stays there",
        "what was predicted is kept, although the server has done something else",
        place=reconciling(lab.stage, r"predicted = "),
        hint="in reconcile, always: self.predicted = truth, then the replay",
    )


def not_nudged(lab: Lab) -> Wrong:
    """A small correction was not taken over."""
    return Wrong(
        "the server puts the player one step to the left, and there it is shown",
        f"it has not moved {SETTLING:.0f} seconds later, although a longer way was taken over",
        "a small difference is not taken for one: what the server says counts however little it is",
        place=reconciling(lab.stage, r"\bif .*(abs|hypot|distance|dist|error)"),
        hint="no tolerance: self.predicted = truth with every snapshot",
    )


def overwritten(stage: Stage) -> Wrong:
    """The server's state was changed here."""
    return Wrong(
        "a snapshot puts the player to where the server has it, and the replay leads on from there",
        "that happens only when the server sends its whole state anew",
        "the prediction has overwritten the server's state: a snapshot tells only what has changed there",
        place=stage.find("client.py", r"^\s+players\[.*\] = |state\[.*\] = |\.update\("),
        hint="client.state is the server's: players | {my_id: me} makes a new dictionary for one frame",
        sure=True,
    )


def too_far_across(lab: Lab, shown: Point, goal: Player) -> Wrong:
    """Diagonal steps differ from the server's."""
    return Wrong(
        f"after diagonal steps the player is at ({goal.x}, {goal.y}), as for the server",
        f"it is shown at {shown}",
        "a diagonal step is not that of the server, which has a length and no corners",
        place=lab.stage.find("prediction.py", r"\.move\b") or lab.stage.find("client.py", r"step"),
        hint="do not compute the way yourself: step(player, input) is the rule, here and on the server",
    )


def in_the_pond(lab: Lab, shown: Point, goal: Player) -> Wrong:
    """Obstacles are not respected."""
    return Wrong(
        f"the player stops at the pond, at x = {goal.x}",
        f"it is shown at x = {shown[0]}",
        "the prediction does not know the obstacles of the map",
        place=lab.stage.find("client.py", r"step|Map\("),
        hint="partial(step, map=screen.view.map) is the rule with the map that the server has, too",
    )
