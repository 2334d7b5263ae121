"""Step 05: typed messages, each with its listener; what does not fit is refused, and hurts nobody."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.listening import listening
from workshop.checking.peers.chat_room import GONE, YAN, ZOE, visited
from workshop.checking.peers.plain_guest import Guest, guest
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.checks.step05_events.causes import CAUSES

LIMIT = 120  # characters that a line of chat may have
LAUGH, CHEER, SLEEP = "Ha ha!", "Hooray!", "Zzz..."  # what is in the bubbles
KINDS = ("wave", "laugh", "cheer", "sleep")
STILL = 0.5  # seconds for which a listener keeps everybody waiting, from which that is too long
TOLD = ("chat", "emote", "error")
OUR_ROOM = "workshop.checking.peers.their_messages"
check = Check("step05_events", files=["messages.py", "server.py", "client.py"], causes=CAUSES)


@contextlib.asynccontextmanager
async def two_guests(lab: Lab) -> AsyncIterator[tuple[Guest, Guest]]:
    """Their server, with Ada and Ben in it."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        yield ada, ben
        nobody_waits(program)


@contextlib.asynccontextmanager
async def two_of_ours(lab: Lab) -> AsyncIterator[tuple[Guest, Guest]]:
    """A server of ours that knows their messages, with Ada and Ben in it."""
    port = lab.ports.free()
    async with lab.program("messages", port, driver=OUR_ROOM) as program:
        await listening(program, port)
        async with guest(port, "Ada") as ada, guest(port, "Ben") as ben:
            yield ada, ben


def nobody_waits(program: Program) -> None:
    """Look whether a listener kept everybody waiting."""
    trouble = program.trouble("blocked")
    if trouble and float(trouble.name) > STILL:
        expected = "a listener returns at once: everybody waits for it"
        saw = f"{trouble}, at {trouble.place}"
        because = "this line holds up everything: no message and no tick until it is over"
        hint = "a listener that is an async def may await asyncio.sleep; or note the time, and go on"
        raise Wrong(expected, saw, "stands_still", because=because, place=trouble.place, hint=hint)


Sent = tuple[dict[str, Any], str]  # a message, and what to call it
Bad = tuple[dict[str, Any], str, str]  # and the symptom of letting it through


@check.part("a text that is too long or empty is refused", todo="05.1")
async def texts(lab: Lab) -> None:
    """Texts around both limits."""
    one, most, more, none = (
        ({"type": "chat", "text": "x" * length}, f"a text of {length} characters")
        for length in (1, LIMIT, LIMIT + 1, 0)
    )
    await only_good(lab, [one, most], [(*more, "too_long"), (*none, "empty")])


@check.part("an emote is one of the four kinds", todo="05.2")
async def kinds(lab: Lab) -> None:
    """All four of them, and one that is none."""
    *good, bad = (({"type": "emote", "kind": kind}, f'an emote "{kind}"') for kind in (*KINDS, "explode"))
    await only_good(lab, good, [(*bad, "any_kind")])


async def only_good(lab: Lab, good: list[Sent], bad: list[Bad]) -> None:
    """Look whether their messages alone let through what is good; if not, whether their server sees to it."""
    try:
        async with two_of_ours(lab) as (ada, ben):
            await lets_through(ada, ben, good, bad)
    except Wrong as wrong:
        try:
            async with two_guests(lab) as (ada, ben):
                await lets_through(ada, ben, good, bad)
        except Wrong as other:
            raise (wrong if other.symptom == "too_strict" else other) from None


async def lets_through(ada: Guest, ben: Guest, good: list[Sent], bad: list[Bad]) -> None:
    """Ada sends good messages, which Ben hears; and bad ones, each of which is refused."""
    for message, what in good:
        await ada.say(**message)
        heard = await ben.hears("chat", "emote", seconds=PATIENCE / 2)
        if heard is None or not heard.items() >= message.items():
            back = ada.has("error")
            saw = f"Ben hears {short(heard)}" + (f"; Ada is told: {back.get('message')}" if back else "")
            raise Wrong(f"{what} is allowed: Ben hears it when Ada sends it", saw, "too_strict")
    for message, what, symptom in bad:
        await refuses(ada, ben, json.dumps(message), what, symptom, good[0][0])


