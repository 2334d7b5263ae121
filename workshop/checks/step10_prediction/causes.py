"""What may be behind the failures of step 10."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import blocked, discards, either, has, lacks, ordered, unless

PREDICT, RECONCILE = "Prediction.predict", "Prediction.reconcile"
KEEPS = (
    "_.append(_)",
    "_.pending_inputs += _",
    "_.pending_inputs = _",
    "_.pending_inputs[_] = _",
)
DROPS = ("_.popleft()", "_.pop(...)", "_.remove(_)", "_.clear()", "del _[_]")
LATE = has("for _ in self.pending_inputs: ...", "for _ in _: self._apply(_)", inside=PREDICT)
ALL = "for input in self.pending_inputs: self._apply(input), after self.predicted = truth"
DROP = "while there are pending inputs, and the first of them has a seq <= last_input_seq: drop that one"
TRUTH = "self.predicted = truth with every snapshot, whatever was predicted before, and then the replay"

CAUSES = [
    Cause(
        "unnumbered",
        "the input is sent without the number that `predict` gave it: what `predict` returns is not used",
        "self.client.send(self.me.predict(wanted))",
        discards("self.me.predict(...)", inside="Game.move"),
    ),
    Cause(
        "unnumbered put_back",
        "`replace` changes nothing: it makes a new input with the number, and that is thrown away",
        "input = replace(wanted, seq=self.newest_seq), and then keep, apply and return `input`",
        discards("replace(...)", inside=PREDICT),
    ),
    Cause(
        "unnumbered",
        "nothing in `predict` gives the input a number",
        "input = replace(wanted, seq=self.newest_seq), and then keep, apply and return `input`",
        lacks("_(..., seq=_)", inside=PREDICT),
    ),
    Cause(
        "odd_start",
        "the number is given before it has grown: the first is 0, which stands for an input without a number",
        "self.newest_seq += 1 first, and then replace(wanted, seq=self.newest_seq)",
        ordered("replace(..., seq=self.newest_seq)", "self.newest_seq += 1", inside=PREDICT),
    ),
    Cause(
        "numbered_twice",
        "each tick sends two inputs: `send` sends one, and `send_input` another with a number of its own",
        "leave send_input out",
        has("self.client.send(_)", inside="Game.move"),
        has("self.client.send_input(_)", inside="Game.move"),
    ),
    Cause(
        "numbered_twice unnumbered left_out",
        "`newest_seq` does not grow by one with each input",
        "self.newest_seq += 1 for every input, also for one that wants nothing",
        lacks("_.newest_seq += 1", "self.newest_seq = _", inside=PREDICT),
    ),
    Cause(
        "left_out",
        "`newest_seq` grows outside of `predict`, too, and not with each input alone",
        "newest_seq += 1 belongs in predict alone, which is called once a tick and not once a frame",
        either(
            has("_.newest_seq += _", file="client.py"),
            has("_.newest_seq += _", inside="Prediction._apply"),
            has("_.newest_seq += _", inside=RECONCILE),
        ),
    ),
    Cause(
        "too_many left_out",
        "nothing asks how many ticks this frame has completed: an input is sent in each frame",
        "for _ in range(self.ticks.add(dt)): often that is none",
        lacks("_.ticks.add(...)", inside="Game.move"),
        lacks("_.ticks.add(...)", inside="Game"),
    ),
    Cause(
        "waits",
        "`predict` does not apply the input: the player moves when a snapshot comes",
        "self._apply(input), in predict",
        lacks("self._apply(...)", "self._step(...)", inside=PREDICT),
    ),
    Cause(
        "put_back",
        "nothing is kept in pending_inputs, so that there is nothing to replay",
        "in predict: self.pending_inputs.append(input), the one with the number",
        lacks(*KEEPS, inside=PREDICT),
    ),
    Cause(
        "put_back",
        "what is kept is `wanted`, which has no number: it counts as 0, and the next snapshot drops it",
        "keep, apply and return the input that `replace` has made",
        has("self.pending_inputs.append(wanted)", inside=PREDICT),
        has("_ = replace(wanted, ...)", "return replace(wanted, ...)", inside=PREDICT),
        unless(has("wanted = _", inside=PREDICT)),
    ),
    Cause(
        "put_back some_missing one_less",
        "each snapshot throws away all pending inputs, also those that the server has not seen yet",
        DROP,
        has(
            "_.pending_inputs.clear()",
            "_.pending_inputs = deque()",
            "_.pending_inputs = []",
            inside=RECONCILE,
        ),
    ),
    Cause(
        "put_back flickers thrown_back",
        "the replay is in `predict`: until the next tick, frames show the server's old place",
        ALL,
        LATE,
        unless(has("for _ in self.pending_inputs: self._apply(_)", "reduce(...)", inside=RECONCILE)),
        about="",
    ),
    Cause(
        "put_back",
        "`reconcile` takes over the server's old place, and applies nothing that is pending",
        ALL,
        has("self.predicted = truth", inside=RECONCILE),
        lacks("self._(...)", "reduce(...)", "functools.reduce(...)", inside=RECONCILE),
        unless(LATE),
    ),
    Cause(
        "put_back one_less some_missing thrown_back",
        "`pop` takes out the newest input, and the confirmed ones are at the other end",
        "self.pending_inputs.popleft() takes out the oldest",
        has("self.pending_inputs.pop()", inside=RECONCILE),
    ),
    Cause(
        "standstill",
        "this loop has no end: nothing in it takes an input out of pending_inputs",
        "self.pending_inputs.popleft()",
        blocked,
        has("while _: ...", inside=RECONCILE),
        lacks(*DROPS, inside=RECONCILE),
    ),
    Cause(
        "runs_away never_corrected no_end not_refused",
        "the replay does not begin with the truth: inputs are applied where they have led already",
        TRUTH,
        lacks("_ = truth", "_(..., truth)", inside=RECONCILE),
    ),
    Cause(
        "never_corrected not_refused no_end runs_away some_missing",
        "the truth is taken over once, when there is no prediction yet, and never again",
        TRUTH,
        has("if self.predicted is None: self.predicted = truth", inside=RECONCILE),
        unless(
            ordered("self.predicted = truth", "self.predicted = truth", inside=RECONCILE),
            has("_ + (_ - _) // _", "_ + (_ - _) * _", inside=RECONCILE),
        ),
    ),
    Cause(
        "put_back one_less some_missing never_corrected runs_away other_step no_end not_nudged not_refused",
        "each snapshot moves the player a part of the way to the truth, and the truth is old",
        TRUTH,
        has("_ + (_ - _) // _", "_ + (_ - _) / _", "_ + (_ - _) * _", inside=RECONCILE),
    ),
    Cause(
        "not_nudged",
        "a small difference is not taken for one: what the server says counts however little it is",
        "no tolerance: self.predicted = truth with every snapshot",
        has(
            *(
                "if hypot(...) < _: ...",
                "if hypot(...) > _: ...",
                "if abs(_) < _: ...",
                "if abs(_) > _: ...",
            ),
            *("if self.prediction_error < _: ...", "if self.prediction_error > _: ..."),
            inside=RECONCILE,
        ),
    ),
    Cause(
        "other_step across pond",
        "the way is computed here, not by the server's rule",
        "self._step(self.predicted, input) is that rule",
        lacks("self._step(...)", inside="Prediction._apply"),
        lacks("self._step(...)", "reduce(self._step, ...)", inside="Prediction"),
        about="",
    ),
    Cause(
        "pond",
        "the rule is given a map of its own, without the obstacles that the server knows",
        "partial(step, map=screen.view.map)",
        has("partial(step, map=Map(...))", "step(..., map=Map(...))", file="client.py"),
    ),
    Cause(
        "one_more",
        "`<` keeps the input that the snapshot was the last to confirm: it is replayed once more",
        DROP,
        has("_.seq < last_input_seq", "last_input_seq > _.seq", inside=RECONCILE),
    ),
    Cause(
        "one_less",
        "one input too many is dropped: the first that the server has not seen yet",
        DROP,
        has("_.seq <= last_input_seq + 1", "_.seq - 1 <= last_input_seq", inside=RECONCILE),
    ),
    Cause(
        "all_again some_again",
        "no input ever leaves pending_inputs: those in the server's place are applied a second time",
        DROP,
        lacks(*DROPS, "_.pending_inputs = _", inside=RECONCILE),
        lacks(*DROPS, inside="Prediction"),
        unless(
            has("_.pending_inputs = deque(_)", "_.pending_inputs = [_ for _ in _ if _]", inside="Prediction")
        ),
    ),
    Cause(
        "some_again all_again",
        "a snapshot drops one input at most, and it may confirm several",
        DROP,
        has("if _: _.popleft()", "if _: _.pop(0)", inside=RECONCILE),
        lacks("while _: ...", "for _ in _: _.popleft()", "for _ in _: _.pop(0)", inside=RECONCILE),
    ),
    Cause(
        "overwritten",
        "the prediction is written into the server's state, and a snapshot tells only what has changed there",
        "client.state is the server's: players | {my_id: me} makes a new dictionary for one frame",
        has("players[_] = _", "players.update(...)", "_.state[_][_] = _", file="client.py"),
    ),
]
