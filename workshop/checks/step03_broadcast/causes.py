"""Step 03: what each failure most likely comes from."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.peers.line_guest import Guest
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong

FILE = "server.py"
ROOM_EACH = r"Room\(\)\.\w+\("
TRY_FINALLY = "try: around the loop, and self.leave(client, name) in finally: it runs whatever happens"


def unannounced(lab: Lab, program: Program, hearer: Guest, text: str) -> Wrong:
    """Somebody was not told who has joined."""
    announced = text.partition(" (")[0]
    printed = next((line for line in program.lines if announced in line), "")
    cause, pattern, hint = _why_unannounced(lab, announced, printed, hearer)
    return Wrong(
        f'{hearer.name} hears "{text}"',
        hearer.news,
        cause,
        place=lab.stage.find(FILE, pattern),
        hint=hint,
    )


def _why_unannounced(lab: Lab, announced: str, printed: str, hearer: Guest) -> tuple[str, str, str]:
    """Cause, where to look, hint."""
    heard = next((text for text in hearer.heard if announced in text), "")
    if not printed and not heard:
        hint = 'in enter(): self.clients.add(client), then self.tell(f"{name} has joined …")'
        return "nobody is told who has come in", r"def enter", hint
    if "(0 here" in printed and not lab.stage.find(FILE, r"\.add\("):
        return "nobody is put into the set", r"def enter", "self.clients.add(client), before self.tell(…)"
    if "(0 here" in printed:
        cause = "everybody is told before the newcomer is in the set"
        return cause, r"has joined", "first self.clients.add(client), then self.tell(…)"
    if announced.startswith("Ben") and "(1 here" in printed:
        if lab.stage.find(FILE, ROOM_EACH):
            return (
                "each client gets a room of its own",
                ROOM_EACH,
                "serve(Room().welcome, …): one room for all",
            )
        cause = "each client finds a set without the others: it is made anew for each"
        return cause, r"clients = (\{|set)", "make the set once, in __init__; then self.clients.add(client)"
    if heard:
        return (
            "words or number are not as agreed",
            r"has joined",
            'f"{name} has joined ({len(self.clients)} here)"',
        )
    cause = "tell() prints the text, and sends it to nobody"
    return cause, r"def tell", "broadcast(self.clients - {but}, text)"


def not_heard(lab: Lab, hearer: Guest, echoed: bool) -> Wrong:
    """Somebody has not heard what another one has said."""
    if hearer.times("hi"):
        cause, hint = "the name of the speaker is missing", 'self.tell(f"{name}: {message}", but=client)'
    elif echoed:
        cause = "what a client says goes back to this client, in the place of all the others"
        hint = "self.tell(…, but=client) in chat()"
    else:
        cause, hint = "what a client says is not passed on", "broadcast(self.clients - {but}, text) in tell()"
    return Wrong(
        f'when Ada says "hi", {hearer.name} hears "Ada: hi"',
        hearer.news,
        cause,
        place=lab.stage.find(FILE, r"\.send\(|: \{message") or lab.stage.function(FILE, "chat"),
        hint=hint,
    )


def taken_out_too_early(lab: Lab, left: bool) -> Wrong:
    """Who has spoken once hears nothing any more."""
    if left:
        cause = "leave() is called after each message, and not only when the loop is over"
        place, hint = lab.stage.find(FILE, r"self\.leave\("), "leave() belongs behind the loop, into finally:"
    else:
        cause = "who speaks is taken out of the set, and stays out"
        place = lab.stage.find(FILE, r"\.(remove|discard|difference_update)\((?!client)|-= ?\{but")
        hint = "self.clients - {but} makes a new set, and leaves self.clients as it is"
    return Wrong(
        'after Ada has said something, she hears "Ben: hello"',
        "she hears nothing any more" + ("; the others were told that she has left" if left else ""),
        cause,
        place=place,
        hint=hint,
    )


def wrong_ears(lab: Lab) -> Wrong:
    """Who speaks hears itself."""
    return Wrong(
        'all but Ada hear "Ada: hi"',
        "Ada hears it, too",
        "the text goes also to the one who has said it",
        place=lab.stage.find(FILE, r"broadcast\(|\.send\("),
        hint="broadcast(self.clients - {but}, text) leaves one out",
    )


def not_told_of_leave(lab: Lab) -> Wrong:
    """A polite farewell was not passed on."""
    called = lab.stage.find(FILE, r"self\.leave\(")
    return Wrong(
        'when Ben says goodbye, Ada hears "Ben has left (1 here)"',
        f"she hears nothing about it within {PATIENCE:.0f} seconds",
        "leave() is not on the way when the loop ends by itself" if called else "nobody calls leave()",
        place=called or lab.stage.function(FILE, "chat"),
        hint=TRY_FINALLY,
    )


def miscounted(lab: Lab, hearer: Guest, told: bool) -> Wrong:
    """After somebody has left, the number of those who are here is wrong."""
    stays = not hearer.times("Cleo has joined (2 here)")
    early = "the others are told before the client is taken out of the set"
    where = r"\.(discard|remove)\(client" if not stays else r"has left"
    return Wrong(
        'when Ben leaves, Ada hears "Ben has left (1 here)"; when Cleo comes, "Cleo has joined (2 here)"',
        hearer.news + ("" if told else ", and of Ben's leave another number, or none"),
        "who has left stays in the set" if stays else early,
        place=lab.stage.find(FILE, where),
        hint="in leave(): first self.clients.discard(client), then self.tell(…)",
    )


def told_twice(lab: Lab, program: Program, hearer: Guest) -> Wrong:
    """Taking a client out happened twice, or raised something."""
    logged = program.trouble("logged")
    return Wrong(
        "a client is taken out once, and nothing is raised",
        f"your function raised {logged}" if logged else "the others were told twice that Ben has left",
        "leave() is called in two places, and both are passed",
        place=lab.stage.find(FILE, r"self\.leave\("),
        hint="call it in finally: only; self.clients.discard(client) does not mind if nobody is there",
        sure=logged is None or logged.name == "KeyError",
    )


def not_told_of_cut(lab: Lab, hearer: Guest, name: str) -> Wrong:
    """Somebody was cut off, and is still in the room."""
    return Wrong(
        f'when {name} is cut off, {hearer.name} hears "{name} has left (2 here)"',
        hearer.news,
        "what stands behind the loop is skipped when the loop ends by ConnectionClosed",
        place=lab.stage.find(FILE, r"self\.leave\(|async for"),
        hint=TRY_FINALLY,
    )


def harmed(lab: Lab, program: Program) -> Wrong:
    """After somebody was cut off, others do not hear each other."""
    ended = f"; the server ended with exit code {program.exit_code}"
    return Wrong(
        "when Ben is cut off, Ada and Cleo go on talking",
        "Cleo hears nothing of what Ada says" + (ended if program.exit_code is not None else ""),
        "what happens to one client reaches the others",
        place=lab.stage.find(FILE, r"\.(remove|discard|pop|clear)\("),
        hint="take out of the set the client that is gone, and nobody else",
    )


def held_up(lab: Lab, heard: int, said: int) -> Wrong:
    """Somebody does not read, and others hear nothing any more."""
    together = lab.stage.find(FILE, r"gather|TaskGroup|wait\(")
    alone = "the server waits until Cleo has taken her message, and she takes none"
    at_once = "all messages go out together, and yet the next one waits until Cleo has taken hers"
    return Wrong(
        f"Ben hears all {said} messages of Ada, although Cleo reads none",
        f"he hears {heard} of them, and then nothing for {PATIENCE:.0f} seconds",
        at_once if together else alone,
        place=together or lab.stage.find(FILE, r"await .*\.send\(|\.send\("),
        hint="broadcast(…) of websockets sends to all, and waits for nobody; there is no await in it",
        sure=lab.trouble("crashed", "logged", "warning") is None,
    )


def left_behind(lab: Lab, ada: Guest, ben: Guest) -> Wrong:
    """Many were cut off, and the room is not empty."""
    return Wrong(
        'when all but Ada are cut off, and Ben comes, he hears "Ben has joined (2 here)"',
        f"{ada.news}, and {ben.news}",
        "somebody who is gone stays in the set, or somebody who is here was taken out",
        place=lab.stage.find(FILE, r"\.(remove|discard|pop|clear)\("),
        hint="self.clients.discard(client) in leave(), once for each client",
    )