async def refuses(ada: Guest, ben: Guest, text: str, what: str, symptom: str, good: dict[str, Any]) -> None:
    """Ada sends what is not allowed, and then something that is. An error for her; for Ben the second."""
    expected = f"{what} is refused: an error to Ada, nothing to Ben, and Ada may go on"
    await ada.send(text)
    await ada.say(**good)
    heard = await ben.hears(*TOLD)
    if heard is None:
        raise Wrong(expected, "Ben hears nothing of what Ada sends afterwards", "thrown_out")
    if not heard.items() >= good.items():
        raise Wrong(expected, f"Ben hears {short(heard)}", symptom)
    await ben.say(**good)
    answer = await ada.hears(*TOLD)
    if answer is None or answer["type"] != "error":
        raise Wrong(expected, "Ada is not told that it was refused", "not_told")
    await ada.hears("chat", "emote")


def short(message: dict[str, Any] | None) -> str:
    """A message in a few words."""
    if message is None:
        return "nothing"
    text = str(message)
    return text if len(text) < 70 else f"{text[:66]} …"


@check.part("the server listens: to those who come and go, to what they say and what they do", todo="05.3")
async def listens(lab: Lab) -> None:
    """Ada comes, then Ben; Ada waves and talks; Ben goes."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada:
        await a_who(ada, "when Ada comes, she is told who is here", "joined_unheard")
        async with guest(port, "Ben") as ben:
            await a_who(ben, "when Ben comes, he is told who is here", "joined_unheard")
            await a_who(ada, "when Ben comes, Ada is told, too", "not_all_told")
            for message in ({"type": "emote", "kind": "laugh"}, {"type": "chat", "text": "good evening"}):
                await arrives(ada, ben, message)
            nobody_waits(program)
        await a_who(ada, "when Ben leaves, Ada is told", "left_unheard")


async def a_who(one: Guest, expected: str, symptom: str) -> dict[str, Any]:
    """The names in the next `who`."""
    message = await one.hears("who", seconds=PATIENCE / 2)
    if message is None:
        raise Wrong(expected, f"no who message comes to {one.name}", symptom)
    return dict(message.get("names") or {})


async def arrives(
    ada: Guest, ben: Guest, message: dict[str, Any], due: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What Ben hears of what Ada has said or done: that, or what is due in its place."""
    await ada.say(**message)
    await until(lambda: ben.has("chat", "emote") or ada.has(*TOLD))
    heard, back = await ben.hears("chat", "emote", seconds=1.0), ada.has(*TOLD)
    expected = f"Ben hears what Ada has sent: {short(message)}"
    if heard is None:
        saw = "Ben hears nothing" + (f"; Ada gets {short(back)}" if back else "")
        symptom = "sent_back" if back and back["type"] == message["type"] else f"{message['type']}_unheard"
        raise Wrong(expected, saw, symptom)
    if not heard.items() >= (due or message).items():
        raise Wrong(expected, f"he hears {short(heard)}", "changed")
    return heard


