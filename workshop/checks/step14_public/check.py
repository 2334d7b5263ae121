"""Step 14: strangers knock at the room, with and without a certificate, a password, and good manners."""

import asyncio
import contextlib
import json
import os
import ssl
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, TypeAlias

import netlib
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.listening import listening
from workshop.checking.peers.certificates import ELSEWHERE, HERE, Certificates, certificates
from workshop.checking.peers.stranger import Answer, get, knock, short, stranger
from workshop.checking.plain_words import ended
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step14_public.causes import CAUSES
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.chat_rules import MAX_CHAT
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World

VARIABLE = "GEM_RUSH_PASSWORD"
SECRET, TYPED = "Sesame-7141", "Typed-2718"
SITES = ("https://play.example.org", "https://arcade.example.net")
FOREIGN = ("https://evil.example", f"{SITES[0]}.evil.example", "null")
OVERSIZE = 40_000  # bytes; more than netlib allows by itself, and less than it refuses to read
FLOOD = 3_000  # messages, as fast as they are answered
STALL = 120  # messages at once: what a player has to say after two seconds without a network
WALKED, PER_SECOND = 120, 60  # messages of somebody who walks: an input and an acknowledgement a tick
SOON = 2.5  # seconds for which a room is open; enough to come in, also on a busy machine
END_SECONDS = 3.0  # that a server may take to say goodbye
Try: TypeAlias = tuple[bool, str, ssl.SSLContext, Path | None, Path | None, str]
check = Check("step14_public", files=["public.py", "server.py", "client.py"], causes=CAUSES)


@check.part("without flags the room is open, and everything that the game says gets through")
async def plain(lab: Lab) -> None:
    """A player joins and says the longest line, in its longest form; this rests on no TODO."""
    line = "\N{GRINNING FACE}" * MAX_CHAT
    async with room(lab) as (_, port), stranger(port) as ada:
        answer = await ada.hello("Ada")
        if answer.get("code") == "password":
            expected = "with no password on the command line or in the environment, nobody is asked for one"
            raise Wrong(expected, f"a hello was refused: {answer.get('message')}", "asks_for_password")
        if answer.get("type") != "welcome":
            raise Wrong("a hello is answered with welcome", f"the answer was {short(answer)}", "not_welcome")
        await ada.say(type="chat", text=line)
        heard = await ada.hears("chat", "error")
        if heard is None or heard.get("text") != line:
            expected = "a line of chat of 200 characters gets through, also when each is written in 12 bytes"
            saw = f"the answer was {short(heard)}" if heard else f"the connection ended with code {ada.code}"
            is_big = ada.code == 1009 or (heard or {}).get("code") == "too_big"
            raise Wrong(expected, saw, "too_narrow" if is_big else "not_heard")


@check.part("with --cert and --key the room speaks wss://", todo="14.1")
async def over_tls(lab: Lab) -> None:
    """A client that believes the certificate's authority joins."""
    with certificates() as pems:
        async with contextlib.AsyncExitStack() as stack:
            try:
                opened = room(lab, "--cert", pems.cert, "--key", pems.key)
                _, port = await stack.enter_async_context(opened)
            except Wrong as wrong:
                expected = "with --cert and --key, which fit, the server opens a room"
                saw = f"{wrong.saw}; its last words: {last_words(lab.programs[0])}"
                raise Wrong(expected, saw, "never_opens") from wrong
            await join_over_tls(port, pems)


@check.part(
    "a certificate and a key that do not belong together are told in one sentence",
    after=[over_tls],
    todo="14.1",
)
async def no_pair(lab: Lab) -> None:
    """The program ends with 2, and names the files."""
    with certificates() as pems:
        port, flags = lab.ports.free(), ("--cert", pems.cert, "--key", pems.other_key)
        async with lab.program("server", "--host", HERE, "--port", port, *flags) as program:
            await told(
                program, "a key that does not fit the certificate", pems.cert.name, pems.other_key.name
            )


@check.part(
    "the password comes from the command line, or else from the environment, and is asked for",
    after=[plain],
    todo="14.2",
)
async def asked(lab: Lab) -> None:
    """Typed, in the environment, and both: then what was typed counts."""
    await all_of(asked_for(lab, TYPED, ""), asked_for(lab, "", SECRET), asked_for(lab, TYPED, SECRET))


