"""What may be behind the failures of step 08."""

from functools import partial

from workshop.checking.evidence import facts
from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import is_async, unless

beacon_has, beacon_lacks = (partial(fact, inside="Beacon.receive") for fact in (facts.has, facts.lacks))
ask_has = partial(facts.has, inside="Browser.ask")
keep_has, keep_lacks = (partial(fact, inside="Browser.receive") for fact in (facts.has, facts.lacks))
client_has, client_lacks, client_loops = (
    partial(fact, file="client.py") for fact in (facts.has, facts.lacks, facts.loops)
)
ANSWER = "self.send(encode_answer(self._info(), nonce), address), with the address as receive got it"
BESIDE = "searching = asyncio.create_task(browser.search_on()) before the loop that draws"
KEEP = "self._rooms[room.id] = room, with each answer"


def not_asked(field: str, symptoms: str) -> Cause:
    """What is told of the room does not come from the server."""
    because = f"`about` does not look at {field}"
    hint = f"it is called for each answer: {field} is what is true then"
    return Cause(symptoms, because, hint, facts.lacks(field, inside="about", file="server.py"))


def kept_by(field: str, symptom: str, because: str) -> Cause:
    """Rooms are told apart by the wrong thing."""
    return Cause(symptom, because, KEEP, keep_has(f"_[{field}] = _"))