@check.part("everybody is told the names of all who are here, by their ids", after=[listens], todo="05.4")
async def names(lab: Lab) -> None:
    """Ada comes, then Ben; then Ben goes."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada:
        alone = {str(ada.id): "Ada"}
        await told(ada, alone, "when Ada comes, she is told that she is here")
        async with guest(port, "Ben") as ben:
            both = {**alone, str(ben.id): "Ben"}
            await told(ben, both, "when Ben comes, he is told who is here: Ada and Ben")
            await told(ada, both, "when Ben comes, Ada is told, too: Ada and Ben")
        await told(ada, alone, "when Ben leaves, Ada is told who is still here")
        nobody_waits(program)


async def told(one: Guest, names: dict[str, str], expected: str) -> None:
    """Look whether the next `who` has these names."""
    if (found := await a_who(one, expected, "left_unheard")) == names:
        return
    wrong = f"the names are {found}, where they should be {names}"
    if set(found) & set(names.values()):
        because = "ids and names have changed places: the id is the key, since two may have one name"
        hint = "{peer.id: peer.name for peer in self.server.peers}"
        raise Wrong(expected, wrong, "changed_places", because=because, hint=hint)
    raise Wrong(expected, wrong, "names_kept" if set(found) > set(names) else "other_names")


@check.part("what somebody says reaches only the others, with the true sender", after=[listens], todo="05.5")
async def senders(lab: Lab) -> None:
    """Ada talks and laughs, as herself and with Ben's id; then Ben talks."""
    async with two_guests(lab) as (ada, ben):
        for message in ({"type": "chat", "text": "good evening"}, {"type": "emote", "kind": "laugh"}):
            what = f"the sender of Ada's {message['type']} is Ada's id, {ada.id}"
            if (sender := (await arrives(ada, ben, message)).get("sender", 0)) != ada.id:
                raise Wrong(what, f"its sender is {sender}", "no_sender")
            heard = await arrives(ada, ben, {**message, "sender": ben.id}, message)
            if (sender := heard.get("sender", 0)) != ada.id:
                what += f", also when she sends it with the id of Ben, {ben.id}"
                raise Wrong(what, f"its sender is {sender}", "believed")
        await ben.say(type="chat", text="hello Ada")
        heard = await ada.hears(*TOLD) or {}
        if heard.get("sender") == ada.id:
            expected = "Ada does not hear what she has said herself: her window has shown it already"
            raise Wrong(expected, f"the first that she hears is {short(heard)}", "echoed")
        if heard.get("text") != "hello Ada":
            raise Wrong('Ada hears "hello Ada" from Ben', f"she hears {short(heard or None)}", "chat_unheard")


@check.part(
    "the server refuses what does not fit, and the connection lives on",
    after=[listens],
    todo="05.1 05.2 05.3",
)
async def malformed(lab: Lab) -> None:
    """Messages of the wrong shape, with the wrong values, or none at all."""
    async with two_guests(lab) as (ada, ben):
        for text, what in (
            ('{"type": "chat"}', "a chat without a text"),
            ('{"type": "chat", "text": 7}', "a chat whose text is a number"),
            (json.dumps({"type": "chat", "text": "x" * 200}), "a text of 200 characters"),
            ('{"type": "emote", "kind": "explode"}', 'an emote "explode"'),
            ('{"type": "dance"}', 'a message of the unknown type "dance"'),
            ("what is JSON?", "a message that is no JSON"),
        ):
            await refuses(ada, ben, text, what, "let_through", {"type": "chat", "text": "sorry"})


@check.part("the window shows who is here, what they say and what they do", todo="05.6")
async def shows(lab: Lab) -> None:
    """A server of ours, with Zoe in it; then Yan comes, and Zoe goes."""
    async with visited(lab) as (room, program):
        await shown(program, "Zoe", "Zoe's name, when a Who message has it", "who_not_shown")
        room.tell("chat", text="good evening", sender=ZOE)
        await shown(program, "good evening", 'Zoe\'s "good evening"', "chat_not_shown")
        if not any("Zoe" in text and text != "Zoe" for text in words(program)):
            said = ", ".join(sorted(text for text in words(program) if "somebody" in text)) or "none"
            raise Wrong('Zoe\'s name before her "good evening"', f"another: {said}", "not_named")
        for kind, bubble in (("laugh", LAUGH), ("sleep", SLEEP)):
            room.tell("emote", kind=kind, sender=ZOE)
            await shown(program, bubble, f'Zoe\'s "{bubble}", after an emote "{kind}"', "emote_not_shown")
        room.names = {YAN: "Yan"}
        room.tell_who()
        await shown(program, "Yan", "Yan's name, when the second Who message has it", "second_who_not_shown")
        await program.until(lambda: "Zoe" not in program.frames[-1].texts)
        if "Zoe" in program.frames[-1].texts:
            expected = "when Zoe is no longer in the second Who message, her name is no longer shown"
            raise Wrong(expected, "her name still is", "names_added")
        room.tell("chat", text="I am gone", sender=GONE)
        expected = "a line of somebody who has just left, and whose id is not in any Who message"
        await shown(program, "I am gone", expected, "stranger")