async def asked_for(lab: Lab, typed: str, found: str) -> None:
    """Knock at a room with these passwords, on the command line and in the environment; empty for none."""
    flags, environ = (("--password", typed) if typed else ()), ({VARIABLE: found} if found else {})
    given = " and ".join([*flags[:1], *environ])
    async with room(lab, *flags, environ=environ) as (program, port):
        for password in ("", "wrong"):
            if (answer := await answered(port, password)).get("code") != "password":
                with_it = "with a wrong password" if password else "without a password"
                symptom = "let_in" if typed else "let_in_by_environment"
                expected = f"with {given}, a hello {with_it} is refused"
                raise Wrong(expected, f"the answer was {short(answer)}", symptom)
        if (answer := await answered(port, typed or found)).get("type") != "welcome":
            expected = f"with {given}, a hello with the password of {given.split()[0]} is welcome"
            symptom = "flag_ignored" if typed and found else "kept_out"
            raise Wrong(expected, f"the answer was {short(answer)}", symptom)
        if line := next((line for line in program.lines if (typed or found) in line), None):
            raise Wrong("the server never prints the password", f"it prints: {line}", "printed")


@check.part("only pages of this host and of sites that were named may connect", after=[plain], todo="14.3")
async def only_known_sites(lab: Lab) -> None:
    """With two sites named, and with none."""
    await all_of(lets_in(lab, *SITES), lets_in(lab))


async def lets_in(lab: Lab, *named: str) -> None:
    """Knock as pages of other sites, as a program, and as pages of this host and of the named sites."""
    known = {"": "a program, which sends no Origin", "http://{host}": "a page of this host"}
    known |= dict.fromkeys(named, "a page of a site that --origin names")
    async with room(lab, *(word for site in named for word in ("--origin", site))) as (_, port):
        for origin in FOREIGN:
            if await knock(port, origin) == 101:
                given = f"--origin {named[0]}" if named else "no --origin"
                symptom = "null_connects" if origin == "null" else "foreign_connects"
                expected = f"with {given}, a page with Origin: {origin} gets HTTP 403"
                raise Wrong(expected, "it got 101: it may connect", symptom)
        for origin, who in known.items():
            if (status := await knock(port, origin)) != 101:
                shown = f" (Origin: {origin.format(host='this host')})" if origin else ""
                symptom = "site_kept_out" if origin in named else "own_kept_out"
                raise Wrong(f"{who} may connect{shown}", f"it got HTTP {status}", symptom)


@check.part(
    "a client that sends too much is stopped, and the others play on", after=[plain], todo="14.4", early=True
)
async def limited(lab: Lab) -> None:
    """One client sends a huge message, another one very many, a third walks; Ada plays on."""
    async with room(lab) as (_, port), stranger(port) as ada:
        await ada.hello("Ada")
        async with stranger(port) as big:
            await big.hello("Big")
            await big.say(type="chat", text="x" * OVERSIZE)
            await big.say(type="ping", time=1)
            if await big.hears("pong") or big.code != 1009:
                ended = "is still open" if big.code is None else f"ended with code {big.code}"
                expected = f"a message of {OVERSIZE:,} bytes ends its sender's connection with code 1009"
                raise Wrong(expected, f"the connection {ended}", "huge_taken")
        await flood_and_walk(port)
        await ada.say(type="ping", time=1)
        if await ada.hears("pong") is None:
            saw = f"her connection is {'open' if ada.code is None else f'closed with code {ada.code}'}"
            raise Wrong("Ada did nothing wrong, and is answered", f"she is not; {saw}", "others_harmed")


async def flood_and_walk(port: int) -> None:
    """Send until a message is refused, and from then on as much as a walking player.

    Raises:
        Wrong: nothing is refused; or a pause of the network or plain walking is too much.
    """
    async with stranger(port) as fast:
        await fast.hello("Fast")
        passed = await fast.pinged(FLOOD)
        if passed == FLOOD:
            expected = f"of {FLOOD:,} messages in a row the later ones are refused"
            raise Wrong(expected, "every one was answered", "flood_taken")
        if passed < STALL:
            expected = f"{STALL} messages at once are taken: they are what waits after 2 s without a network"
            raise Wrong(expected, f"only {passed} were; then: {short(fast.refusal)}", "small_burst")
        passed = await fast.walked(WALKED, PER_SECOND)
        if passed < WALKED:
            expected = f"{PER_SECOND} messages a second are taken, since walking needs as many"
            saw = f"in {WALKED / PER_SECOND:.0f} seconds {WALKED - passed} of {WALKED} were refused: "
            raise Wrong(expected, saw + short(fast.refusal), "slow_rate")


