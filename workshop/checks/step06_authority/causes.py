"""What the check of step 06 says about each mistake."""

from __future__ import annotations

from math import hypot

from workshop.checking.lab import Lab
from workshop.checking.peers.wish_room import SLOW_RATE, Heard
from workshop.checking.verdict import Wrong
from workshop.checks.findings import wrong
from workshop.game.maps import Point
from workshop.game.units import STEP_UNITS, TICK_RATE

MANY = 20  # inputs at once; as many steps are free to the right of the start


def strange_step(lab: Lab, move: tuple[float, float], moved: tuple[int, int]) -> Wrong:
    """A single input moved its player by something else than a step."""
    expected = f"move={move} moves the player by one step: {STEP_UNITS} world units"
    if hypot(*moved) > 3 * STEP_UNITS:
        return wrong(
            lab,
            expected,
            f"it jumped by {moved}",
            "the server takes the player's place out of the message, as if the client knew it",
            place=lab.stage.find("world.py", r"move\.x|\.x\b.*=.*move")
            or lab.stage.function("world.py", "run"),
            hint="an input has a direction, move.move: the new place follows from it and from the old one",
        )
    return wrong(
        lab,
        expected,
        f"it moved by {moved}" if any(moved) else "the input was taken, and the player has not moved",
        "what the input asks for is not made into one step of the player",
        place=lab.stage.function("world.py", "run"),
        hint="self.players[player_id] = moved(player, dx, dy, self.map), with dx and dy of move.move",
    )


def runs_on(lab: Lab, steps: float) -> Wrong:
    """The player moved without an input."""
    return wrong(
        lab,
        "one input moves the player by one step, and then it stands",
        f"without any more inputs it went on for {steps:.0f} steps",
        "a tick without an input repeats an earlier one",
        place=lab.stage.find("server.py", r"take_inputs"),
        hint="no input, no step: apply only what peer.take_inputs() gives in this tick",
    )


def odd_rate(lab: Lab, rate: float) -> Wrong:
    """The ticks come at another pace."""
    return wrong(
        lab,
        f"{TICK_RATE} ticks a second: the length of a step is made for that",
        f"{rate:.0f} ticks a second, so that everybody runs {rate / TICK_RATE:.1f} times as fast",
        "the server was given another tick_rate",
        place=lab.stage.find("server.py", r"tick_rate"),
        hint="netlib.Server(…, tick_rate=TICK_RATE)",
    )


def lost_inputs(lab: Lab, steps: float) -> Wrong:
    """Of several inputs some had no effect."""
    return wrong(
        lab,
        "six inputs that come at once are six steps",
        f"they were {steps:.1f} steps",
        "of the inputs that a tick takes only one is applied: unlike places, wishes add up",
        place=lab.stage.find("server.py", r"take_inputs"),
        hint="for move in peer.take_inputs(): applies them all, one after the other",
    )


def too_far(lab: Lab, move: tuple[float, float], steps: float) -> Wrong:
    """An input moved its player further than a step."""
    diagonal = move[0] == move[1]
    return wrong(
        lab,
        f"move={move} is one step at most" + (", since a diagonal is not faster" if diagonal else ""),
        f"it was {steps:.2f} steps",
        "each axis is limited by itself, so that both together are longer than a step"
        if diagonal
        else "the server goes as far as the client asks for",
        place=lab.stage.function("world.py", "run"),
        hint="length = max(1.0, hypot(dx, dy)), and then dx / length and dy / length",
    )


def not_half(lab: Lab, steps: float) -> Wrong:
    """A short move was not a short step."""
    return wrong(
        lab,
        "move=(-0.5, 0) is half a step, as from a stick that is half pressed",
        f"it was {steps:.2f} steps",
        "the direction is made as long as a step, also when it is shorter",
        place=lab.stage.function("world.py", "run"),
        hint="divide by max(1.0, length): only what is too long becomes shorter",
    )


def hacked(lab: Lab, steps: float, ticks: int) -> Wrong:
    """Many inputs at once were many steps at once."""
    return wrong(
        lab,
        f"{MANY} inputs at once take nearly as many ticks, or who sends more would be faster",
        f"{steps:.0f} steps in {ticks} ticks",
        "all inputs that wait are applied at once, past the limit that take_inputs keeps",
        place=lab.stage.find("server.py", r"while |_inputs\b|inputs_waiting"),
        hint="call peer.take_inputs() once a tick: it gives one or two, and keeps the rest",
    )


