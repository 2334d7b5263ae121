"""Step 05: typed messages, each with its listener; what does not fit is refused, and hurts nobody."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.chat_room import GONE, ZOE, visited
from workshop.checking.peers.plain_guest import Guest, guest
from workshop.checking.peers.waiting import until
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step05_events.causes import deaf, no_word, not_told, still, stranger

LONG = "long " * 25  # characters: more than a line may have
LAUGH, CHEER, SLEEP = "Ha ha!", "Hooray!", "Zzz..."  # what is in the bubbles
check = Check("step05_events", files=["messages.py", "server.py", "client.py"])


@contextlib.asynccontextmanager
async def two_guests(lab: Lab) -> AsyncIterator[tuple[Program, Guest, Guest]]:
    """Their server, with Ada and Ben in it."""
    async with (
        lab.server() as (program, port),
        guest(lab, port, "Ada") as ada,
        guest(lab, port, "Ben") as ben,
    ):
        yield program, ada, ben


@check.part("the server tells everybody who is here, whenever somebody comes or goes")
async def who(lab: Lab) -> None:
    """Ada comes, then Ben; then Ben goes."""
    async with lab.server() as (program, port), guest(lab, port, "Ada") as ada:
        await told(lab, program, ada, {str(ada.id): "Ada"}, "when Ada comes, she is told that she is here")
        async with guest(lab, port, "Ben") as ben:
            both = {str(ada.id): "Ada", str(ben.id): "Ben"}
            await told(lab, program, ben, both, "when Ben comes, he is told who is here: Ada and Ben")
            await told(lab, program, ada, both, "when Ben comes, Ada is told, too: Ada and Ben")
        await told(lab, program, ada, {str(ada.id): "Ada"}, "when Ben leaves, Ada is told who is still here")


async def told(lab: Lab, program: Program, one: Guest, names: dict[str, str], expected: str) -> None:
    """Look whether the next `who` has these names."""
    message = await one.hears("who", seconds=PATIENCE / 2)
    if message is None:
        event = "Left" if "leaves" in expected else "Joined"
        raise no_word(
            lab,
            program,
            expected,
            f"nothing came to {one.name}",
            f"nobody listens for netlib.{event}, or not everybody is told",
            lab.stage.find("server.py", rf"netlib\.{event}\b(?!.*\|)|def tell_who"),
            f"server.on(netlib.{event}, self.tell_who), and in it self.server.broadcast(Who(names))",
        )
    if message.get("names") == names:
        return
    found = message.get("names") or {}
    cause = "the names are not made anew of those who are in the room"
    if any(not id.isdigit() for id in found):
        cause = "ids and names have changed places: the id is the key, since two may have one name"
    elif set(found) - set(names):
        cause = "names are kept from one call to the next: somebody who has left is still among them"
    raise Wrong(
        expected,
        f"the names are {found}",
        cause,
        place=lab.stage.find("server.py", r"def tell_who\(.*=|names = |Who\("),
        hint="names = {peer.id: peer.name for peer in self.server.peers}, anew in each call",
    )


@check.part("what somebody says or does reaches the others, with the right sender", after=[])
async def relays(lab: Lab) -> None:
    """Ada says something, and laughs; then Ben says something."""
    async with two_guests(lab) as (program, ada, ben):
        await ada.say(type="chat", text="good evening")
        await arrives(lab, program, ada, ben, {"type": "chat", "text": "good evening", "sender": ada.id})
        await ada.say(type="emote", kind="laugh")
        await arrives(lab, program, ada, ben, {"type": "emote", "kind": "laugh", "sender": ada.id})
        await ben.say(type="chat", text="hello Ada")
        heard = await ada.hears("chat", "emote", "error")
        if heard and heard.get("sender") == ada.id:
            raise Wrong(
                "Ada does not hear what she has said herself; her window has shown it",
                f"the first that she hears is {heard}",
                "the server tells it to everybody, and so to who has said it",
                place=lab.stage.find("server.py", r"broadcast\((?!Who)|\.send\("),
                hint="self.server.broadcast(…, exclude=[peer])",
                sure=True,
            )
        if heard is None or heard.get("text") != "hello Ada":
            raise Wrong(
                'Ada hears "hello Ada"',
                f"she hears {heard}",
                "only the first to come is heard by the others",
                place=lab.stage.find("server.py", r"broadcast\((?!Who)|\.send\("),
                hint="self.server.broadcast(…, exclude=[peer])",
            )
        still(lab, program)


async def arrives(lab: Lab, program: Program, ada: Guest, ben: Guest, expected: dict[str, Any]) -> None:
    """Look whether Ben hears what Ada has said or done."""
    what, name = (expected["type"], expected["type"].capitalize())
    await until(lambda: ben.has("chat", "emote") or ada.has("chat", "emote", "error"))
    heard, back = await ben.hears("chat", "emote", seconds=1.0), ada.has("chat", "emote", "error")
    if heard is None:
        saw = "Ben hears nothing" + (f"; Ada gets {back}" if back else "")
        cause = f"nobody listens for {name} messages, or the listener tells nobody"
        if back and back["type"] == what:
            cause = "the answer goes to who has said it, and to nobody else"
        pattern = rf"def {what}\(|peer\.send\(|on\({name}"
        hint = f"server.on({name}, self.{what}), and there self.server.broadcast(…, exclude=[peer])"
        place = lab.stage.find("server.py", pattern)
        raise no_word(lab, program, f"Ben hears what Ada has sent: a {what}", saw, cause, place, hint)
    if heard.get("sender", 0) != expected["sender"]:
        raise Wrong(
            f"the {what} has Ada's id for its sender: {ada.id}",
            f"its sender is {heard.get('sender', 0)}",
            "the message is handed on as it came: the server has not put the sender in",
            place=lab.stage.find("server.py", rf"broadcast\(message|def {what}\("),
            hint=f"make a new one: {name}(…, sender=peer.id)",
        )
    if heard != expected:
        raise Wrong(
            f"Ben hears {expected}",
            f"he hears {heard}",
            "the new message is made of other fields than those that came",
            place=lab.stage.function("server.py", what),
            hint=f"a {name} of what came, and of sender=peer.id",
        )


@check.part("a forged sender is overwritten", after=[relays])
async def forged(lab: Lab) -> None:
    """Ada pretends to be Ben."""
    async with two_guests(lab) as (_, ada, ben):
        for message in (
            {"type": "chat", "text": "I am Ben", "sender": ben.id},
            {"type": "emote", "kind": "wave", "sender": ben.id},
        ):
            await ada.say(**message)
            heard = await ben.hears("chat", "emote", "error")
            if heard is None or heard.get("sender", 0) != ada.id:
                raise Wrong(
                    f"Ada ({ada.id}) sends a {message['type']} with Ben's id ({ben.id}); its sender is Ada",
                    f"Ben hears {heard}",
                    "the server believes what stands in the message, where it knows better",
                    place=lab.stage.find("server.py", r"message\.sender|replace\("),
                    hint="sender=peer.id, always: the peer is who has really sent it",
                )


@check.part("what is too long, empty or unheard of is refused", after=[relays])
async def limits(lab: Lab) -> None:
    """Messages of the right shape, whose values are not allowed."""
    async with two_guests(lab) as (program, ada, ben):
        for message, what, cure in (
            ({"type": "chat", "text": LONG}, f"a text of {len(LONG)} characters", "max_length=MAX_TEXT"),
            ({"type": "chat", "text": ""}, "an empty text", "min_length=1"),
            ({"type": "emote", "kind": "explode"}, 'an emote "explode"', "kind: Kind, which is a Literal"),
        ):
            await refuses(lab, program, ada, ben, json.dumps(message), what, cure)


@check.part("what does not fit is refused, and the connection lives on", after=[relays])
async def malformed(lab: Lab) -> None:
    """Messages of the wrong shape, or none at all."""
    async with two_guests(lab) as (program, ada, ben):
        for text, what in (
            ('{"type": "chat"}', "a chat without a text"),
            ('{"type": "chat", "text": 7}', "a chat whose text is a number"),
            ('{"type": "dance"}', 'a message of the unknown type "dance"'),
            ("what is JSON?", "a message that is no JSON"),
        ):
            await refuses(lab, program, ada, ben, text, what, "a class of netlib.Message with typed fields")


async def refuses(
    lab: Lab, program: Program, ada: Guest, ben: Guest, text: str, what: str, cure: str
) -> None:
    """Ada sends what is not allowed, and then something that is. An error for her; for Ben the second."""
    expected = f"{what} is refused: an error to Ada, nothing to Ben, and Ada may go on"
    await ada.send(text)
    await ada.say(type="chat", text="sorry")
    heard = await ben.hears("chat", "emote", "error")
    if heard and heard.get("text") == "sorry":
        await ben.say(type="chat", text="never mind")
        answer = await ada.hears("chat", "emote", "error")
        if answer and answer["type"] == "error":
            await ada.hears("chat")
            return
        saw = "Ada is not told that it was refused"
        raise not_told(lab, program, expected, saw)
    if heard is None:
        raise Wrong(
            expected,
            "Ada's connection was closed, or is not listened to any more",
            "one bad message ends the stay: its sender may only have an older version, and is thrown out",
            place=lab.stage.find("server.py", r"kick\(|\.close\(|\.end\(|disconnect"),
            hint="let netlib refuse it; it tells the sender, and closes only after very many",
        )
    raise Wrong(
        expected,
        f"Ben hears {str(heard)[:70]}",
        f"messages.py allows it: a limit is missing ({cure})",
        place=lab.stage.find("messages.py", r"^\s+kind:" if "emote" in what else r"^\s+text:"),
        hint=f"{cure}: what does not fit then never reaches a listener",
    )


@check.part("the window shows who is here, what they say and what they do", after=[])
async def shows(lab: Lab) -> None:
    """A server of ours, with Zoe in it."""
    async with visited(lab) as (room, program):
        if not await program.until(lambda: "Zoe" in words(program)):
            raise deaf(lab, program, "Who", "Zoe's name, when a Who message has it")
        room.tell("chat", text="good evening", sender=ZOE)
        if not await program.until(lambda: "good evening" in words(program)):
            raise deaf(lab, program, "Chat", 'Zoe\'s "good evening"')
        if not any("Zoe" in text and text != "Zoe" for text in words(program)):
            named = sorted(text for text in words(program) if "somebody" in text)
            raise Wrong(
                'Zoe\'s name before her "good evening"',
                f"another: {', '.join(named) or 'none'}",
                "the names are kept under something else than numbers: JSON makes text of every key",
                place=lab.stage.find("client.py", r"names = |names\["),
                hint="take them from a Who: its dict[int, str] turns the keys into numbers again",
            )
        room.tell("emote", kind="laugh", sender=ZOE)
        if not await program.until(lambda: LAUGH in words(program)):
            raise deaf(lab, program, "Emote", f'Zoe\'s "{LAUGH}", when she laughs')
        room.tell("chat", text="I am gone", sender=GONE)
        if not await program.until(lambda: "I am gone" in words(program)):
            raise stranger(lab, program)
        still(lab, program)


@check.part("it waves when it first hears who is here, and only then", after=[shows])
async def greets(lab: Lab) -> None:
    """Who is here is told twice; then a key is pressed."""
    async with visited(lab) as (room, program):
        if not await program.until(lambda: room.did):
            raise deaf(lab, program, "Who", "a wave, when the first Who message comes", "once")
        room.tell_who()
        room.tell("chat", text="sit down", sender=ZOE)
        await program.until(lambda: "sit down" in words(program))
        program.hold("2")
        await program.until(lambda: "laugh" in room.did)
        if room.did != ["wave", "laugh"]:
            raise Wrong(
                "one wave after two Who messages; then, when 2 is pressed, a laugh",
                f"the client sent {', '.join(room.did)}",
                "the listener that greets is called with every Who"
                if room.did.count("wave") > 1
                else "what is pressed is not sent",
                place=lab.stage.find("client.py", r"on(?:ce)?\(.*greet|def do\("),
                hint="client.once(Who, self.greet) calls it the next time, and never again",
            )


@check.part("M ends listening to emotes; M again begins it anew", after=[shows])
async def mutes(lab: Lab) -> None:
    """Zoe cheers while the client is muted, and sleeps afterwards."""
    async with visited(lab) as (room, program):
        await program.until(lambda: "Zoe" in words(program))
        await pressed(program, "m")
        room.tell("emote", kind="cheer", sender=ZOE)
        room.tell("chat", text="did you hear", sender=ZOE)
        await program.until(lambda: "did you hear" in words(program))
        await a_few_frames(program)
        if CHEER in words(program):
            raise Wrong(
                "after M, Zoe's cheering is not shown",
                f'her bubble says "{CHEER}"',
                "the listener is still called: off was not told the very function that on got",
                place=lab.stage.find("client.py", r"\.off\(|def mute"),
                hint="self.client.off(Emote, self.emote): a new lambda is another function",
            )
        await pressed(program, "m")
        room.tell("emote", kind="sleep", sender=ZOE)
        if not await program.until(lambda: SLEEP in words(program)):
            raise Wrong(
                "after M was pressed again, what Zoe does is shown as before",
                "nothing is shown when she falls asleep",
                "the listener was taken away, and nobody has added it again",
                place=lab.stage.find("client.py", r"def mute"),
                hint="else: self.client.on(Emote, self.emote)",
            )
        still(lab, program)


async def pressed(program: Program, key: str) -> None:
    """Press a key, let it go, and wait until the window has surely noticed."""
    program.hold(key)
    await a_few_frames(program)
    program.hold()
    await a_few_frames(program)


async def a_few_frames(program: Program) -> None:
    """Wait for some frames from now on."""
    shown = len(program.frames)
    await program.until(lambda: len(program.frames) >= shown + 6 or program.exit_code is not None)
    if program.exit_code is not None:
        raise program.ended_early("the window stays open")


def words(program: Program) -> set[str]:
    """Everything that the window has written."""
    return {text for frame in program.frames for text in frame.texts}
