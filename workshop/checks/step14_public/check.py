"""Step 14: strangers knock at the room, with and without a certificate, a password, and good manners."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import ssl
from collections.abc import AsyncIterator
from typing import Any

import netlib
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.listening import listening
from workshop.checking.peers.certificates import ELSEWHERE, HERE, Certificates, certificates
from workshop.checking.peers.stranger import Stranger, get, knock, stranger
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step14_public import causes as says
from workshop.game.company import Company
from workshop.game.messages import MAX_CHAT, Move
from workshop.game.world import World

VARIABLE = "GEM_RUSH_PASSWORD"
SECRET, TYPED = "Sesame-7141", "Typed-2718"
SITE = "https://play.example.org"
OVERSIZE = 40_000  # bytes; more than netlib allows by itself, and less than it refuses to read
FLOOD = 3_000  # messages at once
END_SECONDS = 3.0  # that a server may take to say goodbye
check = Check("step14_public", files=["public.py", "server.py", "client.py"])


@check.part("without flags the room is open, and everything that the game says gets through")
async def plain(lab: Lab) -> None:
    """A player joins and says the longest line that there is, in its longest form."""
    line = "\N{GRINNING FACE}" * MAX_CHAT
    async with room(lab) as (_, port), stranger(port) as ada:
        answer = await ada.hello("Ada")
        if answer.get("type") != "welcome":
            raise says.not_open(lab, answer)
        await ada.say(type="chat", text=line)
        heard = await ada.hears("chat", "error")
        if heard is None or heard.get("text") != line:
            raise says.too_narrow(lab, heard, ada.code)


@check.part("with --cert and --key the room speaks wss://")
async def over_tls(lab: Lab) -> None:
    """A client that believes the certificate's authority joins."""
    with certificates() as pems:
        async with contextlib.AsyncExitStack() as stack:
            try:
                opened = room(lab, "--cert", pems.cert, "--key", pems.key)
                _, port = await stack.enter_async_context(opened)
            except Wrong as wrong:
                if await opens(lab, "--cert", pems.both, "--key", pems.key):
                    raise says.key_forgotten(lab) from wrong
                raise says.never_opens(lab, lab.programs[0].lines) from wrong
            await join_over_tls(lab, port, pems)


@check.part("a certificate and a key that do not belong together are told in one sentence", after=[over_tls])
async def no_pair(lab: Lab) -> None:
    """The program ends with 2, and names the files."""
    with certificates() as pems:
        flags = ("--cert", pems.cert, "--key", pems.other_key)
        async with lab.program("server", "--host", HERE, "--port", lab.ports.free(), *flags) as program:
            code = await program.ended(3 * PATIENCE)
            text = " ".join(program.lines)
            if code != 2 or "Traceback" in text or pems.other_key.name not in text:
                raise says.not_told(lab, code, program.lines)


@check.part("the password comes from the environment or the command line, and is asked for", after=[plain])
async def asked(lab: Lab) -> None:
    """Nobody gets in without it, or with another one; the flag goes before the environment."""
    async with room(lab, environ={VARIABLE: SECRET}) as (program, port):
        for password in ("", "wrong"):
            if (answer := await answered(port, password)).get("code") != "password":
                raise says.let_in(lab, answer, VARIABLE, password)
        if (answer := await answered(port, SECRET)).get("type") != "welcome":
            raise says.kept_out(lab, answer, VARIABLE)
        if any(SECRET in line for line in program.lines):
            raise says.told(lab, program, SECRET)
    async with room(lab, "--password", TYPED, environ={VARIABLE: SECRET}) as (_, port):
        if (answer := await answered(port, TYPED)).get("type") != "welcome":
            raise says.flag_ignored(lab, answer, VARIABLE)


@check.part("only pages of this host and of named sites may connect", after=[plain])
async def only_known_sites(lab: Lab) -> None:
    """Programs send no Origin, browsers do."""
    own = "http://{host}"
    welcome = {"": "a program, which sends no Origin", own: "a page of this host", SITE: "a named site"}
    foreign = ("https://evil.example", f"{SITE}.evil.example", "null")
    async with room(lab, "--origin", SITE) as (_, port):
        for origin in foreign:
            if await knock(port, origin) == 101:
                raise says.stranger_page(lab, origin)
        for origin, who in welcome.items():
            if (status := await knock(port, origin)) != 101:
                raise says.page_kept_out(lab, who, origin.format(host="this host"), status)


@check.part("who sends too much is stopped, and nobody else notices", after=[plain])
async def limited(lab: Lab) -> None:
    """One sends a huge message, another one thousands; Ada plays on."""
    async with room(lab) as (_, port), stranger(port) as ada:
        await ada.hello("Ada")
        async with stranger(port) as big:
            await big.hello("Big")
            await big.say(type="chat", text="x" * OVERSIZE)
            await big.say(type="ping", time=1)
            if await big.hears("pong") or big.code != 1009:
                raise says.huge_taken(lab, OVERSIZE, big.code)
        async with stranger(port) as fast:
            await fast.hello("Fast")
            if not await stopped(fast):
                raise says.flood_taken(lab, FLOOD)
        await ada.say(type="ping", time=1)
        if await ada.hears("pong") is None:
            raise says.others_harmed(lab, ada.code)


