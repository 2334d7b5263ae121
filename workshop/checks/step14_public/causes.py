"""What the check of step 14 says about each mistake."""

from __future__ import annotations

import json
from typing import Any

from workshop.checking.lab import Lab
from workshop.checking.peers.stranger import Answer, Json
from workshop.checking.program import Program
from workshop.checking.verdict import Place, Wrong
from workshop.checks.findings import wrong


def short(answer: Json) -> str:
    """An answer in some words."""
    return " ".join(str(answer[key]) for key in ("type", "code", "message") if key in answer) or "nothing"


def of_option(lab: Lab, name: str) -> Place | None:
    """The line that sets an option of the room."""
    return lab.stage.find("public.py", rf'"{name}"\]|"{name}":|\b{name}=') or lab.stage.function(
        "public.py", "guarded"
    )


def not_open(lab: Lab, answer: Json) -> Wrong:
    """Without a password anywhere, a hello was not welcome."""
    if answer.get("code") == "password":
        return wrong(
            lab,
            "without a password on the command line or in the environment, nobody is asked for one",
            f'a hello was refused: "{answer.get("message")}"',
            "a password stands in the code: whoever can read the program knows it, and nobody can change it",
            place=lab.stage.find("public.py", r'password.*(or|,) *"[^"]'),
            hint='when the environment has none, the password is "", and the room is open',
        )
    return wrong(
        lab,
        "a hello is answered with welcome",
        f"it was answered with {short(answer)}",
        "the room does not let in who does nothing wrong",
        place=lab.stage.find("public.py", r"Limits\("),
        hint="look at what each option in guarded() asks of a client",
    )


def too_narrow(lab: Lab, heard: Json | None, code: int | None) -> Wrong:
    """What a player may say is refused."""
    saw = f"the answer was {short(heard)}" if heard else f"the connection was closed with code {code}"
    return wrong(
        lab,
        "a line of 200 characters gets through, also when each is written as \\ud83d\\ude00",
        saw,
        "the limit of a message is smaller than what the game itself has to say",
        place=lab.stage.find("public.py", r"Limits\("),
        hint="200 characters of 12 bytes are 2,400 bytes, and some more for the rest of the message: 4096",
    )


def key_forgotten(lab: Lab) -> Wrong:
    """With both in one file it works, so the key file is not used."""
    return wrong(
        lab,
        "with --cert and --key, two files, the server starts",
        "it ends; with a --cert that has the key in the same file, too, it starts",
        "the key is not loaded: a certificate without its key proves nothing",
        place=lab.stage.find("public.py", r"load_cert_chain"),
        hint="context.load_cert_chain(cert, key)",
        sure=True,
    )


def never_opens(lab: Lab, lines: list[str]) -> Wrong:
    """With a certificate it does not start at all."""
    return wrong(
        lab,
        "with --cert and --key, which fit, the server starts",
        f"it ends, and says: {lines[-1] if lines else 'nothing'}",
        "the two files are not loaded as what they are",
        place=lab.stage.find("public.py", r"load_cert_chain"),
        hint="context.load_cert_chain(cert, key)",
    )


def still_plain(lab: Lab) -> Wrong:
    """It speaks ws:// although it was given a certificate."""
    return wrong(
        lab,
        "with --cert and --key the server speaks TLS",
        "it still speaks ws://: everybody on the way can read along, passwords too",
        "no TLS context is made, or it is not among the options of the room",
        place=lab.stage.function("public.py", "certificate"),
        hint='certificate() returns an ssl.SSLContext, and guarded() puts it under "ssl"',
    )


def no_handshake(lab: Lab, error: Exception) -> Wrong:
    """It speaks something that is not what a TLS client wants."""
    return wrong(
        lab,
        "a client that believes the certificate's authority connects with wss://",
        f"the two find no way to talk: {error}",
        "the TLS context is not one for a server: clients and servers have different parts in the handshake",
        place=lab.stage.find("public.py", r"SSLContext\(|create_default_context\("),
        hint="ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)",
        sure=True,
    )


