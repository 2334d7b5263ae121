"""What the check of step 12 says about each mistake."""

from __future__ import annotations

from collections.abc import Sequence

import netlib
from workshop.checking.lab import Lab
from workshop.checking.peers.comebacks import Entered
from workshop.checking.program import Program, first
from workshop.checking.verdict import Place, Wrong

REFUSED = (netlib.RequestFailed, netlib.ConnectionLost, TimeoutError)


def in_enter(lab: Lab) -> Place | None:
    """Where the server decides who somebody is."""
    return lab.stage.find("session.py", r"def enter") or lab.stage.find("server.py", r"def enter")


def in_sessions(lab: Lab, pattern: str) -> Place | None:
    """A line of session.py, or of server.py."""
    return lab.stage.find("session.py", pattern) or lab.stage.find("server.py", pattern)


def somebody_else(lab: Lab, shown: str, name: str, id: int, other: int) -> Wrong:
    """Somebody got another one's player."""
    return Wrong(
        "who does not show a token of this server is a newcomer",
        f"{name} showed {shown}, and the server said: you are player {id}"
        + (", which is Ada" if id == other else ", who is back"),
        "a token is taken for that of a session which it does not equal",
        place=in_sessions(lab, r"startswith|\bin session\.token|token in |lower\(\)|== *token|\.get\(token"),
        hint="a session is resumed only when session.token == token; the empty text is never a token",
    )


def not_there(lab: Lab, saw: Sequence[int], expected: Sequence[int]) -> Wrong:
    """Not those players that should be there."""
    missing = sorted(set(expected) - set(saw))
    return Wrong(
        f"everybody sees the players {expected}",
        f"they see {saw}",
        "a player has been taken out, or was never put on the map"
        if missing
        else "one player too many stands",
        place=lab.stage.find("server.py", r"add_player|remove_player"),
        hint="add_player for a newcomer, nothing for who is back, remove_player when the grace time is over",
    )


def no_own_token(lab: Lab, token: str) -> Wrong:
    """There is none, or one for all."""
    return Wrong(
        "each newcomer gets a token of its own",
        f"two of them got {token!r}",
        "the token is made once, or not at all",
        place=in_sessions(lab, r"token\s*="),
        hint="make it anew in each call of enter: secrets.token_urlsafe(16)",
    )


def gone_at_once(lab: Lab, grace: float) -> Wrong:
    """The grace time is not kept."""
    return Wrong(
        f"who loses the connection stays for the grace time, here {grace:g} s",
        "the player was removed as soon as the connection had ended",
        "the end of the connection is taken for the end of the stay",
        place=in_sessions(lab, r"now -|overdue = |remove_player"),
        hint="note dropped_at = now, and look in each tick whether now - dropped_at >= grace_time",
    )


def stuck(lab: Lab, who: str) -> Wrong:
    """Inputs have no effect."""
    return Wrong(
        f"{who} can walk",
        "six inputs came, and it has not moved",
        "the inputs that come over this connection belong to no session",
        place=in_sessions(lab, r"peer_id"),
        hint="when a session is resumed, it goes over the new connection: session.peer_id = peer_id",
    )


def twin(lab: Lab, before: int, answer: Entered, *, twin: bool) -> Wrong:
    """Another number than before."""
    expected = f"who shows the token of player {before} is player {before}"
    if answer.resumed:
        return Wrong(
            expected,
            f"the server says that the stay goes on, and calls it player {answer.player_id}",
            "the session was found, and then got a new number",
            place=in_sessions(lab, r"player_id\s*=|next\(self\._ids\)"),
            hint="a new number is for newcomers only",
        )
    return Wrong(
        expected,
        f"it got player {answer.player_id}, with a score of 0"
        + (f"; player {before} still stands there: a twin" if twin else ""),
        "the token that comes with Enter is not looked up",
        place=in_enter(lab),
        hint="look for the session whose token it is, before you begin a new one",
    )


def begins_anew(lab: Lab, before: tuple[int, int], after: tuple[int, int]) -> Wrong:
    """The right number, and another place."""
    return Wrong(
        "who is back stands where it stood, with the score that it had",
        f"it stood at {before}, and now at {after}, with a score of 0",
        "who is back is put on the map like a newcomer",
        place=lab.stage.find("server.py", r"add_player"),
        hint="add_player only if the session was not resumed",
    )


def guessable(lab: Lab, token: str, what: str) -> Wrong:
    """A token without chance in it."""
    return Wrong(
        "a token is a secret: long, and made by chance",
        f"a player got the token {token!r}: {what}",
        "whoever can work the token out can come in as that player",
        place=in_sessions(lab, r"token\s*=|token_|random|uuid|hash"),
        hint="secrets.token_urlsafe(16) is made for this; the module random is not, it can be foreseen",
    )


def refused(lab: Lab, token: str, error: Exception) -> Wrong:
    """An unknown token is no reason to refuse anybody."""
    return Wrong(
        "who shows a token that the server does not know is a newcomer",
        f"the token {token!r} was refused: {error}",
        "after a restart the server knows no token, and so would refuse everybody who was there",
        place=in_enter(lab),
        hint="when no session has that token, begin a new one",
    )


