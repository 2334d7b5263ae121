"""What may be behind the failures of step 06."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import (
    COMPARISONS,
    has,
    lacks,
    loops,
    negated,
    ordered,
    raised,
    saw,
    text,
)

EACH = "for move in peer.take_inputs(): applies them all, one after the other"
SHORTENED = has("max(1.0, _)", "max(1, _)", "_.clamp_magnitude(...)", inside="World.run")
LENGTH = "length = max(1.0, hypot(dx, dy)), and then dx / length and dy / length"


CAUSES = [
    Cause(
        "claims no_wishes",
        "the client works out where it is, and sends that",
        "return Move(move=direction(held), …)",
        needs=(has("Move(..., x=_)", "Move(..., gem=_)", inside="Game.wanted"),),
        about="Game.wanted",
    ),
    Cause(
        "no_wishes",
        "`wanted` makes a Move without a direction",
        "Move(move=direction(held), collect=…)",
        needs=(has("Move()", "Move(collect=_)", inside="Game.wanted"),),
        about="Game.wanted",
    ),
    Cause(
        "too_long",
        "each axis is 1 by itself, so that both together are longer than 1",
        "direction(held) gives a direction of length 1 at most",
        needs=(saw(r"\[1(\.0)?, 1(\.0)?\]"), lacks("direction(...)", inside="Game.wanted")),
        about="Game.wanted",
    ),
    Cause(
        "odd_collect",
        "`wanted` does not look at the Space key",
        "collect=held(pygame.K_SPACE)",
        needs=(lacks("pygame.K_SPACE", "K_SPACE", inside="Game.wanted"),),
        about="Game.wanted",
    ),
    Cause(
        "every_frame",
        "an input is sent in every frame: a faster screen would make a faster player",
        "for _ in range(self.ticks.add(dt)): one input for each tick that a frame completes",
        needs=(lacks("self.ticks.add(_)", inside="Game.move"),),
        about="Game.move",
    ),
    Cause(
        "every_frame odd_pace",
        "the client sends at a pace of its own, not at the server's",
        "netlib.Accumulator(1 / client.tick_rate)",
        needs=(has("netlib.Accumulator(_)", inside="Game.__init__"),),
        refuted_by=(has("netlib.Accumulator(1 / _.tick_rate)"),),
        about="Game.__init__",
    ),
    Cause(
        "not_taken",
        "nothing takes the inputs: netlib keeps them for the tick, and calls no listener for them",
        "in the tick: for move in peer.take_inputs(): self.world.apply(peer.id, move)",
        needs=(lacks("_.take_inputs()"),),
    ),
    Cause(
        "jumped believed strange_step",
        "the server takes the player's place out of the message, as if the client knew it",
        "an input has a direction, move.move: the new place follows from it and from the old one",
        needs=(has("move.x", "move.y", inside="World"),),
    ),
    Cause(
        "no_step jumped strange_step",
        "the step is scaled by the seconds of a tick, and it is already one tick long",
        "moved(player, dx, dy, self.map), without dt or a speed: `moved` makes steps of STEP_UNITS",
        needs=(
            has(
                "moved(_, _ * dt, ...)",
                "moved(_, _ * _ * dt, ...)",
                "moved(_, _ / _ * dt, ...)",
                inside="World.run",
            ),
        ),
        about="World.run",
    ),
    Cause(
        "no_step",
        "`run` works out a place, and nothing keeps it",
        "self.players[player_id] = moved(player, …): an entity is never changed, a new one takes its place",
        needs=(
            has("moved(...)", inside="World.run"),
            lacks("self.players[_] = _", "self.players |= _", "self.players.update(_)", inside="World.run"),
        ),
        about="World.run",
    ),
    Cause(
        "runs_on",
        "a tick without an input repeats an earlier one: moves are kept from tick to tick",
        "no input, no step: apply only what peer.take_inputs() gives in this tick",
        needs=(has("self._[_] = move", "self._[_.id] = _", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
    Cause(
        "odd_rate",
        "the server was given another tick_rate",
        "netlib.Server(room, input_type=Move, …): without a tick_rate it has the right one",
        needs=(has("netlib.Server(..., tick_rate=_)"),),
    ),
    Cause(
        "lost_inputs",
        "of the inputs that a tick takes only the last is applied: unlike places, wishes add up",
        EACH,
        needs=(has("_.take_inputs()[-1:]", "_.take_inputs()[-1]", inside="GemRush.tick"),),
    ),
    Cause(
        "lost_inputs no_step not_taken",
        "take_inputs() is called twice in a tick: the first takes the inputs out, the second finds fewer",
        "call it once: for move in peer.take_inputs():",
        needs=(ordered("_.take_inputs()", "_.take_inputs()", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
    Cause(
        "fast_diagonal",
        "each axis is limited by itself, so that both together are longer than a step",
        LENGTH,
        needs=(
            has("max(-1.0, min(1.0, _))", "min(1.0, max(-1.0, _))", "max(-1, min(1, _))", inside="World.run"),
        ),
        about="World.run",
    ),
    Cause(
        "too_far",
        "the server goes as far as the client asks for: nothing limits the length",
        LENGTH,
        needs=(
            lacks(
                *("hypot(...)", "math.hypot(...)", "max(...)", "min(...)", "_.normalize()", *COMPARISONS),
                inside="World.run",
            ),
        ),
        refuted_by=(SHORTENED,),
        about="World.run",
    ),
    Cause(
        "not_half",
        "the direction is made as long as a step, also when it is shorter",
        "divide by max(1.0, length): only what is too long becomes shorter",
        needs=(has("hypot(...)", "_.normalize()", inside="World.run"),),
        refuted_by=(SHORTENED,),
        about="World.run",
    ),
    Cause(
        "nothing_raises",
        "the length of (0, 0) is 0, and nothing can be divided by it",
        "max(1.0, length) is never 0",
        needs=(raised("ZeroDivisionError"),),
    ),
    Cause(
        "hacked",
        "all inputs that wait are taken at once, past the limit that take_inputs keeps",
        "call peer.take_inputs() once a tick: it gives one or two, and keeps the rest",
        needs=(has("_._inputs", "while _.inputs_waiting: ...", "_.inputs_waiting", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
    Cause(
        "believed_gem",
        "the server takes the gem's id from the message",
        "nearest_in_reach(player.x, player.y, self.gems) finds it, and the client is not asked",
        needs=(has("move.gem", inside="World"),),
    ),
    Cause(
        "believed_factor jumped strange_step no_step too_far",
        "the server believes the length of the step that the client sends",
        "a tick has one length, which the server knows: leave dt out of the message",
        needs=(has("move.dt", "move.seconds", "move.speed"),),
    ),
    Cause(
        "from_afar",
        "nothing asks whether the gem is in reach of the player",
        "nearest_in_reach(player.x, player.y, self.gems) gives None when there is none",
        needs=(
            saw("from afar"),
            lacks("nearest_in_reach(...)", "REACH", *COMPARISONS, inside="World.collect"),
        ),
    ),
    Cause(
        "from_afar several two_owners",
        "the points are given before it is known whether there is a gem",
        "first look (`found is not None`), then delete the gem, then give the points",
        needs=(ordered("_.score + _", "nearest_in_reach(...)", inside="World.collect"),),
        about="World.collect",
    ),
    Cause(
        "farther",
        "nothing compares how far away the gems are: any one in reach is taken",
        "nearest_in_reach(player.x, player.y, self.gems)",
        needs=(
            lacks(
                "nearest_in_reach(...)",
                "min(...)",
                "sorted(...)",
                "_.sort(...)",
                "_ < _",
                "_ > _",
                inside="World.collect",
            ),
        ),
    ),
    Cause(
        "several",
        "the gems are taken in a loop, which goes on after the first",
        "nearest_in_reach gives one of them; or break",
        needs=(loops("del self.gems[_]", "self.gems.pop(...)", inside="World.collect"),),
        refuted_by=(has("break", "return", "return _", inside="World.collect"),),
        about="World.collect",
    ),
    Cause(
        "taken_unasked",
        "nothing asks whether the player wants a gem",
        "if move.collect and found is not None:",
        needs=(negated(text(r"\b(?!self\b)\w+\.collect\b(?!\()", "world.py")),),
    ),
    Cause(
        "odd_diagonal",
        "dx and dy are added up: the length of a way is shorter than that",
        LENGTH,
        needs=(has("abs(_) + abs(_)", inside="World.run"),),
        about="World.run",
    ),
    Cause(
        "through_walls",
        "nothing looks for walls",
        "moved(player, dx / length, dy / length, self.map) does one step, and stops before a wall",
        needs=(lacks("moved(...)", "self.map", inside="World.run"),),
    ),
    Cause(
        "gem_stays",
        "points are given, and nothing takes the gem away",
        "del self.gems[found]",
        needs=(lacks("del self.gems[_]", "self.gems.pop(...)", "self.gems = _", inside="World.collect"),),
    ),
    Cause(
        "no_points no_owner",
        "a press beside a gem is not made into points for the player",
        "replace(player, score=player.score + WORTH['gem'])",
        needs=(lacks("replace(..., score=_)", "_.replace(..., score=_)", inside="World.collect"),),
        about="World.collect",
    ),
    Cause(
        "none_comes",
        "nothing puts another gem on the map when one is taken",
        "self.place_gem()",
        needs=(lacks("_.place_gem()", "self.gems[_] = _", inside="World.collect"),),
        about="World.collect",
    ),
    Cause(
        "two_owners",
        "the tick first finds what is in reach for all players, and takes the gems away afterwards",
        "for each player in turn: look for a gem, and delete it at once, before the next one looks",
        needs=(has("for _A, _B in _: self.world._(_A, _B)", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
    Cause(
        "own_place",
        "the client draws what it believes, not the server's state",
        'draw self.client.state["players"]',
        needs=(
            lacks(
                'self.window.scene(self.client.state["players"], dt)',
                'players = self.client.state["players"]',
                inside="Game.see",
            ),
        ),
        about="Game.see",
    ),
    Cause(
        "silent_without_inputs",
        "the state is published only when somebody sends something",
        "self.server.publish(self.world.state) is the last line of every tick",
        needs=(loops("_.publish(...)", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
    Cause(
        "silent_without_inputs not_begun",
        "nothing publishes the state",
        "self.server.publish(self.world.state) is the last line of every tick",
        needs=(lacks("_.publish(...)"),),
    ),
    Cause(
        "not_begun",
        "nothing puts a newcomer into the world",
        "self.world.add_player(event.peer.id, event.peer.name) when it joins",
        needs=(lacks("_.add_player(...)", inside="GemRush"),),
    ),
    Cause(
        "silent_without_inputs",
        "the state is published only under a condition",
        "self.server.publish(self.world.state) is the last line of every tick",
        needs=(has("if _: _.publish(...)", inside="GemRush.tick"),),
        about="GemRush.tick",
    ),
]