def not_told(lab: Lab, code: int | None, lines: list[str]) -> Wrong:
    """Files that do not fit ended in a traceback, or in nothing."""
    if (crash := lab.trouble("crashed")) and crash.name == "StartError":
        return errors_not_caught(lab, "one sentence that names both files, and exit code 2", code, str(crash))
    return wrong(
        lab,
        "a key that does not fit is told in one sentence that names both files; the exit code is 2",
        f"exit code {code}, and at the end: {lines[-1] if lines else 'nothing'}",
        "ssl.SSLError goes through to the terminal: it is no error that the program knows how to tell",
        place=lab.stage.find("public.py", r"load_cert_chain"),
        hint='except ssl.SSLError as error: raise netlib.StartError(f"{cert} and {key} …") from error',
        sure=True,
    )


def let_in(lab: Lab, answer: Json, variable: str, password: str) -> Wrong:
    """A wrong password, or none, opened the door."""
    with_what = f"with the password {password!r}" if password else "without any password"
    return wrong(
        lab,
        f"with {variable} set, a hello {with_what} is refused",
        f"the answer was {short(answer)}",
        f"the room does not ask for what stands in {variable}: it lets everybody in",
        place=of_option(lab, "password"),
        hint=f'options["password"] = password or os.environ.get({"PASSWORD"}, "")',
    )


def kept_out(lab: Lab, answer: Json, variable: str) -> Wrong:
    """The right password did not open the door."""
    return wrong(
        lab,
        f"who says the password of {variable} is let in",
        f"the answer was {short(answer)}",
        "the room asks for another password than the one in the environment",
        place=of_option(lab, "password"),
        hint='os.environ.get(PASSWORD, "") gives it as it is',
    )


def told(lab: Lab, program: Program, secret: str) -> Wrong:
    """The password stands in what the server prints."""
    return wrong(
        lab,
        "what the server prints can be shown to anybody",
        "the password stands in it",
        "a secret is printed or logged; logs are kept, sent and pasted into questions",
        place=lab.stage.find("public.py", r"print|log|say\(")
        or lab.stage.find("server.py", r"print|log\.|say\("),
        hint="say that there is a password, and not which",
    )


def flag_ignored(lab: Lab, answer: Json, variable: str) -> Wrong:
    """The environment won over the command line."""
    return wrong(
        lab,
        f"--password counts, also when {variable} is set",
        f"who says what was typed is answered {short(answer)}",
        "the environment goes before the command line: what was typed for this run is ignored",
        place=of_option(lab, "password"),
        hint="password or os.environ.get(…): the second counts only when the first is empty",
    )


def stranger_page(lab: Lab, origin: str) -> Wrong:
    """A page of a foreign site may connect."""
    kind = (
        "a file, or a page in a sandbox, says null; so does one of an attacker"
        if origin == "null"
        else "any page that a player has open can play in the player's name"
    )
    return wrong(
        lab,
        f"with --origin for another site, a page with Origin: {origin} gets HTTP 403",
        "it got 101: it may connect",
        f"more sites are allowed than those that were named: {kind}",
        place=of_option(lab, "origins"),
        hint='options["origins"] = origins; pages of the server\'s own host may always connect',
    )


def page_kept_out(lab: Lab, who: str, origin: str, status: int) -> Wrong:
    """Somebody who may connect is kept out."""
    return wrong(
        lab,
        f"{who} may connect" + (f" (Origin: {origin})" if origin else ""),
        f"it got HTTP {status}",
        "the sites that were named with --origin do not reach the room",
        place=of_option(lab, "origins"),
        hint='options["origins"] = origins',
    )