def told_others(lab: Lab, kind: str) -> Wrong:
    """Somebody else was sent a token."""
    return Wrong(
        "a token is known to the server and to one client",
        f"Ada's token stood in a message of type {kind!r} that went to somebody else, who can now be Ada",
        "the token is a part of the state, which everybody gets to see"
        if kind == "snapshot"
        else "the answer to one client is sent to all of them",
        place=lab.stage.find("server.py", r"broadcast|token"),
        hint="the token belongs into the answer to Enter, and nowhere else",
    )


def thrown_out(lab: Lab) -> Wrong:
    """The old connection's end was taken for the new one's."""
    return Wrong(
        "Ada came back over a new connection; when her old one ends afterwards, she stays",
        "some time after the old connection had ended she was removed",
        "a connection that has ended is not compared with the one that the session goes over now",
        place=in_sessions(lab, r"def drop|dropped_at = now"),
        hint="drop a session only when its peer_id is that of the connection which has ended",
    )


def ghost(lab: Lab, grace: float) -> Wrong:
    """Nobody is ever removed."""
    return Wrong(
        f"after the grace time of {grace:g} s a player without a connection is removed",
        "it still stands there five seconds later, as a ghost",
        "nobody notes that the connection has ended, or nobody looks whether the time is over",
        place=in_sessions(lab, r"def take_overdue|overdue = |overdue:"),
        hint="drop notes dropped_at = now; take_overdue returns who has now - dropped_at >= grace_time",
    )


def removed_though_back(lab: Lab) -> Wrong:
    """The grace time went on."""
    return Wrong(
        "who is back before the grace time is over stays",
        "it came back in time, and was removed all the same when the time was over",
        "the session still says since when it has no connection",
        place=in_sessions(lab, r"session\.peer_id"),
        hint="when it is resumed, dropped_at is inf again",
    )


def too_late(lab: Lab) -> Wrong:
    """A session that is over was resumed."""
    return Wrong(
        "who comes back after the grace time is a newcomer",
        "it was let in as the player that had been removed",
        "the session is still there, although its player is gone",
        place=in_sessions(lab, r"def take_overdue|overdue"),
        hint="take_overdue also takes the sessions out of the list",
    )


def never_came(lab: Lab, drawn: bool) -> Wrong:
    """The client does not connect."""
    return Wrong(
        "the client opens a window, and connects to the address of its command line",
        "nobody has connected" if drawn else "no frame was drawn",
        "the task that keeps the connection does not run",
        place=lab.stage.find("client.py", r"create_task|keep\("),
        hint="keep() runs as a task beside the window",
        sure=True,
    )


def not_back(lab: Lab, program: Program, times: int) -> Wrong:
    """It does not come (again)."""
    if program.exit_code is not None:
        return program.ended_early("when the connection is cut, the window stays, and the client comes back")
    return Wrong(
        "the client enters" if times == 1 else "after its connection was cut, the client comes back",
        "nobody came",
        "the loop that connects has ended, or waits for something that never happens",
        place=lab.stage.find("client.py", r"def keep"),
        hint="while True: stay, then wait for the pause that the backoff gives",
        sure=True,
    )


def wrong_token(lab: Lab, shown: Sequence[str], given: Sequence[str]) -> Wrong:
    """Not the one that it was given."""
    place = lab.stage.find("client.py", r"Enter\(")
    if shown[0]:
        return Wrong(
            "who comes for the first time shows an empty token",
            f"it showed {shown[0]!r}",
            "the client makes up a token itself",
            place=place,
            hint="only the server makes tokens; the client keeps what it gets",
            sure=True,
        )
    missing = next(token for token in shown[1:] if token not in given)
    return Wrong(
        f"after a cut the client shows the token that it was given, {given[0]!r}",
        f"it showed {missing!r}" if missing else "it showed an empty token, as if it had never been here",
        "the token is not kept, or not sent",
        place=place,
        hint="self.token = answer.token, and Enter(self.token) the next time",
        sure=True,
    )


def not_back_after_restart(lab: Lab, program: Program, came: bool) -> Wrong:
    """The new server is not accepted."""
    if program.exit_code is not None:
        return program.ended_early(
            "when the server is restarted, the window stays, and the client comes back"
        )
    return Wrong(
        "after a restart the client comes in as a newcomer, and shows the new player",
        "it came, but its window does not show that player" if came else "it did not come to the new server",
        "it sticks to what the first server said",
        place=lab.stage.find("client.py", r"def enter"),
        hint="what the server answers to Enter counts, each time",
        sure=True,
    )


def kept_the_old(lab: Lab, shown: Sequence[str], old: Sequence[str]) -> Wrong:
    """The token of the first server is shown for ever."""
    return Wrong(
        "the restarted server gave a new token, and that one counts from now on",
        f"after the next cut the client showed {shown[-1]!r}"
        + (", which is from before the restart" if shown[-1] in old else ""),
        "the first token is kept for ever, so this player is a newcomer each time",
        place=lab.stage.find("client.py", r"self\.token = |token"),
        hint="self.token = answer.token after each Enter, whatever it was before",
        sure=True,
    )