@check.part("the client believes the right certificate, and no other", todo="14.5")
async def believes(lab: Lab) -> None:
    """Rooms with a good certificate, one of an unknown authority, and one that is somebody else's."""
    with certificates() as pems:
        good, unknown = pems.for_server(), pems.for_server(stranger=True)
        system, elsewhere = "of an authority that this system", pems.for_server(ELSEWHERE)
        tries: tuple[Try, ...] = (
            (True, "ca", good, pems.ca, None, "of the authority that --ca names"),
            (True, "system", good, None, pems.ca, f"{system} knows, without --ca"),
            (False, "any", unknown, pems.ca, None, "of another authority than --ca names"),
            (False, "any", good, None, None, f"{system} does not know, without --ca"),
            (False, "both", unknown, pems.ca, pems.strangers, f"{system} knows, and --ca does not name"),
            (False, "name", elsewhere, pems.ca, None, f"made out to {ELSEWHERE}"),
        )
        visits = (visited(lab, context, ca, known) for _, _, context, ca, known, _ in tries)
        for (wanted, which, *_, what), came in zip(tries, await asyncio.gather(*visits), strict=True):
            if came != wanted:
                expected = f"the client {'joins' if wanted else 'refuses'} a room with a certificate {what}"
                saw = "it joined" if came else "it did not join"
                raise Wrong(expected, saw, f"{'fooled' if came else 'not_believed'}_{which}")


@check.part("GET /health tells a watchdog how the room does", after=[plain], todo="14.6")
async def healthy(lab: Lab) -> None:
    """An empty room is healthy; players are counted, and neither named nor mixed up with spectators."""
    async with room(lab) as (_, port), stranger(port) as ada, stranger(port) as eve, stranger(port) as ben:
        first = facts(await get(port, "/health"), players=0)
        came = await ada.hello("Ada-at-home")
        await eve.hello("Eve", spectator=True)
        page = await get(port, "/health")
        tick = facts(page, players=1, also=", and one watches")["tick"]
        later = await ben.hello("Ben")
        if not came.get("tick", 0) <= tick <= later.get("tick", tick):
            saw = f"it is {tick}; Ada joined before at tick {came['tick']}, Ben afterwards at {later['tick']}"
            raise Wrong('"tick" is the tick of the room', saw, "other_tick")
        if b"Ada-at-home" in page.body:
            raise Wrong("anybody may read /health, so no player's name is in it", page.text, "names")
        facts(await get(port, "/health"), players=2)
        if not await newer(port, first["tick"]):
            raise Wrong("the tick grows, as long as the game goes on", f"it stays at {first['tick']}", "lies")


def facts(page: Answer, *, players: int, also: str = "") -> dict[str, Any]:
    """What a health page says. Raises `Wrong`: it does not say what it should."""
    expected = f'GET /health: 200, and JSON with "status": "ok", "tick" and "players": {players}'
    when = f" while {players or 'nobody'} play{'' if players > 1 else 's'}{also}"
    if page.status != 200:
        raise Wrong(expected, f"HTTP {page.status}{when}", "ill")
    try:
        found = json.loads(page.body)
        status, numbers = found["status"], (found["tick"], found["players"])
    except (ValueError, KeyError, TypeError) as error:
        saw = f"lacks {error}" if isinstance(error, KeyError) else "is no JSON object"
        symptom = "lacks_a_fact" if isinstance(error, KeyError) else "no_json"
        raise Wrong(expected, f"the page {saw}: {page.text}", symptom) from None
    if not all(type(number) is int for number in numbers):
        raise Wrong(f"{expected}, which are numbers", page.text, "no_numbers")
    if (status, numbers[1]) != ("ok", players):
        raise Wrong(expected, f"{page.text}{when}", "lies" if status == "ok" else "ill")
    return dict(found)


@check.part("when the server ends, everybody gets a goodbye", after=[plain], todo="14.7", early=True)
async def goodbye(lab: Lab) -> None:
    """By SIGTERM, and since its time is over: close code 1001, exit code 0, soon."""
    await all_of(ends(lab, "at SIGTERM"), ends(lab, "at the end of --seconds", "--seconds", SOON))