def huge_taken(lab: Lab, size: int, code: int | None) -> Wrong:
    """A huge message is read."""
    return wrong(
        lab,
        f"a message of {size:,} bytes ends its sender's connection with code 1009",
        f"the connection {'is still open' if code is None else f'ended with code {code}'}",
        "the room reads messages of any size: with some of them a stranger fills its memory",
        place=lab.stage.find("public.py", r"Limits\(|message_size"),
        hint="netlib.Limits(message_size=4096, …): the game's longest message has 2,500 bytes",
    )


def flood_taken(lab: Lab, number: int) -> Wrong:
    """Thousands of messages at once are all answered."""
    return wrong(
        lab,
        f"of {number:,} messages at once the later ones are refused (rate)",
        "every one was answered",
        "nobody reaches the limit of messages a second: one stranger keeps the server busy for all",
        place=lab.stage.find("public.py", r"Limits\(|messages_per_second"),
        hint="a player sends 60 to 70 a second: messages_per_second=100, message_burst=300",
    )


def others_harmed(lab: Lab, code: int | None) -> Wrong:
    """Who did nothing wrong was hurt."""
    return wrong(
        lab,
        "Ada, who did nothing wrong, goes on playing",
        f"she got no answer any more; her connection is {'open' if code is None else f'closed, code {code}'}",
        "what one client does wrong is not kept to its own connection",
        hint="leave it to netlib to close who breaks a limit",
    )


def health_of(lab: Lab, page: Answer, *, players: int) -> dict[str, Any]:
    """What a health page says.

    Raises:
        Wrong: it does not say what it should.
    """
    expected = f'GET /health: 200, JSON with "status": "ok", "tick", and "players": {players}'
    place = lab.stage.function("public.py", "health")
    if page.status != 200:
        raise wrong(
            lab,
            expected,
            f"status {page.status}" + (" in a room where nobody plays" if not players else ""),
            "the page says that a good room is ill: a watchdog would restart it, and again, for ever",
            place=place,
            hint="an empty room is healthy; answer 200 whenever the server can answer at all",
        )
    try:
        facts = json.loads(page.body)
        said = (facts["status"], isinstance(facts["tick"], int), facts["players"])
    except (ValueError, KeyError, TypeError):
        raise wrong(
            lab,
            expected,
            f"{page.kind}: {page.body[:60]!r}",
            "the page is not what a program can read: a watchdog needs facts, not a sentence",
            place=place,
            hint='json_page({"status": "ok", "tick": server.tick, "players": len(server.players)})',
        ) from None
    if said != ("ok", True, players):
        raise wrong(
            lab,
            expected,
            f"{page.body[:80].decode(errors='replace')}",
            "the facts on the page are not those of the room now",
            place=place,
            hint="len(server.players) counts who plays, each time that the page is asked for",
        )
    return dict(facts)


def names_told(lab: Lab, page: Answer) -> Wrong:
    """The page tells who plays."""
    return wrong(
        lab,
        "anybody may read /health, so no player's name is in it",
        f"{page.body[:90].decode(errors='replace')}",
        "the page tells the whole world who is here",
        place=lab.stage.function("public.py", "health"),
        hint="a number of players is enough for a watchdog",
    )


def time_stands(lab: Lab, facts: dict[str, Any]) -> Wrong:
    """The tick does not grow."""
    return wrong(
        lab,
        "the tick on the health page grows, as long as the game goes on",
        f"it stays at {facts['tick']}",
        "the page was made once, and is shown again and again",
        place=lab.stage.find("server.py", r"/health"),
        hint='server.pages["/health"] = lambda: public.health(server) makes it anew for each request',
    )


