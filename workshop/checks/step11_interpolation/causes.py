"""What may be behind the failures of step 11."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import either, has, lacks, text, unless

ADD, ADVANCE = "InterpolationBuffer.add", "InterpolationBuffer.advance"
SAMPLE, FILE = "InterpolationBuffer.sample", "interpolation.py"
BLEND = "older.x + round(dx * share), and the same for y"

CAUSES = [
    Cause(
        "not_at_once",
        "what is drawn of the others lies above your own player, and covers the predicted one",
        "players | {self.client.player_id: me}: the right side wins",
        has("{self.client.player_id: me} | players", file="client.py"),
    ),
    Cause(
        "off_the_way",
        "only x is put on the way, and y stays at the older place",
        BLEND,
        has("replace(older, x=_)", inside="between"),
        lacks("replace(..., y=_)", "_.y = _", inside="between"),
    ),
    Cause(
        "off_the_way on_snapshots",
        "`older` stays the oldest snapshot of all: the loop never moves it on",
        "older = newer at the end of each round: the next one may be later than the moment",
        has("for newer in self.snapshots: ...", inside=SAMPLE),
        lacks("older = newer", "older = _", "older, newer = _", inside=SAMPLE),
    ),
    Cause(
        "off_the_way",
        "the share is the same in each frame: fast at first, slower and slower, and never there",
        "share = (self.moment - older.time) / span",
        text(r"between\(.*,\s*0?\.\d+\s*[,)]", FILE),
    ),
    Cause(
        "back",
        "the way is counted from the newer place: at share 0 a player must still be at the older one",
        BLEND,
        has("replace(..., x=newer.x + _, y=_)", "replace(..., x=newer.x + _)", inside="between"),
        unless(has("1 - share", "1.0 - share", "share - 1", "share - 1.0")),
    ),
    Cause(
        "back",
        "each snapshot resets the moment, and one that comes late sets it back",
        "let `advance` move it on, by nudged(dt, late) in each frame",
        has("self.moment = _", inside=ADD),
    ),
    Cause(
        "on_snapshots",
        "the newest snapshot is drawn, until another one comes",
        "`newer` is the first snapshot that is later than the moment, `older` the one before",
        has("older = newer = self.snapshots[-1]", inside=SAMPLE),
        lacks("for _ in _: ...", "while _: ...", "next(...)", inside=SAMPLE),
    ),
    Cause(
        "on_snapshots",
        "so few snapshots are kept that the moment, which is DELAY behind, is before all of them",
        "drop a snapshot only when it is older than KEEP seconds",
        either(
            has("while len(self.snapshots) > _: ...", "if len(self.snapshots) > _: ...", inside=ADD),
            has("deque(maxlen=_)", "deque([], maxlen=_)", "deque([], _)", file=FILE),
        ),
    ),
    Cause(
        "too_late",
        "DELAY is larger than it need be: a shot aimed at a player goes to where it was",
        "DELAY covers the time between two snapshots, and how late they come; no more",
        text(r"^DELAY\s*=\s*([1-9]|0?\.[4-9])", FILE),
    ),
    Cause(
        "too_late on_snapshots stays_behind",
        "the sign of `late` is wrong: it is below 0 while the moment is behind, so it never counts as late",
        "late = newest - DELAY - self.moment: above 0 while the moment is behind",
        has(
            *("self.moment - (newest - DELAY)", "self.moment - newest + DELAY"),
            *("DELAY - newest + self.moment", "self.moment + DELAY - newest"),
            inside=ADVANCE,
        ),
    ),
    Cause(
        "uneven",
        "`add` is given ticks, and DELAY, dt and all other times are seconds",
        "event.tick / self.client.tick_rate",
        has("_.add(event.tick, ...)", file="client.py"),
        unless(has("_ / _.tick_rate", "_ / TICK_RATE", file=FILE)),
    ),
    Cause(
        "uneven on_snapshots",
        "`advance` does not use dt, so the moment moves only when a snapshot comes",
        "self.moment + nudged(dt, late) moves on in each frame, as far as a frame takes",
        lacks("dt", inside=ADVANCE),
    ),
    Cause(
        "uneven",
        "`add` does not use the time that it is given: snapshots are counted",
        "Snapshot(time, players), with the time at which it was true",
        has("time = _", inside=ADD),
    ),
    Cause(
        "by_arrival",
        "the time when a snapshot came is taken for the time at which it was true",
        "event.tick / self.client.tick_rate",
        either(
            has("_.add(netlib.clock(), ...)", file="client.py"),
            has("netlib.clock()", "time.monotonic()", "time.perf_counter()", "clock()", file=FILE),
        ),
    ),
    Cause(
        "too_short",
        "DELAY is shorter than the time between two snapshots: there is often none after the moment",
        "DELAY = 0.15: at ten snapshots a second, that is one and a half of them",
        text(r"^DELAY\s*(:\s*float\s*)?=\s*0?(\.0\d*)?\s*(#|$)", FILE),
    ),
    Cause(
        "ghost",
        "`sample` returns a dictionary that it keeps, and nothing takes those out who have left",
        "begin with an empty dictionary in each frame",
        has("return self._", "return dict(self._)", "return self._.copy()", inside=SAMPLE),
        about="",
    ),
    Cause(
        "slides",
        "nothing compares the way with how far anybody can run",
        "if hypot(dx, dy) > TOP_SPEED * span: return older",
        lacks("TOP_SPEED", file=FILE),
    ),
    Cause(
        "slides",
        "a length is compared with a speed: TOP_SPEED is units a second",
        "TOP_SPEED * span is how far anybody can run from one snapshot to the next",
        has("_ > TOP_SPEED", "_ >= TOP_SPEED", "TOP_SPEED < _", inside="between"),
    ),
    Cause(
        "too_early",
        "a player that was put elsewhere is drawn at its newer place at once",
        "return older: the newer place counts from the newer snapshot's time on",
        has("return newer", inside="between"),
    ),
    Cause(
        "runs_away",
        "nothing keeps the moment from passing the newest snapshot",
        "min(self.moment + nudged(dt, late), newest)",
        lacks("min(...)", "newest < _", "_ > newest", "_ < newest", inside=ADVANCE),
    ),
    Cause(
        "stays_behind too_late",
        "the moment never jumps: nothing compares `late` with MAX_LATE",
        "if late > MAX_LATE: self.moment = newest - DELAY",
        lacks("MAX_LATE", inside=ADVANCE),
    ),
    Cause(
        "hoards",
        "nothing is ever taken out of the snapshots",
        "while self.snapshots[0].time < time - KEEP: self.snapshots.popleft()",
        has("self.snapshots.append(_)", inside=ADD),
        lacks("_.popleft()", "_.pop(...)", "del _", "self.snapshots = _", "_.remove(_)", file=FILE),
        about="",
    ),
]