@check.part("GET /health tells a watchdog how the room does", after=[plain])
async def healthy(lab: Lab) -> None:
    """An empty room is healthy; who plays is counted, and not named."""
    async with room(lab) as (_, port):
        empty = await get(port, "/health")
        facts = says.health_of(lab, empty, players=0)
        async with stranger(port) as ada:
            await ada.hello("Ada-at-home")
            later = await get(port, "/health")
            if b"Ada-at-home" in later.body:
                raise says.names_told(lab, later)
            says.health_of(lab, later, players=1)
            if not await newer(port, facts["tick"]):
                raise says.time_stands(lab, facts)


@check.part("when the system ends the server, everybody gets a goodbye", after=[plain])
async def goodbye(lab: Lab) -> None:
    """SIGTERM: close code 1001, exit code 0, soon."""
    async with room(lab) as (program, port), stranger(port) as ada, stranger(port) as ben:
        await ada.hello("Ada")
        await ben.hello("Ben")
        program.terminate()
        await asyncio.gather(ada.ended(), ben.ended())
        code = await program.ended(END_SECONDS + PATIENCE)
        if code is None:
            raise says.never_ends(lab, END_SECONDS + PATIENCE)
        if (ada.code, ben.code) != (1001, 1001):
            raise says.no_goodbye(lab, ada.code, code)
        if code != 0:
            raise says.bad_end(lab, code)


@check.part("a port that is taken is told in one sentence", after=[plain])
async def taken(lab: Lab) -> None:
    """A second server wants the same port."""
    async with room(lab) as (_, port), lab.program("server", "--host", HERE, "--port", port) as second:
        code = await second.ended(3 * PATIENCE)
        text = " ".join(second.lines)
        if code != 2 or "Traceback" in text or str(port) not in text:
            raise says.taken_not_told(lab, code, second.lines)


@check.part("the client believes the right certificate, and no other", after=[])
async def believes(lab: Lab) -> None:
    """A room with a good certificate, one of an unknown authority, one that is somebody else's."""
    with certificates() as pems:
        if not await visited(lab, pems.for_server(), "--ca", pems.ca):
            raise says.not_believed(lab)
        tries = (
            (pems.for_server(stranger=True), ("--ca", pems.ca), "from an authority that nobody knows"),
            (pems.for_server(), ("--tls",), "from an authority that this system does not know"),
            (pems.for_server(ELSEWHERE), ("--ca", pems.ca), f"for another address, {ELSEWHERE}"),
        )
        outcomes = await asyncio.gather(*(visited(lab, context, *flags) for context, flags, _ in tries))
        for came, (_, _, what) in zip(outcomes, tries, strict=True):
            if came:
                raise says.fooled(lab, what, name_only=what == tries[2][2])


@contextlib.asynccontextmanager
async def room(
    lab: Lab, *flags: object, environ: dict[str, str] | None = None
) -> AsyncIterator[tuple[Program, int]]:
    """Their server, which nobody's own password reaches: (program, port)."""
    os.environ.pop(VARIABLE, None)
    port = lab.ports.free()
    async with lab.program("server", "--host", HERE, "--port", port, *flags, environ=environ) as program:
        await listening(program, port)
        yield program, port


async def opens(lab: Lab, *flags: object) -> bool:
    """Whether their server opens a room with these flags."""
    try:
        async with room(lab, *flags):
            return True
    except Wrong:
        return False


async def join_over_tls(lab: Lab, port: int, pems: Certificates) -> None:
    """Join their room as a client that believes our authority.

    Raises:
        Wrong: it does not work.
    """
    try:
        async with netlib.connect(f"wss://{HERE}:{port}", ssl=pems.for_client(), reconnect_time=0):
            return
    except netlib.NetlibError as error:
        if await knock(port, "") == 101:
            raise says.still_plain(lab) from error
        raise says.no_handshake(lab, error) from error


async def answered(port: int, password: str) -> dict[str, Any]:
    """What a hello with this password gets."""
    async with stranger(port) as one:
        return await one.hello("Ada", **({"password": password} if password else {}))


async def stopped(fast: Stranger) -> bool:
    """Send very many messages at once. True when the server has had enough before the last one."""
    for number in range(FLOOD):
        await fast.say(type="ping", time=number)
    while (message := await fast.hears("pong", "error")) is not None:
        if message["type"] == "error":
            return bool(message["code"] == "rate")
        if message["time"] == FLOOD - 1:
            return False
    return fast.code is not None


async def newer(port: int, tick: int) -> bool:
    """Wait until the health page has a later tick."""
    async with asyncio.timeout(PATIENCE):
        while True:
            page = await get(port, "/health")
            if json.loads(page.body)["tick"] > tick:
                return True
            await asyncio.sleep(0.05)
    return False


async def visited(lab: Lab, context: ssl.SSLContext, *flags: object) -> bool:
    """Whether their client comes into a room of ours that shows this certificate; else it has ended."""
    came: list[netlib.Joined] = []
    server = netlib.Server("The check", host=HERE, port=0, input_type=Move, ssl=context, discoverable=False)
    world = World(seed=1)
    Company(server, world)
    server.on(netlib.Joined, came.append)
    server.on_tick(lambda dt: server.publish(world.state))
    async with server:
        arguments = ("--host", HERE, "--port", server.port, *flags)
        async with lab.program("client", *arguments, window=True) as program:
            await program.until(lambda: came or program.exit_code is not None, 4 * PATIENCE)
            return bool(came)