def no_goodbye(lab: Lab, code: int | None, exit_code: int) -> Wrong:
    """The players saw a cut."""
    expected = "at SIGTERM every player gets a goodbye: close code 1001; then the server ends with code 0"
    saw = f"the connections ended with {code}, the server with exit code {exit_code}"
    if exit_code < 0:
        return wrong(
            lab,
            expected,
            saw,
            "the signal kills the program in the middle of a word: nothing in it listens to SIGTERM",
            place=lab.stage.find("server.py", r"^\s*(start|asyncio\.run|.*Runner)\("),
            hint="start(serve(…)) makes a cancellation of SIGTERM and Ctrl-C; async with closes the room",
            sure=True,
        )
    if place := lab.stage.find("server.py", r"_exit\(") or lab.stage.find("public.py", r"_exit\("):
        return wrong(
            lab,
            expected,
            saw,
            "os._exit ends the process at once: no finally, no async with, no goodbye",
            place=place,
            hint="let the coroutine end: what stands behind the wait, and every finally, then runs",
            sure=True,
        )
    return wrong(
        lab,
        expected,
        saw,
        "the program ends, and the room is never stopped: players wait for somebody who is gone",
        place=lab.stage.find("server.py", r"server\.start\(|stay\("),
        hint="async with server: around the waiting; it stops the room however the block ends",
        sure=True,
    )


def never_ends(lab: Lab, seconds: float) -> Wrong:
    """SIGTERM has no effect."""
    return wrong(
        lab,
        "the server ends soon after SIGTERM",
        f"it still runs {seconds:.0f} seconds later",
        "the cancellation is caught, or something waits that nobody wakes",
        place=lab.stage.find("server.py", r"CancelledError|except|signal"),
        hint="let CancelledError through: catch it only to tidy up, and raise it again",
    )


def bad_end(lab: Lab, code: int) -> Wrong:
    """It ended with another code."""
    return wrong(
        lab,
        "a server that was asked to end has done nothing wrong: exit code 0",
        f"exit code {code}",
        "the end is told as an error: whoever watches the program starts it again",
        place=lab.stage.find("server.py", r"exit\(|raise|start\("),
        hint="return 0 from serve(), and start() does the rest",
    )


def taken_not_told(lab: Lab, code: int | None, lines: list[str]) -> Wrong:
    """A taken port ended in a traceback."""
    last = lines[-1] if lines else "nothing"
    return errors_not_caught(lab, "one sentence that names the port, and exit code 2", code, last)


def errors_not_caught(lab: Lab, expected: str, code: int | None, last: str) -> Wrong:
    """An error that has words for people ended in a traceback."""
    return wrong(
        lab,
        expected,
        f"exit code {code}, and at the end: {last}",
        "netlib's errors are not told as sentences: nobody catches them",
        place=lab.stage.find("server.py", r"start\(|asyncio\.run"),
        hint="start(serve(…)) tells netlib's errors in their own words",
        sure=True,
    )


def not_believed(lab: Lab) -> Wrong:
    """The right certificate is refused."""
    return wrong(
        lab,
        "with --ca, the client believes a certificate of that authority, and joins",
        "it did not come",
        "the file of --ca is not loaded as an authority to trust",
        place=lab.stage.function("public.py", "trusted"),
        hint="ssl.create_default_context(cafile=ca or None)",
    )


def fooled(lab: Lab, what: str, *, name_only: bool) -> Wrong:
    """The client joined a room that only says that it is the right one."""
    if name_only:
        return wrong(
            lab,
            "the client refuses a certificate that was made for another address",
            f"it joined a room with one {what}",
            "the name in the certificate is not compared: anybody with any certificate can be our server",
            place=lab.stage.find("public.py", r"check_hostname"),
            hint="leave check_hostname on, as create_default_context has it",
        )
    return wrong(
        lab,
        "the client refuses a certificate that it has no reason to believe",
        f"it joined a room with one {what}",
        "nothing is verified: whoever sits in between can read the password, and play the server",
        place=lab.stage.find("public.py", r"_create_unverified|CERT_NONE|verify_mode|PROTOCOL_TLS_CLIENT"),
        hint="ssl.create_default_context(cafile=ca or None)",
    )