def believed(lab: Lab, saw: str) -> Wrong:
    """A claim had an effect."""
    return wrong(
        lab,
        "an input says what a player wants; anything else in it has no effect",
        saw,
        "the server believes what a client claims about itself",
        place=lab.stage.find("world.py", r"move\.(x|y|gem)")
        or lab.stage.find("messages.py", r"\b(x|y|gem):"),
        hint="take these fields out of the message: what is not there cannot be believed",
    )


def from_afar(lab: Lab) -> Wrong:
    """A press without a gem in reach had an effect."""
    return wrong(
        lab,
        "a press where no gem is near has no effect",
        "it took a gem from afar",
        "nothing asks whether the gem is in reach of the player",
        place=lab.stage.function("world.py", "collect"),
        hint="found = nearest_in_reach(player.x, player.y, self.gems) is None when there is none",
    )


def wrong_owner(lab: Lab, gains: tuple[int, int], *, still_there: bool) -> Wrong:
    """A gem for two, or for nobody."""
    expected = "Ada and Ben press beside the same gem: one gets it, the other nothing, and it is gone"
    saw = f"Ada got {gains[0]} points and Ben {gains[1]}"
    place = lab.stage.function("world.py", "collect")
    if not any(gains):
        cause = "a press beside a gem is not made into points for the player"
        return wrong(lab, expected, saw, cause, place=place, hint="add WORTH['gem'] to the player's score")
    if still_there:
        cause = "points are given, and nobody takes the gem away"
        return wrong(
            lab, expected, f"{saw}; the gem still lies there", cause, place=place, hint="del self.gems[found]"
        )
    return wrong(
        lab,
        expected,
        saw,
        "both were found to be in reach before the gem was taken away from the first",
        place=lab.stage.find("server.py", r"collect") or place,
        hint="for each player in turn: look for a gem, and delete it at once, before the next one looks",
    )


def no_wishes(lab: Lab, heard: Heard | None) -> Wrong:
    """There is no direction in what the client sends."""
    claims = heard is not None and heard.x is not None
    return wrong(
        lab,
        "while the right arrow is held, the client sends inputs with move=(1, 0)",
        f"it sends x={heard.x}, y={heard.y}" if heard and claims else "no input with a direction came",
        "the client works out where it is, and says that" if claims else "what is held is not sent",
        place=lab.stage.function("client.py", "wanted"),
        hint="return Move(move=direction(held_keys()), …), and self.client.send_input(…)",
    )


def odd_wish(lab: Lab, keys: str, wanted: str, heard: Heard) -> Wrong:
    """Some keys are not said as they should be."""
    return wrong(
        lab,
        f"while {keys} is held, the client sends {wanted}",
        f"it sends move={heard.move}, collect={heard.collect}",
        "what the keys mean is not what is sent",
        place=lab.stage.function("client.py", "wanted"),
        hint="direction(held_keys()) is the move; whether Space is held is the collect",
    )


def odd_pace(lab: Lab, ticks: int, inputs: int, frames: int) -> Wrong:
    """Too many inputs, or too few."""
    per_frame = inputs > 0.8 * frames
    return wrong(
        lab,
        f"about {ticks} inputs in {ticks} ticks: our server has {SLOW_RATE} a second, as it told the client",
        f"{inputs} inputs, and {frames} frames",
        "an input is sent in every frame: a faster screen would make a faster player"
        if per_frame
        else "the client sends at a pace of its own, not at the server's",
        place=lab.stage.find("client.py", r"send_input|Accumulator"),
        hint="netlib.Accumulator(1 / client.tick_rate).add(dt) says how many ticks a frame completes",
    )


def own_place(lab: Lab, place: Point, shown: Point | None) -> Wrong:
    """The window shows something else than what the server said."""
    return wrong(
        lab,
        f"the window shows the player where the server has put it: {place}",
        f"it shows {shown}",
        "the client draws what it believes itself",
        place=lab.stage.find("client.py", r"scene_of\(|Scene\("),
        hint='draw self.client.state["players"]',
    )
