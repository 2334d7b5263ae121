"""What may be behind the failures of step 12."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import either, has, lacks, ordered, saw, unless

ENTER, DROP, OVERDUE = "Sessions.enter", "Sessions.drop", "Sessions.take_overdue"
KEEP, NEXT = "Link.keep", "Backoff.next"
SECRET = "token = secrets.token_urlsafe(16), a new one for each newcomer"
GOES_ON = "when a session is resumed: session.peer_id, session.dropped_at = peer_id, inf"
REBUILT = has("replace(...)", "msgspec.structs.replace(...)", "Session(_.player_id, ...)", inside=ENTER)
DOUBLES = "min(self.longest, self.first * 2 ** (self.tries - 1)): once, twice, 4 times, 8 times the first"
HALF = "random.uniform(pause / 2, pause)"
COUNTDOWN = "self.next_try = netlib.clock() + pause, before the wait"
KEPT = "self.token = answer.token after each Enter, whatever it was before"

CAUSES = [
    Cause(
        "somebody_else",
        "a part of a token counts as the whole, and the empty text is a part of every token",
        "session.token == token",
        has("token in _.token", "_.token.startswith(_)", "token.startswith(_)", inside="Sessions"),
        about="",
    ),
    Cause(
        "twin",
        "nothing looks for the session that has the token which a client shows",
        "for session in self._sessions: if session.token == token, it is that one",
        lacks(
            *(
                "_.token == _",
                "_ == _.token",
                "_.token is _",
                "_ is _.token",
                "_.token != _",
                "token in _",
                "_[token]",
                "_.get(token, ...)",
            ),
            *("_.pop(token, ...)", "_.compare_digest(...)", "compare_digest(...)"),
        ),
    ),
    Cause(
        "twin",
        "`drop` takes the session away, so that its token is unknown when the player comes back",
        "let it stay in the list, with session.dropped_at = now; take_overdue takes it out later",
        has(
            *("self._sessions.remove(_)", "self._sessions = _", "self._sessions.pop(...)"),
            "del self._sessions[_]",
            inside=DROP,
        ),
        unless(has("self._sessions.append(_)", inside=DROP)),
    ),
    Cause(
        "half_open twin",
        "`enter` goes by dropped_at, but a lost connection is often noticed late",
        "the token is enough: the client that shows it is that player, lost connection or not",
        has("_.dropped_at != _", "_.dropped_at < inf", "isfinite(_.dropped_at)", inside=ENTER),
    ),
    Cause(
        "begins_anew",
        "add_player is called for every client that enters: it puts a player who is back on the map again",
        "if not resumed: self.world.add_player(…)",
        has("_.add_player(...)", inside="Game.enter"),
        lacks("if _: _.add_player(...)", inside="Game.enter"),
        unless(has("if resumed: ...")),
    ),
    Cause(
        "stuck",
        "`enter` leaves the session's peer_id as it is: it still goes over the old connection",
        GOES_ON,
        lacks("_.peer_id = _", "_.peer_id, _ = _", "_, _.peer_id = _", "_[peer_id] = _", inside=ENTER),
        unless(REBUILT),
    ),
    Cause(
        "removed_though_back",
        "`enter` leaves the session's dropped_at as it is, so that its grace time goes on",
        GOES_ON,
        lacks("_.dropped_at = _", "_.dropped_at, _ = _", "_, _.dropped_at = _", inside=ENTER),
        has("_.dropped_at = _", inside=DROP),
        unless(REBUILT),
    ),
    Cause(
        "gone_at_once",
        "`take_overdue` does not look at grace_time",
        "a session is overdue if now - session.dropped_at >= self.grace_time",
        lacks("self.grace_time", inside=OVERDUE),
        unless(has("_ + self.grace_time")),
    ),
    Cause(
        "gone_at_once odd_players ghost",
        "the difference is the wrong way round: less than 0 for a player who is away, endless for all others",
        "now - session.dropped_at",
        has("_.dropped_at - now", inside=OVERDUE),
    ),
    Cause(
        "too_late",
        "`take_overdue` returns the sessions that are over, and leaves them in the list",
        "self._sessions = [session for session in self._sessions if session not in overdue]",
        lacks("self._sessions = _", "self._sessions[:] = _", "_.remove(_)", "_.pop(...)", inside=OVERDUE),
    ),
    Cause(
        "thrown_out",
        "`drop` takes the end of an old connection for the end of the connection that the session uses now",
        "drop a session only if its peer_id is that of the connection which has ended",
        about=DROP,
    ),
    Cause(
        "refused",
        "a token that is not known is refused, and after a restart the server knows no token",
        "when no session has the token, begin a new one",
        either(has("raise _", inside=ENTER), has("raise _", inside="Game.enter")),
    ),
    Cause(
        "certain",
        "nothing in it is random: anyone who knows who is there knows all tokens",
        SECRET,
        saw("."),
    ),
    Cause(
        "foreseeable",
        "the token comes from the module random: anyone who sees some of its numbers can work out the next",
        SECRET,
        has(
            *(
                "random.choices(...)",
                "random.choice(...)",
                "random.randint(...)",
                "random.randrange(...)",
            ),
            *("random.getrandbits(...)", "random.randbytes(...)", "random.sample(...)", "choices(...)"),
            file="session.py",
        ),
    ),
    Cause(
        "foreseeable alike",
        "the time makes the token, and everybody has a clock",
        SECRET,
        has("time.time()", "time.time_ns()", "time()", "uuid.uuid1()", "uuid1()", file="session.py"),
    ),
    Cause(
        "told",
        "the token is in the state, which everybody is sent",
        "the token belongs in the answer to Enter, and nowhere else",
        saw("'snapshot'"),
    ),
    Cause(
        "gives_up not_back",
        "the loop in `keep` ends here, and with it the client's way back",
        "note the reason, and go on: the next round of the loop is the next try",
        has("break", "return", inside=KEEP),
    ),
    Cause(
        "at_zero",
        "nothing sets next_try",
        COUNTDOWN,
        lacks("self.next_try = _", "self.next_try, _ = _", "_, self.next_try = _", inside="Link"),
        about="",
    ),
    Cause(
        "at_zero other_time",
        "next_try is set only after the wait",
        COUNTDOWN,
        ordered("await asyncio.sleep(_)", "self.next_try = _", inside=KEEP),
    ),
    Cause(
        "other_time at_zero",
        "next_try is a time of another clock than netlib.clock, with which the window compares it",
        COUNTDOWN,
        has("self.next_try = time.time() + _", "self.next_try = _ + time.time()", inside=KEEP),
    ),
    Cause(
        "other_time too_long",
        "`next` is called twice for one pause: each call gives another length, and counts as a try",
        "pause = self.backoff.next(), and then use pause",
        ordered("self.backoff.next()", "self.backoff.next()", inside=KEEP),
    ),
    Cause(
        "esc_waits",
        "a thread cannot be cancelled: the program waits until it has ended",
        "await asyncio.sleep(pause) can be cancelled",
        has("asyncio.to_thread(...)", "_.run_in_executor(...)", inside="Link"),
        about="",
    ),
    Cause(
        "too_short",
        "the pause grows by the same length each time",
        DOUBLES,
        has("_ * self.tries", "_ * (self.tries - _)", "self.tries * _", inside=NEXT),
    ),
    Cause(
        "too_short",
        "nothing in it makes a pause twice as long as the one before",
        DOUBLES,
        lacks(
            *("_ ** _", "_ * 2", "2 * _", "_ *= 2", "_ << _", "pow(...)", "_X + _X", "_X += _X"),
            inside="Backoff",
        ),
        about=NEXT,
    ),
    Cause(
        "too_short",
        "all of the pause is left to chance: it may be hardly any time at all",
        HALF,
        has(
            *("return random.uniform(0, _)", "return random.uniform(0.0, _)", "return uniform(0, _)"),
            *("return _ * random.random()", "return random.random() * _"),
            inside=NEXT,
        ),
    ),
    Cause(
        "too_long no_limit",
        "max gives the longer of the two: never less than the longest pause",
        "min(self.longest, …)",
        has("max(self.longest, _)", "max(_, self.longest)", inside=NEXT),
    ),
    Cause(
        "no_limit",
        "`next` does not look at `longest`: after ten tries a client waits for minutes",
        "min(self.longest, …)",
        lacks("self.longest", inside=NEXT),
    ),
    Cause(
        "too_long",
        "tries is 1 already when the first pause is made, and 2 ** 1 is 2",
        "2 ** (self.tries - 1)",
        either(
            ordered("self.tries += 1", "2 ** self.tries", inside=NEXT),
            ordered("self.tries += 1", "2 ** min(self.tries, _)", inside=NEXT),
        ),
        about=NEXT,
    ),
    Cause(
        "no_chance",
        "nothing in it is left to chance: all clients of a server that restarts come back in one wave",
        HALF,
        lacks(
            *("random._(...)", "random._", "uniform(...)", "random()", "_.uniform(...)", "_.random()"),
            inside="Backoff",
        ),
        about=NEXT,
    ),
    Cause(
        "wrong_token",
        "Enter is sent without the token",
        "Enter(self.token)",
        has("Enter()", file="client.py"),
    ),
    Cause(
        "wrong_token",
        "nothing keeps the token that the server answers with",
        KEPT,
        lacks("self.token = _", "self.token, _ = _", "_, self.token = _", inside="Link"),
        about="",
    ),
    Cause(
        "wrong_token forgets",
        "the client throws its token away",
        "keep it, whatever goes wrong: a server that does not know it makes a newcomer of the client",
        has('self.token = ""', inside="Link"),
        about="",
    ),
    Cause(
        "kept_the_old",
        "the first token is kept for ever, and no later one takes its place",
        KEPT,
        has("self.token or _", "if not self.token: self.token = _", inside="Link"),
        about="",
    ),
    Cause(
        "not_anew",
        "nothing sets the count of the tries back",
        "self.backoff.tries = 0, when the server has let the client in",
        has("self.backoff.next()", file="client.py"),
        lacks("_.tries = _", "self.backoff = _", "_.reset(...)", inside="Link"),
        about="",
    ),
]