async def shown(program: Program, text: str, expected: str, symptom: str) -> None:
    """Wait until the window shows something."""
    expected = f"the window shows {expected}"
    if not await program.reaches(lambda: text in words(program), expected=expected):
        raise Wrong(expected, "the message was sent to the client, and the window does not show it", symptom)


@check.part("the client waves when it first hears who is here, and only then", after=[shows], todo="05.6")
async def greets(lab: Lab) -> None:
    """Two Who messages; then a key is pressed."""
    async with visited(lab) as (room, program):
        if not await program.until(lambda: room.did):
            expected = "the client sends a wave when the first Who message comes"
            raise Wrong(expected, "no emote came", "no_wave")
        room.tell_who()
        room.tell("chat", text="sit down", sender=ZOE)
        await shown(program, "sit down", 'Zoe\'s "sit down"', "chat_not_shown")
        program.hold("2")
        await program.until(lambda: "laugh" in room.did)
        if room.did != ["wave", "laugh"]:
            expected = "one wave after two Who messages; then, when 2 is pressed, a laugh"
            symptom = "waves_again" if room.did.count("wave") > 1 else "not_sent"
            raise Wrong(expected, f"the client sent {', '.join(room.did)}", symptom)


@check.part("the key M mutes emotes, and M again unmutes them", after=[shows], todo="05.6 05.7")
async def mutes(lab: Lab) -> None:
    """Zoe cheers while the client is muted, sleeps and laughs afterwards, and cheers once more in vain."""
    async with visited(lab) as (room, program):
        await shown(program, "Zoe", "Zoe's name, when a Who message has it", "who_not_shown")
        await pressed(program, "m")
        room.tell("emote", kind="cheer", sender=ZOE)
        room.tell("chat", text="did you hear", sender=ZOE)
        await shown(program, "did you hear", "what Zoe says, also while emotes are muted", "chat_not_shown")
        await is_not_shown(program, CHEER, "after M")
        await pressed(program, "m")
        for kind, bubble in (("sleep", SLEEP), ("laugh", LAUGH)):
            room.tell("emote", kind=kind, sender=ZOE)
            expected = f'Zoe\'s "{bubble}", after M was pressed a second time'
            await shown(program, bubble, expected, "muted_for_ever" if kind == "sleep" else "heard_once")
        await pressed(program, "m")
        room.tell("emote", kind="cheer", sender=ZOE)
        room.tell("chat", text="and now", sender=ZOE)
        await shown(program, "and now", "what Zoe says, also while emotes are muted", "chat_not_shown")
        await is_not_shown(program, CHEER, "after M was pressed a third time")


async def is_not_shown(program: Program, bubble: str, when: str) -> None:
    """Wait a little, and look whether a bubble has come up."""
    await a_few_frames(program)
    if bubble in words(program):
        raise Wrong(f'{when}, Zoe\'s "{bubble}" is not shown', f'her bubble says "{bubble}"', "still_heard")


async def pressed(program: Program, key: str) -> None:
    """Press a key, let it go, and wait until the window has surely noticed."""
    program.hold(key)
    await a_few_frames(program)
    program.hold()
    await a_few_frames(program)


async def a_few_frames(program: Program) -> None:
    """Wait for some frames from now on."""
    shown = len(program.frames)
    await program.reaches(lambda: len(program.frames) >= shown + 6, expected="the window stays open")


def words(program: Program) -> set[str]:
    """Everything that the window has written."""
    return {text for frame in program.frames for text in frame.texts}
