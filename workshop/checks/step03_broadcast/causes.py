"""What may be behind the failures of step 03."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import (
    discards,
    either,
    has,
    lacks,
    loops,
    ordered,
    raised,
    saw,
    text,
    unless,
)

ENTER, LEAVE, TELL, CHAT = "Room.enter", "Room.leave", "Room.tell", "Room.chat"
SENDING = ("broadcast(...)", "_.broadcast(...)", "_.send(...)", "_.put_nowait(...)", "_.put(...)")
OUT = ("self.clients.discard(_)", "self.clients.remove(_)")
PUT_OUT = (
    *OUT,
    "self._.pop(...)",
    "del self._[_]",
    "self.clients = _",
    "self.clients -= _",
    "self.clients ^= _",
)
ADD = "first self.clients.add(client), then self.tell(…)"
ADDED = (
    "_.add(...)",
    "self.clients |= _",
    "self.clients = _",
    "self._[_] = _",
    "_.append(...)",
    "_.update(...)",
)
TRY_FINALLY = "try: around the loop, and self.leave(client, name) in finally: it runs whatever happens"
BROADCAST = "broadcast(self.clients - {but}, text): it sends to all, and waits for nobody"

CAUSES = [
    Cause(
        "odd_count unheard unheard_odd",
        "nothing puts the client into the set",
        ADD,
        lacks(*ADDED, inside=ENTER),
        lacks("_.add(...)", inside="Room"),
        unless(has("self.tell(client, ...)", "self._(client)", "self._(client, name)", inside=ENTER)),
    ),
    Cause(
        "odd_count unheard unheard_odd",
        "everybody is told before the newcomer is in the set",
        ADD,
        ordered("self.tell(...)", "self.clients.add(client)", inside=ENTER),
    ),
    Cause(
        "odd_count unheard unheard_odd",
        "each connection makes a Room of its own",
        "serve(Room().welcome, …): one room for all",
        has("Room().welcome(...)"),
    ),
    Cause(
        "odd_count unheard unheard_odd",
        "a new set is made for each newcomer, without those who were in it",
        "make the set once, in __init__; then self.clients.add(client)",
        has("self.clients = {client}", "self.clients = set()", inside=ENTER),
    ),
    Cause(
        "same_name same_name_odd",
        "clients are kept by name, so that a second one takes the place of the first",
        "keep connections, as in self.clients.add(client): no two of them are the same",
        has("self._[name] = _"),
    ),
    Cause(
        "unheard not_passed",
        "`tell` prints the text but sends it to nobody",
        BROADCAST,
        lacks(*SENDING, inside=TELL),
        has("print(...)", inside=TELL),
        unless(has("self._(...)", inside=TELL)),
    ),
    Cause(
        "not_passed",
        "`chat` prints what a client says but tells it to nobody",
        'self.tell(f"{name}: {message}", but=client)',
        has("async for _ in client: print(...)", inside=CHAT),
        lacks("self.tell(...)", inside=CHAT),
        unless(has(*SENDING, inside=CHAT)),
    ),
    Cause(
        "echoed",
        "what a client says is sent to this client",
        "self.tell(…, but=client)",
        has("client.send(...)", inside=CHAT),
    ),
    Cause(
        "not_passed",
        "return ends `tell`: those who come later in the loop get nothing",
        "continue goes on with the next one; or broadcast(self.clients - {but}, text)",
        has("for _ in _: return", inside=TELL),
    ),
    Cause(
        "not_passed",
        "self.leave(…) is inside the loop: it is called after each message",
        TRY_FINALLY,
        has("async for _ in _: self.leave(...)", "while _: self.leave(...)", inside=CHAT),
        saw("has left"),
        unless(has("try: ...\nexcept _: self.leave(...)", "if _: self.leave(...)", inside=CHAT)),
    ),
    Cause(
        "not_passed",
        "a client that speaks is taken out of the room's own set, for good: a second name is no copy",
        "self.clients - {but} makes a new set, and leaves self.clients as it is",
        has("_.remove(but)", "_.discard(but)", inside=TELL),
        has("_ = self.clients", "self.clients.remove(but)", "self.clients.discard(but)", inside=TELL),
    ),
    Cause(
        "own_words",
        "`tell` does not look at `but`: the text also goes to the client that said it",
        "broadcast(self.clients - {but}, text) leaves one out",
        text(r"def tell\(.*\bbut\b"),
        lacks("but", inside=TELL),
    ),
    Cause(
        "own_words",
        "`chat` does not say which client to leave out",
        'self.tell(f"{name}: {message}", but=client)',
        has("self.tell(_)", inside=CHAT),
        unless(has("self.tell(_, _)", "self.tell(_, but=_)", inside=CHAT)),
    ),
    Cause(
        "held_up",
        "`tell` waits for one client before it sends to the next, and Cleo takes nothing",
        BROADCAST,
        loops("await _.send(...)", "await _.wait_for(...)", inside=TELL),
    ),
    Cause(
        "held_up",
        "all texts go out together, and yet `tell` waits until each client has taken its own",
        BROADCAST,
        has(
            "await asyncio.gather(...)",
            "await asyncio.wait(...)",
            "async with _.TaskGroup(): ...",
            inside=TELL,
        ),
    ),
    Cause(
        "unheard_leave",
        "self.leave is named but not called: the parentheses with client and name are missing",
        "self.leave(client, name)",
        discards("self.leave"),
    ),
    Cause(
        "unheard_leave",
        "nothing calls `leave`",
        TRY_FINALLY,
        lacks("self.leave"),
    ),
    Cause(
        "unheard_leave",
        "`leave` is called only after an exception, and a client that says goodbye raises none",
        TRY_FINALLY,
        has("try: ...\nexcept _: self.leave(...)", inside=CHAT),
        has("async for _ in _: ...", inside=CHAT),
        unless(ordered("self.leave(...)", "self.leave(...)", inside=CHAT)),
    ),
    Cause(
        "unheard_leave_odd",
        "the others are told before the client is taken out of the set",
        "first self.clients.discard(client), then self.tell(…)",
        either(*(ordered("self.tell(...)", out, inside=LEAVE) for out in OUT)),
        about=LEAVE,
    ),
    Cause(
        "unheard_leave_odd stays",
        "nothing takes the client out of the set",
        "first self.clients.discard(client), then self.tell(…)",
        lacks(*PUT_OUT, inside=LEAVE),
        has("self.tell(...)", inside=LEAVE),
        unless(has("self._(client)", "_.discard(...)", "_.remove(...)", inside="Room")),
    ),
    Cause(
        "unheard_cut",
        "what comes after the loop is skipped when the loop ends by ConnectionClosed",
        TRY_FINALLY,
        has("self.leave(...)", inside=CHAT),
        lacks("try: ...\nfinally: ...", "with _: ...", "async with _: ...", inside=CHAT),
    ),
    Cause(
        "twice unheard_cut raised",
        "self.leave(…) is in two places, and both are reached",
        "call it in finally: alone",
        either(raised("KeyError"), saw("times")),
        ordered("self.leave(...)", "self.leave(...)", inside=CHAT),
        about="",
    ),
    Cause(
        "unasked",
        "a task sends the text, and nothing catches what send raises for a client that is gone",
        BROADCAST,
        has("_.create_task(_.send(...))", "_.ensure_future(_.send(...))", inside="Room"),
        about="",
    ),
]