CAUSES = [
    Cause(
        "unanswered",
        "no answer is made of the question",
        "decode_probe(data), and when it is not None: " + ANSWER,
        beacon_lacks("encode_answer(...)", "json.dumps(...)"),
    ),
    Cause(
        "unanswered mixed_up",
        "the answer goes to this machine, or to the whole network, not to the client that asked",
        ANSWER,
        beacon_has(
            *(
                f"_.{send}(_, ({host}, ...))"
                for send in ("send", "sendto")
                for host in (
                    "LOOPBACK",
                    "'127.0.0.1'",
                    "'localhost'",
                    "'255.255.255.255'",
                    "'<broadcast>'",
                )
            )
        ),
    ),
    Cause(
        "unanswered",
        "the answer goes to the machine that has asked, but to a different port there",
        ANSWER,
        beacon_has("_.send(_, (address[0], self._))", "_.send(_, (address[0], self._[_]))"),
    ),
    Cause(
        "mixed_up",
        "the answer goes to an address that was kept, not to the one of this question",
        ANSWER,
        beacon_has("_.send(_, self._)", "_.sendto(_, self._)"),
    ),
    Cause(
        "no_answer_to_it",
        "the answer is not made with the nonce of the question",
        "encode_answer(self._info(), nonce), with the nonce that decode_probe has found",
        beacon_has("nonce = decode_probe(...)"),
        unless(beacon_has("encode_answer(_, nonce)")),
    ),
    Cause(
        "no_port",
        "the beacon does not use the ports that it was given",
        'answering_socket("0.0.0.0", self._ports)',
        facts.has("answering_socket(...)"),
        facts.lacks("answering_socket(_, self._ports)"),
    ),
    Cause(
        "talkative",
        "nothing asks whether it was a question: it answers every datagram, and can be used to flood others",
        "answer only if decode_probe has found a nonce: it gives None for anything else",
        beacon_lacks("if _: ...", "_ and _", "_ if _ else _", "match _:\n case _: ..."),
    ),
    not_asked("server.name", "untrue_name"),
    not_asked("server.port", "untrue_port"),
    not_asked("server.players", "untrue_players old_players"),
    not_asked("server.limits", "untrue_max_players"),
    Cause(
        "old_players",
        "`about` is called once, at the beginning, and its room is told for ever",
        "Beacon(partial(about, server, new_id()), …): the beacon calls it for each answer",
        facts.has("_ = about(...)", inside="serve"),
    ),
    Cause(
        "old_players",
        "all connections are counted, and those that only watch are not players",
        "len(server.players)",
        facts.has("len(server.peers)", file="server.py"),
    ),
    Cause(
        "other_id",
        "a new id is made for each answer: searchers then see a new room each time",
        "the id is made once, when the server starts: partial(about, server, new_id())",
        facts.has("lambda: about(_, new_id())", "RoomInfo(..., id=new_id())", file="server.py"),
    ),
    Cause(
        "nothing_asked",
        "nothing in client.py begins to search",
        BESIDE,
        client_lacks("_.search_on", "_.search"),
    ),
    Cause(
        "not_all_asked",
        "`ask` takes one of the ports only, and a room may be at any of them",
        "for port in self._ports: each host at that port",
        ask_has("self._ports[_]"),
    ),
    Cause(
        "not_all_asked",
        "`ask` takes one of the hosts only: on other networks nobody hears the question",
        "for host in self._hosts: at each port",
        ask_has("self._hosts[_]"),
    ),
    Cause(
        "not_all_asked",
        "zip pairs the first host with the first port, and so on: not every host with every port",
        "one loop in the other: for host in self._hosts: for port in self._ports:",
        ask_has("zip(self._hosts, self._ports, ...)"),
    ),
    Cause(
        "none_listed missing deafened",
        "each question has a new nonce, and answers are compared with another one",
        "encode_probe(self._nonce): the one that receive compares with",
        ask_has("encode_probe(new_id())"),
        keep_has("decode_answer(_, _, self._nonce, ...)"),
    ),
    Cause(
        "none_listed missing",
        "time.time() counts from 1970, and last_seen is of netlib.clock(), which does not",
        "netlib.clock() - room.last_seen",
        facts.has("time.time()", inside="Browser.rooms"),
    ),
    Cause(
        "none_listed",
        "the rooms that have answered before `since` are kept, and those that answer are left out",
        "room.last_seen > since",
        facts.has("since = netlib.clock() - _", inside="Browser.rooms"),
        facts.has("_.last_seen < since", "since > _.last_seen", inside="Browser.rooms"),
    ),
    Cause(
        "wrong_host",
        "`receive` does not look at where the answer came from",
        "decode_answer(data, address[0], self._nonce, …)",
        keep_lacks("address[0]", "_, _ = address", "_(*address)"),
    ),
    kept_by("room.name", "one_by_name", "rooms are kept by name, and two may have the same"),
    kept_by("room.host", "one_by_name missing", "rooms are kept by host, and one machine may have several"),
    kept_by("room.address", "twice", "rooms are kept by address, and a room may answer from two"),
    Cause(
        "old_news gone_too_soon",
        "the first answer of a room is kept, and those after it are left out",
        KEEP,
        keep_has("_.setdefault(...)", "_ not in self._rooms", "not self._rooms"),
    ),
    Cause(
        "old_news",
        "of a newer answer only the time is kept, not what it says",
        KEEP,
        keep_has("replace(..., last_seen=_)", "msgspec.structs.replace(..., last_seen=_)"),
    ),
    Cause(
        "never_gone",
        "nothing compares the time of a room's last answer with now",
        "in rooms: keep those whose last_seen is newer than SILENT_INTERVALS intervals ago",
        facts.lacks("_.last_seen", file="browser.py"),
        facts.lacks("netlib.clock()", inside="Browser.rooms"),
    ),
    Cause(
        "never_gone",
        "`rooms` leaves the interval out: SILENT_INTERVALS is a number of intervals, not of seconds",
        "SILENT_INTERVALS * self._interval",
        facts.has("_ - SILENT_INTERVALS", "_ < SILENT_INTERVALS", "_ > SILENT_INTERVALS"),
        about="Browser.rooms",
    ),
    Cause(
        "jerky old_news missing none_listed deafened not_joined",
        "time.sleep stops the whole program: meanwhile no frame is drawn, and no answer is read",
        "await asyncio.sleep(self._interval)",
        is_async("Browser.search"),
        facts.has("time.sleep(...)", inside="Browser.search"),
    ),
    Cause(
        "jerky",
        "each frame waits for a whole search",
        BESIDE,
        client_loops("await browser.search()", "await browser.search_on()"),
        about="choose",
    ),
    Cause(
        "asks_no_more",
        "the task asks once: `search` is one question, and `search_on` asks again and again",
        BESIDE,
        client_has("asyncio.create_task(browser.search())"),
        unless(client_loops("asyncio.create_task(browser.search())")),
        about="choose",
    ),
    Cause(
        "asks_too_often raised",
        "each frame begins a search of its own",
        BESIDE,
        client_loops("asyncio.create_task(browser.search())", "asyncio.create_task(browser.search_on())"),
        about="choose",
    ),
    Cause(
        "many_sockets",
        "each question opens a socket of its own",
        "open it once, in __aenter__, and use it for every question",
        facts.has("searching_socket()", "socket.socket(...)", inside="Browser.ask"),
    ),
    Cause(
        "search_goes_on",
        "nothing cancels the task that searches",
        "searching.cancel(), after the loop",
        client_lacks("_.cancel(...)"),
        about="choose",
    ),
]
