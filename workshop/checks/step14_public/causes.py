"""What may be behind the failures of step 14."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import either, has, lacks, negated, ordered, raised, saw

CONTEXT = "ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)"
ENVIRONMENT = 'password or os.environ.get(PASSWORD, "")'
DEFAULT = "ssl.create_default_context(cafile=ca or None)"
HEALTH = 'json_page({"status": "ok", "tick": server.tick, "players": len(server.players)})'

CAUSES = [
    Cause(
        "fooled_both",
        "load_verify_locations adds to what is believed, and that is already all that the system believes",
        "ssl.create_default_context(cafile=ca or None) believes the file alone, when there is one",
        needs=(has("_.load_verify_locations(...)", inside="trusted"), has("_.create_default_context()")),
        about="trusted",
    ),
    Cause(
        "ended_early",
        "the program cannot do without the environment variable, and the room should be open then",
        ENVIRONMENT,
        needs=(raised("KeyError", "GEM_RUSH_PASSWORD"),),
    ),
    Cause(
        "asks_for_password",
        "a password is in the code: everybody who reads the program knows it",
        f'{ENVIRONMENT}: the room is open when there is none, ""',
        needs=(has("os.environ.get(_, _A)", "os.getenv(_, _A)", inside="guarded"),),
        refuted_by=(has('os.environ.get(_, "")', 'os.getenv(_, "")', "os.environ.get(_, password)"),),
        about="guarded",
    ),
    Cause(
        "too_narrow",
        "the message_size of the limits is smaller than what the game itself has to say",
        "200 characters of 12 bytes are 2,400 bytes, and there is a little around them: 4096",
        needs=(has("netlib.Limits(..., message_size=_)"),),
    ),
    Cause(
        "never_opens",
        "the certificate is loaded without its key",
        "context.load_cert_chain(cert, key)",
        needs=(has("_.load_cert_chain(_)", "_.load_cert_chain(certfile=_)", inside="certificate"),),
        about="certificate",
    ),
    Cause(
        "never_opens",
        "the two files are given the wrong way round: first comes the certificate, then the key",
        "context.load_cert_chain(cert, key)",
        needs=(has("_.load_cert_chain(key, cert)", inside="certificate"),),
        about="certificate",
    ),
    Cause(
        "still_plain",
        "guarded() does not ask certificate() for a TLS context",
        'options = {**others, "ssl": certificate(cert, key)}',
        needs=(
            lacks("certificate(...)", inside="guarded"),
            lacks("_.load_cert_chain(...)", inside="guarded"),
        ),
    ),
    Cause(
        "no_handshake",
        "the TLS context is one for a client: the two ends have different parts in the handshake",
        CONTEXT,
        needs=(
            has(
                "ssl.PROTOCOL_TLS_CLIENT",
                "ssl.create_default_context()",
                "ssl.create_default_context(ssl.Purpose.SERVER_AUTH)",
                "ssl.create_default_context(purpose=ssl.Purpose.SERVER_AUTH)",
                inside="certificate",
            ),
        ),
    ),
    Cause(
        "no_handshake",
        "the server asks every client for a certificate of its own, and players have none",
        "leave verify_mode of a server as it is",
        needs=(has("_.verify_mode = ssl.CERT_REQUIRED", inside="certificate"),),
        refuted_by=(has("ssl.PROTOCOL_TLS_CLIENT", inside="certificate"),),
    ),
    Cause(
        "not_told",
        "ssl.SSLError goes through to the terminal: the program has no words of its own for it",
        'except ssl.SSLError as error: raise netlib.StartError(f"{cert} and {key} …") from error',
        needs=(raised("SSLError"),),
    ),
    Cause(
        "not_told",
        "nothing catches netlib's errors, so that Python prints a traceback",
        "start(serve(…)) tells them in their own words",
        needs=(either(raised("StartError"), raised("PortInUse")),),
    ),
    Cause(
        "opened_all_the_same",
        "the error ends in certificate(), which returns None then: the room is opened without TLS",
        'raise netlib.StartError(f"{cert} and {key} …") from error',
        needs=(
            has("try: ...\nexcept ssl.SSLError: return None", "try: ...\nexcept OSError: return None"),
            negated(has("raise netlib.StartError(...)", inside="certificate")),
        ),
    ),
    Cause(
        "let_in_by_environment",
        "nothing reads the environment",
        ENVIRONMENT,
        needs=(lacks("os.environ", "os.getenv", "environ", "getenv"),),
    ),
    Cause(
        "let_in",
        "guarded() does nothing with the password that it is given",
        f'options["password"] = {ENVIRONMENT}',
        needs=(lacks("password", inside="guarded"),),
    ),
    Cause(
        "flag_ignored",
        "the environment wins over the command line",
        f"{ENVIRONMENT}: the second counts only when the first is empty",
        needs=(
            has(
                "os.environ.get(_, password)",
                "os.getenv(_, password)",
                "os.environ.get(...) or password",
                "os.getenv(_) or password",
                inside="guarded",
            ),
        ),
        about="guarded",
    ),
    Cause(
        "kept_out",
        "the password is changed on its way",
        f"{ENVIRONMENT}, as it is",
        needs=(has("_.lower()", "_.upper()", "_.title()", "_.casefold()", inside="guarded"),),
        about="guarded",
    ),
    Cause(
        "foreign_connects",
        '"*" stands for every site, and any page that a player has open could play in the player\'s name',
        'options["origins"] = origins; pages of the server\'s own host may connect all the same',
        needs=(has('"*"', inside="guarded"),),
    ),
    Cause(
        "null_connects",
        '"null" is what a file says, and a page in a sandbox; an attacker\'s page can be one',
        'options["origins"] = origins',
        needs=(has('"null"', inside="guarded"),),
    ),
    Cause(
        "site_kept_out",
        "guarded() does nothing with the sites that it is given",
        'options["origins"] = origins',
        needs=(lacks("origins", inside="guarded"),),
    ),
    Cause(
        "huge_taken",
        "the message_size of the limits allows that: with such messages a stranger fills the memory",
        "the game's longest message has about 2,500 bytes: message_size=4096",
        needs=(has("netlib.Limits(..., message_size=_)"),),
    ),
    Cause(
        "flood_taken",
        "nobody ever reaches these limits: one stranger keeps the server busy for all",
        "a player sends about 60 a second, and 300 after a pause: messages_per_second=100, message_burst=300",
        needs=(has("netlib.Limits(..., messages_per_second=_)", "netlib.Limits(..., message_burst=_)"),),
    ),
    Cause(
        "small_burst",
        "message_burst allows too few messages at once",
        "up to 300 wait after a pause of the network: message_burst=300",
        needs=(has("netlib.Limits(..., message_burst=_)"),),
    ),
    Cause(
        "slow_rate",
        "messages_per_second allows less than a player sends: 30 inputs a second, and as many answers",
        "messages_per_second=100",
        needs=(has("netlib.Limits(..., messages_per_second=_)"),),
    ),
    Cause(
        "ill",
        "a room in which nobody plays is told as ill: a watchdog would start it again and again",
        "an empty room is fine",
        needs=(saw("nobody plays"), has("if not _.players: ...", inside="health")),
        about="health",
    ),
    Cause(
        "no_json",
        "health() puts the text of the page together by itself, and a program cannot read it",
        HEALTH,
        needs=(
            has("Page(...)", inside="health"),
            lacks(
                "json_page(...)", "_.dumps(...)", "dumps(...)", "msgspec.json.encode(...)", inside="health"
            ),
        ),
        about="health",
    ),
    Cause(
        "no_numbers",
        "str() makes a text of a number, and a program cannot compare that with another number",
        HEALTH,
        needs=(has("str(_)", inside="health"),),
        about="health",
    ),
    Cause(
        "other_tick",
        "health() tells what a clock says, and a clock goes on when the room stands still",
        "server.tick",
        needs=(has("time.time()", "time.monotonic()", "_.time", "netlib.clock()", inside="health"),),
        refuted_by=(has("_.tick", inside="health"),),
        about="health",
    ),
    Cause(
        "other_tick lies",
        "the page is made once, when the server is made, and then shown again and again",
        'server.pages["/health"] = lambda: public.health(server) makes a new one for each request',
        needs=(has("_ = public.health(_)", inside="make_server"),),
        about="make_server",
    ),
    Cause(
        "lies",
        "server.peers has everybody in the room, also those who only watch",
        "len(server.players)",
        needs=(saw("watches"), has("len(_.peers)", inside="health")),
        about="health",
    ),
    Cause(
        "names",
        "health() tells the whole world who is here",
        "a watchdog needs to know how many play, and no name",
        needs=(has("_.name", inside="health"),),
        about="health",
    ),
    Cause(
        "killed",
        "SIGTERM kills the program in the middle of a word: asyncio.run listens to Ctrl-C alone",
        "start(serve(…)) makes a cancellation of SIGTERM and Ctrl-C; async with closes the room then",
        needs=(has("asyncio.run(...)", "asyncio.Runner(...)"), lacks("start(...)", file="server.py")),
        refuted_by=(has("signal.signal(...)", "_.add_signal_handler(...)"),),
    ),
    Cause(
        "cut cut_in_time",
        "os._exit ends the process at once: no finally, no async with, no goodbye",
        "let the coroutine end: what comes after the wait, and every finally, then runs",
        needs=(has("os._exit(...)"),),
    ),
    Cause(
        "cut cut_in_time",
        "nothing stops the room: the program ends, and players wait for a server that is gone",
        "async with server: around the waiting; it stops the room however the block ends",
        needs=(lacks("async with _: ...", "_.stop(...)", "_.stop", "keep_open(...)", file="server.py"),),
        refuted_by=(has("os._exit(...)"),),
    ),
    Cause(
        "cut",
        "server.stop() comes after the wait, and a cancellation ends serve() before it comes there",
        "async with server: around the waiting, or try and finally",
        needs=(
            ordered("stay(...)", "_.stop(...)", inside="serve"),
            negated(has("try: ...\nfinally: _.stop(...)", "async with _: ...", inside="serve")),
        ),
        about="serve",
    ),
    Cause(
        "bad_end",
        "serve() returns the exit code of a failure, and whatever watches the server starts it again",
        "return 0",
        needs=(saw("exit code 1$"), has("return 1", inside="serve")),
    ),
    Cause(
        "not_believed_ca",
        "trusted() does nothing with the file `ca`",
        DEFAULT,
        needs=(lacks("ca", inside="trusted"),),
    ),
    Cause(
        "not_believed_system",
        "without a file, trusted() loads no authority at all",
        DEFAULT,
        needs=(lacks("_.create_default_context(...)", "_.load_default_certs(...)", inside="trusted"),),
        about="trusted",
    ),
    Cause(
        "fooled_any fooled_name",
        "this verifies nothing: anybody on the way can be our server, and read the password",
        DEFAULT,
        needs=(
            has("ssl._create_unverified_context(...)", "_.verify_mode = ssl.CERT_NONE", inside="trusted"),
        ),
        about="trusted",
    ),
    Cause(
        "fooled_name",
        "the name in the certificate is not compared: anybody with any certificate can be our server",
        "leave check_hostname on, as create_default_context has it",
        needs=(has("_.check_hostname = False", inside="trusted"),),
        refuted_by=(has("_.verify_mode = ssl.CERT_NONE", inside="trusted"),),
        about="trusted",
    ),
]
