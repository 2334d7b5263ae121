"""The class as the host knows it: the places, and the laptops that wait for one that is taken.

Pure: no clock, no file, no socket. The time is given, in seconds since 1970.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from netlib.errors import RequestFailed
from netlib.session.names import name_key, name_problem, tidy
from workshop.instructor.classroom.news import News
from workshop.instructor.classroom.place import Place, State, after, swapped

MAX_PLACES = 500
CLAIM_SECONDS = 10.0  # of silence, after which a laptop that waits for a place has given up
FORGOTTEN_KEPT = 1000  # places that the host has removed, and that we remember as such


class Attendee(msgspec.Struct, frozen=True):
    """One attendee as the board shows it.

    Args:
        step: its id; empty before the first.
        words: what they are stuck with.
        seconds: since the state began.
        passed: the ids of the steps that they have passed.
        player: the number of the player whom their window has named as theirs; 0 for none.
    """

    nickname: str
    step: str
    state: State
    words: str
    seconds: float
    passed: frozenset[str] = frozenset()
    player: int = 0


class _Waiting(msgspec.Struct, frozen=True):
    proof: str
    address: str
    asked: float


class Register:
    """The attendees of the class. What cannot be done raises RequestFailed; its text says why.

    Args:
        steps: ids of all steps; news about others is ignored.
        places: those from an earlier hour.
        rested: how many of the seconds between two times the class did not work.
    """

    def __init__(
        self,
        steps: Collection[str],
        places: Iterable[Place] = (),
        *,
        rested: Callable[[float, float], float] = lambda begin, end: 0.0,
    ) -> None:
        self._steps, self._rested = frozenset(steps), rested
        self._places = {name_key(place.nickname): place for place in places}
        self._waiting: dict[str, _Waiting] = {}
        self._forgotten: dict[str, None] = {}
        self._swapped = set[str]()  # the proofs of laptops whose place another one has got
        self._players: dict[str, int] = {}  # by the proof of their attendee

    @property
    def places(self) -> list[Place]:
        """All places, in the order in which they were taken."""
        return list(self._places.values())

    def at(self, nickname: str) -> Place | None:
        """The place of that nickname, if there is one."""
        return self._places.get(name_key(nickname))

    def attendees(self, now: float) -> list[Attendee]:
        """All attendees, as the board shows them."""
        return [
            Attendee(
                place.nickname,
                place.step,
                place.state,
                place.words,
                max(0.0, now - place.since),
                place.passed,
                self._players.get(place.proof, 0),
            )
            for place in self._places.values()
        ]

    def claims(self, now: float) -> dict[str, str]:
        """Taken places for which another laptop waits: nickname, and the address of that laptop."""
        return {
            self._places[key].nickname: waiting.address
            for key, waiting in self._waiting.items()
            if key in self._places and self._waits(waiting, now)
        }

    # What attendees ask for.

    def join(self, nickname: str, token: str, now: float, address: str = "") -> Place | None:
        """Take a place, or take one's own place again, whatever the host calls it now.

        Returns:
            The place; None if another attendee has it, and the host must agree.

        Raises:
            RequestFailed: the nickname cannot be shown, the class is full, the host has removed the attendee,
                or another laptop waits for that place already.
        """
        _check_nickname(nickname, "your nickname")
        proof = proof_of(token)
        self._refuse_forgotten(proof)
        key = self._place_of(proof, nickname) or name_key(nickname)
        place = self._places.get(key) or self._new(nickname, proof, now)
        if not hmac.compare_digest(place.proof, proof):
            self._wait(key, proof, now, address)
            return None
        if key in self._waiting and self._waiting[key].proof == proof:
            del self._waiting[key]  # the place became free meanwhile
        self._places[key] = place
        return place

    def tell(self, nickname: str, token: str, news: Sequence[News], now: float) -> Place:
        """Take an attendee's news; those that were heard before change nothing."""
        key = self._own(nickname, token)
        for each in news:
            place = self._places[key]
            if each.number > place.heard:
                known = each.step in self._steps or (not each.step and each.what != "check")
                worked = self._worked(each, now)
                self._places[key] = after(place, worked, now) if known else replace(place, heard=each.number)
        return self._places[key]

    def plays(self, nickname: str, token: str, player: int) -> None:
        """Note which player an attendee is."""
        self._players[self._places[self._own(nickname, token)].proof] = player

    def leave(self, nickname: str, token: str) -> str:
        """Delete a place, if there is one and it is theirs. Returns the nickname that it had."""
        if name_key(nickname) in self._places or self._place_of(proof_of(token), nickname):
            place = self._places.pop(self._own(nickname, token))
            self._players.pop(place.proof, None)
            return place.nickname
        return nickname

    # What the host decides.

    def agree(self, nickname: str, now: float) -> Place:
        """Give a place to the laptop that waits for it; the one that had it loses it."""
        key = name_key(nickname)
        waiting = self._waiting.pop(key, None)
        if waiting is None or key not in self._places or not self._waits(waiting, now):
            raise RequestFailed("no_claim", f'nobody waits for the place of "{nickname}" any more')
        self._swapped.add(self._places[key].proof)
        self._places[key] = swapped(self._places[key], waiting.proof)
        return self._places[key]

    def rename(self, nickname: str, name: str) -> Place:
        """Give an attendee another nickname that nobody has; their laptop hears of it with its next news."""
        _check_nickname(name, "the nickname")
        before, key = self._key(nickname), name_key(name)
        if key != before and key in self._places:
            raise RequestFailed("taken", f'somebody else is in the class as "{self._places[key].nickname}"')
        self._places = {(key if at == before else at): place for at, place in self._places.items()}
        self._places[key] = replace(self._places[key], nickname=tidy(name))
        return self._places[key]

    def forget(self, nickname: str) -> None:
        """Remove a place and all that the class knows of it; that laptop does not get in again on its own."""
        place = self._places.pop(self._key(nickname))
        self._forgotten[place.proof] = None
        self._players.pop(place.proof, None)
        if len(self._forgotten) > FORGOTTEN_KEPT:
            del self._forgotten[next(iter(self._forgotten))]

    def lower(self, nickname: str, now: float) -> Place:
        """Lower an attendee's hand, if it is up."""
        place = self._places[key := self._key(nickname)]
        if place.hand:
            self._places[key] = replace(place, hand=False, words="", since=now)
        return self._places[key]

    def _key(self, nickname: str) -> str:
        if (key := name_key(nickname)) not in self._places:
            raise RequestFailed("no_place", f'nobody is in the class as "{nickname}"')
        return key

    def _worked(self, news: News, now: float) -> News:
        """The news without the time that the class did not work."""
        at = now - news.ago
        return replace(news, seconds=max(0.0, news.seconds - self._rested(at - news.seconds, at)))

    def _place_of(self, proof: str, nickname: str) -> str:
        """The key of the place that a laptop has, if need be under another nickname; empty if it has none."""
        own = [key for key, place in self._places.items() if hmac.compare_digest(place.proof, proof)]
        return name_key(nickname) if name_key(nickname) in own else next(iter(own), "")

    def _new(self, nickname: str, proof: str, now: float) -> Place:
        if len(self._places) >= MAX_PLACES:
            raise RequestFailed("class_full", f"the class is full: it has {MAX_PLACES} places")
        return Place(tidy(nickname), proof, since=now)

    def _wait(self, key: str, proof: str, now: float, address: str) -> None:
        self._waiting = {at: waiting for at, waiting in self._waiting.items() if self._waits(waiting, now)}
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = _Waiting(proof, address, now)
        elif not hmac.compare_digest(waiting.proof, proof):
            raise RequestFailed("claimed", "somebody else waits for this place; take another nickname")
        self._waiting[key] = replace(waiting, asked=now)

    def _waits(self, waiting: _Waiting, now: float) -> bool:
        """Whether the laptop has asked lately, and may have a place at all."""
        return now - waiting.asked <= CLAIM_SECONDS and waiting.proof not in self._forgotten

    def _own(self, nickname: str, token: str) -> str:
        key, proof = name_key(nickname), proof_of(token)
        self._refuse_forgotten(proof)
        if own := self._place_of(proof, nickname):
            return own
        if key not in self._places and proof not in self._swapped:
            raise RequestFailed("no_place", "you are not in this class")
        raise RequestFailed("not_yours", "another laptop has this place in the class now")

    def _refuse_forgotten(self, proof: str) -> None:
        if proof in self._forgotten:
            raise RequestFailed("forgotten", "the host has removed you from the class")


def _check_nickname(name: str, called: str) -> None:
    if problem := name_problem(name):
        raise RequestFailed("nickname", problem.replace("your name", called, 1))


def proof_of(token: str) -> str:
    """A hash of a token, to keep in its place. A token is random, so one pass of hashing is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