async def ends(lab: Lab, when: str, *flags: object) -> None:
    """Wait for one end; without flags it is asked for. Raises `Wrong`: it is not as it should be."""
    async with room(lab, *flags) as (program, port), stranger(port) as ada, stranger(port) as ben:
        await asyncio.gather(ada.hello("Ada"), ben.hello("Ben"))
        if not flags:
            program.terminate()
        await asyncio.gather(ada.ended(), ben.ended())
        code = await program.ended(END_SECONDS + PATIENCE)
        if code is None:
            saw = f"it still runs {END_SECONDS + PATIENCE:.0f} seconds later"
            raise Wrong(f"{when} the server ends soon", saw, "never_ends")
        if (ada.code, ben.code) != (1001, 1001):
            expected = f"{when} every player gets a goodbye: close code 1001; then the server ends"
            saw = f"the connections ended with {ada.code} and {ben.code}, the server with {ended(code)}"
            raise Wrong(expected, saw, "killed" if code < 0 else "cut" if not flags else "cut_in_time")
        if code != 0:
            raise Wrong(f"{when} the server has done nothing wrong: exit code 0", ended(code), "bad_end")


@check.part("a port that is taken is told in one sentence", after=[plain])
async def taken(lab: Lab) -> None:
    """A second server wants the same port; this rests on no TODO."""
    async with room(lab) as (_, port), lab.program("server", "--host", HERE, "--port", port) as second:
        await told(second, "a port that is taken", str(port))


async def told(program: Program, problem: str, *words: str) -> None:
    """Wait until a server has ended because of a problem, which it names in a sentence.

    Raises:
        Wrong: it does not.
    """
    code = await program.ended(2 * PATIENCE)
    text, expected = " ".join(program.lines), f"{problem} is told in one sentence, and the exit code is 2"
    if code is None:
        raise Wrong(expected, f"it still runs after {2 * PATIENCE:.0f} seconds", "opened_all_the_same")
    if code != 2 or "Traceback" in text:
        crash = program.trouble("crashed")
        said = f"{ended(code)}, and at the end: {last_words(program)}"
        saw = f"it ended with {crash.name}" if crash else said
        raise Wrong(expected, saw, "not_told")
    if missing := [word for word in words if word not in text]:
        expected = f"{problem} is told in one sentence, which names {' and '.join(words)}"
        raise Wrong(expected, f"{' and '.join(missing)} is not in it: {last_words(program)}", "not_named")


async def all_of(*looks: Coroutine[Any, Any, None]) -> None:
    """Look at some things at once; what is wrong with the first of them counts."""
    for outcome in await asyncio.gather(*looks, return_exceptions=True):
        if outcome:
            raise outcome


def last_words(program: Program) -> str:
    """The last line that a program printed."""
    return next((line for line in reversed(program.lines) if line.strip()), "none")


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


async def join_over_tls(port: int, pems: Certificates) -> None:
    """Join their room as a client that believes our authority. Raises `Wrong`: it does not work."""
    expected = "a client that believes the certificate's authority joins by wss://"
    context = ssl.create_default_context(cafile=pems.ca)
    try:
        async with netlib.connect(f"wss://{HERE}:{port}", ssl=context, reconnect_time=0):
            return
    except netlib.NetlibError as error:
        if await knock(port, "") == 101:
            raise Wrong(expected, "the server still speaks ws://, without TLS", "still_plain") from error
        raise Wrong(expected, f"the two do not get together: {error}", "no_handshake") from error


async def answered(port: int, password: str) -> dict[str, Any]:
    """What a hello with this password gets."""
    async with stranger(port) as one:
        return await one.hello("Ada", **({"password": password} if password else {}))


async def newer(port: int, tick: int) -> bool:
    """Wait until the health page has a later tick; False when it does not come."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while json.loads((await get(port, "/health")).body)["tick"] <= tick:
                await asyncio.sleep(0.05)
            return True
    return False


async def visited(lab: Lab, context: ssl.SSLContext, ca: Path | None, known: Path | None) -> bool:
    """Whether their client comes into a room of ours that shows this certificate; else it has ended.

    Args:
        ca: what its --ca names; None for --tls alone.
        known: where OpenSSL finds the authorities of the system.
    """
    environ = {"SSL_CERT_FILE": str(known)} if known else {}
    came: list[netlib.Joined] = []
    server = netlib.Server("The check", host=HERE, port=0, input_type=Move, ssl=context, discoverable=False)
    world = World(seed=1)
    Attendance(server, world)
    server.on(netlib.Joined, came.append)
    server.on_tick(lambda dt: server.publish(world.state))
    async with server:
        arguments = ("--host", HERE, "--port", server.port, *(("--ca", ca) if ca else ("--tls",)))
        async with lab.program("client", *arguments, window=True, environ=environ) as program:
            await program.until(lambda: came or program.exit_code is not None, 4 * PATIENCE)
            return bool(came)
