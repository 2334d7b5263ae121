"""What may be behind the failures of step 05."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import discards, has, lacks, loops, text, unless

MEANS = "Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]"
IN_A_LOOP = loops("_.on(_, ...)")  # then its arguments say nothing


def deaf(symptom: str, name: str, file: str, hint: str) -> Cause:
    """Nothing listens for something."""
    keys = (name, name.rpartition(".")[2], f'"{name.lower()}"')
    listens = lacks(*(f"_.{on}({key}, ...)" for on in ("on", "once") for key in keys), file=file)
    hears = has("_.poll()", "_.events()", "async for _ in client: ...", file=file)
    return Cause(symptom, f"nothing in {file} listens for {name}", hint, listens, unless(IN_A_LOOP, hears))


def once(symptom: str, name: str) -> Cause:
    """Something is heard the first time only."""
    because = f"`once` calls the listener for the first {name} message only, and never again"
    return Cause(symptom, because, f"client.on({name}, …)", has(f"_.once({name}, _.{name.lower()})"))


CAUSES = [
    Cause(
        "too_long",
        "messages.py has no max_length",
        MEANS,
        lacks("Meta(..., max_length=_)", "msgspec.Meta(..., max_length=_)", file="messages.py"),
        about="Chat",
    ),
    Cause(
        "empty",
        "messages.py has no min_length",
        MEANS,
        lacks("Meta(..., min_length=_)", "msgspec.Meta(..., min_length=_)", file="messages.py"),
        about="Chat",
    ),
    deaf("joined_unheard", "netlib.Joined", "server.py", "server.on(netlib.Joined, self.tell_who)"),
    deaf("left_unheard", "netlib.Left", "server.py", "server.on(netlib.Left, self.tell_who)"),
    deaf("chat_unheard", "Chat", "server.py", "server.on(Chat, self.chat)"),
    deaf("emote_unheard", "Emote", "server.py", "server.on(Emote, self.emote)"),
    deaf("who_not_shown", "Who", "client.py", "client.on(Who, self.who)"),
    deaf("chat_not_shown", "Chat", "client.py", "client.on(Chat, self.chat)"),
    Cause(
        "emote_not_shown",
        "`__init__` does not listen for Emote",
        "client.on(Emote, self.emote)",
        lacks("_.on(Emote, ...)", "_.once(Emote, ...)", inside="Visitor.__init__"),
        unless(loops("_.on(_, ...)"), has("_.poll()", "_.on(Emote)", file="client.py")),
    ),
    Cause(
        "joined_unheard left_unheard chat_unheard emote_unheard who_not_shown chat_not_shown emote_not_shown",
        "`on` is given no function here: it waits for one, as a decorator does, and calls nothing",
        "the function after the class, as in on(Emote, self.emote)",
        discards("_.on(_)"),
    ),
    once("emote_not_shown", "Emote"),
    once("chat_not_shown stranger", "Chat"),
    once("second_who_not_shown", "Who"),
    Cause(
        "not_all_told",
        "who is here is sent only to the peer of the event",
        "self.server.broadcast(Who(names))",
        has("event.peer.send(...)", inside="Fire.tell_who"),
        lacks("_.broadcast(...)", inside="Fire.tell_who"),
    ),
    Cause(
        "sent_back",
        "it is sent only to the peer that said it",
        "self.server.broadcast(Chat(message.text, sender=peer.id), exclude=[peer])",
        has("peer.send(...)", inside="Fire.chat"),
        lacks("_.broadcast(...)", inside="Fire.chat"),
    ),
    Cause(
        "names_kept",
        "the default of a parameter is made once, and all calls share it: what is put in stays in",
        "names = {peer.id: peer.name for peer in self.server.peers}, a new one in each call",
        text(r"def tell_who\(.*=\s*(\{\}|dict\(\))", "server.py"),
        about="Fire.tell_who",
    ),
    Cause(
        "names_kept",
        "names are added, and nothing removes the names of those who have left",
        "names = {peer.id: peer.name for peer in self.server.peers}, a new one in each call",
        has("self._[_] = _", "self._.update(...)", inside="Fire.tell_who"),
        lacks("del self._[_]", "self._.pop(...)", "self._ = _", "self._.clear()", inside="Fire.tell_who"),
    ),
    Cause(
        "other_names",
        "only the peer of the event is named, not those who were here before",
        "names = {peer.id: peer.name for peer in self.server.peers}",
        has("{event.peer.id: _}", inside="Fire.tell_who"),
        unless(has("_.peers", inside="Fire.tell_who")),
    ),
    Cause(
        "no_sender believed",
        "the message is handed on as it came, with whatever sender is in it",
        "a new one, with the sender that the server knows: Chat(message.text, sender=peer.id)",
        has("_.broadcast(message, ...)", inside="Fire.chat"),
    ),
    Cause(
        "believed",
        "the sender is taken out of the message, and the client can write what it likes there",
        "sender=peer.id, always: the server knows whose peer it is",
        has("message.sender", inside="Fire.chat"),
    ),
    Cause(
        "echoed",
        "broadcast tells everybody, including the peer that said it",
        "self.server.broadcast(…, exclude=[peer])",
        has("_.broadcast(_)", inside="Fire.chat"),
    ),
    Cause(
        "not_told let_through",
        "a listener for a word gets every message of that type: netlib does not look at the fields",
        "listen for the class, server.on(Chat, self.chat): then what does not fit is refused before",
        has('_.on("chat", ...)', '_.on("emote", ...)', file="server.py"),
    ),
    Cause(
        "thrown_out",
        "a message that does not fit throws out the client that sent it",
        "refuse it and go on: its sender may just have an older version",
        has("_.kick(...)", "peer.close(...)", file="server.py"),
    ),
    Cause(
        "names_added",
        "the names of a Who message are added to those of the message before",
        "self.fire.names = message.names",
        has("_.names.update(...)", "_.names[_] = _", "_.names |= _", inside="Visitor.who"),
    ),
    Cause(
        "no_wave",
        "nothing calls `greet`",
        "client.once(Who, self.greet)",
        lacks("_.greet", file="client.py"),
        lacks("_.do('wave')", inside="Visitor.who"),
        about="",
    ),
    Cause(
        "waves_again",
        "`on` calls the listener with every Who message",
        "client.once(Who, self.greet) calls it the next time, and never again",
        has("_.on(Who, _.greet)", file="client.py"),
    ),
    Cause(
        "still_heard",
        "`off` gets a function made here that never listened: the one that listens goes on",
        "self.client.off(Emote, self.emote), the function that `on` was given",
        has("_.off(Emote, lambda _: _)", inside="Visitor.mute"),
    ),
    Cause(
        "still_heard",
        "nothing takes the listener away",
        "self.client.off(Emote, self.emote)",
        lacks("_.off(...)", file="client.py"),
        unless(has("self.muted", inside="Visitor.emote")),
    ),
    Cause(
        "heard_once",
        "`once` listens for one message: after that, nothing listens",
        "self.client.on(Emote, self.emote)",
        has("_.once(Emote, ...)", inside="Visitor.mute"),
    ),
    Cause(
        "still_heard",
        "`on` gets a new function each time, and `off` takes away another one",
        "self.client.on(Emote, self.emote), the function that `off` is given",
        has("_.on(Emote, lambda _: _)", inside="Visitor.mute"),
    ),
    Cause(
        "muted_for_ever",
        "`mute` takes the listener away, and never adds it again",
        "else: self.client.on(Emote, self.emote)",
        has("_.off(...)", inside="Visitor.mute"),
        lacks("_.on(...)", inside="Visitor.mute"),
    ),
]
