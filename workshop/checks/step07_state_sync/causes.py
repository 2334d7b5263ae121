"""What may be behind the failures of step 07."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import has, lacks, raised, text, unless

MADE_BEFORE = ("_I = int(_I)", "[int(_) for _ in _]", "{int(_) for _ in _}", "map(int, _)")
REMEMBERS = ("self._ = _", "self._ |= _", "self._.update(...)")
CONDITION = "if any(delta.set.values()) or any(delta.gone.values()):"

CAUSES = [
    Cause(
        "not_shown",
        'nothing in `state_of` makes numbers of the ids, and in JSON they are strings: "1" is not 1',
        "{int(id): fields for id, fields in entities.items()}, for each collection",
        lacks("int(...)", "map(int, _)", "apply(...)", "msgspec.convert(...)", inside="state_of"),
    ),
    Cause(
        "merged",
        "the snapshot is added to what was known, as if it were a delta",
        "state_of(message), and nothing of the state before: a snapshot is the whole truth",
        has("Delta(...)", "state.update(...)", "state | _", "state |= _", inside="updated"),
    ),
    Cause(
        "ended_early not_merged",
        'an id of the delta was kept as a string, so that "1" is beside 1',
        "known[int(id)] = …",
        raised("ValidationError", r"`int`, got `str`.*key"),
        about="apply",
    ),
    Cause(
        "ended_early not_merged",
        "the few fields in a delta have taken the place of the whole entity, which has lost all others",
        "known.get(int(id), {}) | fields has both",
        raised("ValidationError", "missing required field"),
        about="apply",
    ),
    Cause(
        "not_merged",
        "of `a | b` the right one wins, and here what was known is on the right: nothing ever changes",
        "known.get(int(id), {}) | fields: the news on the right",
        has("_ | _.get(int(_), ...)", "_ | _[int(_)]", "{**_, **_.get(int(_), ...)}", inside="apply"),
    ),
    Cause(
        "stays",
        "nothing in `apply` looks at `gone`",
        "for each id of each collection of delta.gone: after[name].pop(int(id), None)",
        lacks("_.gone", inside="apply"),
    ),
    Cause(
        "stays",
        "an id under `gone` is a string, and the copy has numbers: under the string nothing is found",
        "pop(int(id), None)",
        has("for _X in _: _.pop(_X, ...)", "for _X in _: _.discard(_X)", inside="apply"),
        unless(has(*MADE_BEFORE, inside="apply")),
    ),
    Cause(
        "untold_newcomer",
        "somebody joins, and `self.sent` becomes the state with the newcomer, which the others were not sent",
        "leave self.sent alone in joined, and send snapshot_of(self.sent): the next delta tells all the rest",
        has("self.sent = _", inside="GemRush.joined"),
    ),
    Cause(
        "untold_newcomer untold",
        "`self.sent` is the living world itself, and no copy of it with plain fields",
        "self.sent = newest, where newest = plain(self.world.state) is a copy made in this tick",
        raised("TypeError", "not iterable|not subscriptable"),
        has("self.sent = self.world.state", inside="GemRush"),
        about="",
    ),
    Cause(
        "untold_newcomer untold",
        "what was sent and what is new are one and the same dictionary, in which nothing ever differs",
        "newest = plain(self.world.state) is a new copy in every tick; compare self.sent with that",
        has("_ = self.sent", inside="GemRush.share"),
        has("_.update(plain(...))", inside="GemRush.share"),
        unless(has("_ = plain(...)", inside="GemRush.share")),
    ),
    Cause(
        "untold_newcomer untold",
        "the two states are the wrong way round: the way back from the new state to the old one is sent",
        "difference(self.sent, newest)",
        has("difference(_, self.sent)", inside="GemRush"),
        about="GemRush.share",
    ),
    Cause(
        "too_large twice",
        "entities are compared by identity, and every tick has new copies of them all",
        "compare values with !=, and leave out entities that have no news",
        has("_ is not _", "not _ is _", "id(_) != id(_)", inside="difference"),
        unless(has("_ is not None", inside="difference")),
    ),
    Cause(
        "too_large twice",
        "`difference` compares nothing: it takes what there is, changed or not",
        "news(before.get(id, {}), it) has the fields that are different now, and is empty when none is",
        lacks("news(...)", "_ != _", "_ == _", "_ is _", "_ is not _", "_ - _", inside="difference"),
    ),
    Cause(
        "too_large twice",
        "one entity is different, and all of its collection is taken",
        "ask for the news of each entity, and leave out those that have none",
        has(
            "if _ != _E: _[_] = {str(_): _ for _, _ in _E.items()}",
            "if _E != _: _[_] = {str(_): _ for _, _ in _E.items()}",
            inside="difference",
        ),
    ),
    Cause(
        "twice chatter gone_again",
        "what was sent is not remembered: every difference is still from the state at the beginning",
        "self.sent = newest, as the last line of share",
        lacks(*REMEMBERS, inside="GemRush.share"),
        lacks(*REMEMBERS, inside="GemRush.tick"),
    ),
    Cause(
        "full_again",
        "`broadcast` sends the snapshot to everybody in the room",
        "event.peer.send(…) sends to one",
        has("_.broadcast(snapshot_of(...))", "_.broadcast(Snapshot(...))", file="server.py"),
    ),
    Cause(
        "chatter",
        "`set` and `gone` name every collection, so they are never empty themselves: what is in them may be",
        CONDITION,
        has(
            *("if _.set or _.gone: ...", "if _.set: ...", "if _.gone: ..."),
            *("if _.set != {} or _.gone != {}: ...", "if _ != Delta({}, {}): ..."),
            inside="GemRush",
        ),
        about="GemRush.share",
    ),
    Cause(
        "chatter",
        "the delta is sent whatever is in it: no `if` comes before it",
        CONDITION,
        lacks("if _: ...", inside="GemRush.share"),
    ),
    Cause(
        "ghost",
        "nothing in `difference` looks for ids that were there before, and are not there now",
        "[str(id) for id in before if id not in entities]",
        lacks("_ not in _", "_ in _", "_ - _", "_ ^ _", "_.difference(...)", inside="difference"),
    ),
    Cause(
        "ghost",
        "a delta is sent only when `set` has something: when something is only gone, nobody is told",
        CONDITION,
        has("if any(_.set.values()): ...", "if any(_.set): ...", "if _.set: ..."),
        about="GemRush.share",
    ),
    Cause(
        "gone_again",
        "a default value is made once, when the function is defined, and all its calls share it",
        "make the dictionaries inside the function, new ones for each call",
        text(r"def .*=\s*(\{|\[|Delta\(|dict\(|list\()", file="sync.py"),
    ),
    Cause(
        "unlike",
        "the snapshot was made once, when the server started, and the world has gone on since",
        "send snapshot_of(self.sent), made when somebody joins: the next delta starts from that",
        has("self._ = snapshot_of(...)", inside="GemRush.__init__"),
        unless(has("snapshot_of(...)", inside="GemRush.joined")),
        about="",
    ),
]