def frozen(lab: Lab, program: Program) -> Wrong:
    """No frames while it waits."""
    blocked = program.trouble("blocked")
    sleep = first([*lab.stage.calls("client.py", "time.sleep", "sleep")])
    return Wrong(
        "while the client waits for the next try, its window is drawn, and listens to keys",
        "between two tries hardly a frame was drawn: the window is frozen",
        "the wait keeps the whole event loop from running",
        place=sleep or (blocked.place if blocked else None),
        hint="await asyncio.sleep(pause): then the window has its turn meanwhile",
        sure=True,
    )


def says_nothing(lab: Lab) -> Wrong:
    """The window counts no time."""
    return Wrong(
        "the window says how many seconds it still takes to the next try",
        "it says 0.0 s all the time, and then nothing happens for some seconds",
        "next_try is not set before the wait",
        place=lab.stage.find("client.py", r"sleep\("),
        hint="self.next_try = netlib.clock() + pause",
        sure=True,
    )


def does_not_close(lab: Lab) -> Wrong:
    """Esc is of no use."""
    return Wrong(
        "Esc closes the window at once, also while the client waits",
        "five seconds later the program still runs",
        "something still waits for the pause to be over",
        place=lab.stage.find("client.py", r"sleep|to_thread|Thread\(|cancel\(|suppress|except"),
        hint="wait with await asyncio.sleep, and let it be cancelled",
        sure=True,
    )


def told(gaps: Sequence[float]) -> str:
    """Pauses, in words."""
    return ", ".join(f"{gap:.2f}" for gap in gaps) + " s"


def no_limit(lab: Lab, gaps: Sequence[float], longest: float) -> Wrong:
    """They grow for ever."""
    return Wrong(
        f"no pause is longer than --longest-pause, here {longest:g} s",
        f"the pauses were {told(gaps)}",
        "they double without end: after ten tries one waits for minutes, although the server is back",
        place=lab.stage.find("session.py", r"\*\*|\* 2|<<|uniform|random"),
        hint="min(self.longest, …)",
        sure=True,
    )


def no_pause(lab: Lab, gap: float, pause: float) -> Wrong:
    """One try right after the other."""
    return Wrong(
        f"with pauses of {pause:g} s, at least half of that lies between two tries",
        f"the next try came after {gap:.2f} s",
        "a tight loop: nothing waits before the next try, and a server that restarts is run over",
        place=lab.stage.find("client.py", r"def keep"),
        hint="in keep: pause = self.backoff.next(), and await asyncio.sleep(pause)",
        sure=True,
    )


def too_fast(lab: Lab, gaps: Sequence[float]) -> Wrong:
    """They are too short."""
    return Wrong(
        "each pause is up to twice as long as the one before, and at least half of that",
        f"the pauses were {told(gaps)}",
        "they stay short: they do not grow with the number of tries that have failed",
        place=lab.stage.find("session.py", r"def next"),
        hint="self.first * 2 ** (self.tries - 1): and is tries counted up, and never set back in between?",
        sure=True,
    )


def no_growth(lab: Lab, gaps: Sequence[float], first: float) -> Wrong:
    """They are long from the beginning."""
    return Wrong(
        f"the first pause is at most --first-pause, here {first:g} s; they grow from there",
        f"the pauses were {told(gaps)}",
        "already the first one is as long as the longest, also for a short interruption",
        place=lab.stage.find("session.py", r"def next"),
        hint="min, not max: the smaller of the longest and of first · 2 · 2 · …",
        sure=True,
    )


def no_chance(lab: Lab, shortest: float, longest: float) -> Wrong:
    """All clients of a server come back at the same moment."""
    return Wrong(
        "a part of each pause is left to chance",
        f"of all long pauses the shortest was {shortest:.2f} s, the full length of {longest:g} s",
        "without jitter all the clients of a server that restarts come back in one wave, again and again",
        place=lab.stage.find("session.py", r"return .*pause|def next"),
        hint="random.uniform(pause / 2, pause)",
        sure=True,
    )


def not_reset(lab: Lab, pause: float, first: float) -> Wrong:
    """The count goes on over connections that were good."""
    return Wrong(
        f"after a connection that was good the pauses begin anew, with {first:g} s at most",
        f"after a cut it took {pause:.2f} s",
        "the tries that failed long ago still count",
        place=lab.stage.find("client.py", r"def enter"),
        hint="self.backoff.tries = 0 as soon as the server has let us in",
        sure=True,
    )


def lost_score(lab: Lab, before: int, scores: dict[int, int]) -> Wrong:
    """The two programs do not fit together."""
    return Wrong(
        f"a player with {before or 'some'} points pulls the cable, and is back with them, alone",
        "now the other window sees " + (" and ".join(f"{s} points" for s in scores.values()) or "nobody"),
        "client and server do not agree about the token",
        place=lab.stage.find("client.py", r"Enter\("),
        hint="follow the token: made in session.py, sent by server.py, kept and shown by client.py",
        sure=True,
    )
