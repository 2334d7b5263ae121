"""The register keeps its promises, whatever attendees and strangers do."""

from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from netlib.errors import RequestFailed
from netlib.session.names import name_key
from workshop.instructor.classroom.news import News
from workshop.instructor.classroom.register import CLAIM_SECONDS, MAX_PLACES, Register, proof_of

STEPS = ("one", "two", "three")
OURS, THEIRS, THIRD = "a" * 20, "b" * 20, "c" * 20  # tokens
NICKNAMES = st.sampled_from(["Ada", " ADA ", "Zoë", "zoe\u0308"])  # of two people
TOKENS = st.sampled_from([OURS, OURS, THEIRS, THIRD])

NEWS = st.builds(
    News,
    number=st.integers(1, 4),
    what=st.sampled_from(["start", "check", "check", "stuck", "unstuck"]),
    step=st.sampled_from(["one", "two", "", "unknown"]),
    passed=st.booleans(),
)


@pytest.fixture
def register() -> Register:
    """Give a class in which Ada is."""
    register = Register(STEPS)
    register.join("Ada", OURS, 0.0)
    return register


def code(register: Register, what: str, *arguments: object) -> str:
    """Why the register refuses something; the test fails when it does not."""
    with pytest.raises(RequestFailed) as refused:
        getattr(register, what)(*arguments)
    assert str(refused.value)
    return refused.value.code


class TestJoining:
    """Who gets a place."""

    def test_a_free_nickname(self, register: Register) -> None:
        """Everybody gets a place of their own, in the order in which they came."""
        register.join("Ben", THEIRS, 7.0)
        assert [attendee.nickname for attendee in register.attendees(9.0)] == ["Ada", "Ben"]
        assert [attendee.seconds for attendee in register.attendees(9.0)] == [9.0, 2.0]

    @pytest.mark.parametrize("nickname", ["Ada", "ADA", "  ada", "Ａｄａ"])
    def test_once_more(self, register: Register, nickname: str) -> None:
        """Asking again changes nothing: the same token is the same attendee."""
        register.tell("Ada", OURS, [News(1, "start", "one")], 0.0)
        place = register.join(nickname, OURS, 5.0)
        assert place and (place.nickname, place.step, place.heard) == ("Ada", "one", 1)
        assert len(register.places) == 1

    @pytest.mark.parametrize(
        "nickname",
        ["", "   ", "a" * 21, "a\nb", "\u202eadA", "a\u200bb", "a\u0301\u0301\u0301", "x" * 10_240],
    )
    def test_what_is_no_nickname(self, register: Register, nickname: str) -> None:
        """What cannot be shown, or is too long, is refused with the reason."""
        assert code(register, "join", nickname, THEIRS, 0.0) == "nickname"

    def test_a_full_class(self) -> None:
        """No more than so many places; an attendee who has one still gets in."""
        register = Register(STEPS)
        for number in range(MAX_PLACES):
            register.join(f"attendee {number}", f"{number:020}", 0.0)
        assert code(register, "join", "one more", OURS, 0.0) == "class_full"
        assert register.join("Attendee 7", f"{7:020}", 0.0)


class TestTakenPlaces:
    """A swapped laptop takes its old place when the host agrees."""

    def test_waiting(self, register: Register) -> None:
        """A laptop that wants a taken place waits, and the host sees from where."""
        assert register.join("ada", THEIRS, 1.0, "10.0.0.7") is None
        assert register.join("ada", THEIRS, 3.0, "10.0.0.7") is None
        assert register.claims(4.0) == {"Ada": "10.0.0.7"}

    def test_the_host_agrees(self, register: Register) -> None:
        """The place goes over with all that is in it; the old laptop has none any more."""
        register.tell("Ada", OURS, [News(4, "check", "one", passed=True)], 0.0)
        register.join("ada", THEIRS, 1.0)
        register.agree("ADA", 2.0)
        place = register.join("ada", THEIRS, 3.0)
        assert place and (place.heard, place.state) == (4, "done")
        assert register.claims(3.0) == {}
        assert code(register, "tell", "Ada", OURS, [], 4.0) == "not_yours"
        assert register.join("Ada", OURS, 5.0) is None, "it may wait in turn"

    def test_agreed_under_another_nickname(self, register: Register) -> None:
        """The old laptop, which still has the old nickname, hears so, and makes no place of its own."""
        register.rename("Ada", "Ada L")
        register.join("Ada L", THEIRS, 1.0)
        register.agree("Ada L", 2.0)
        assert code(register, "tell", "Ada", OURS, [], 3.0) == "not_yours"
        register.join("Ada L", OURS, 4.0)
        register.agree("Ada L", 5.0)
        assert register.tell("Ada L", OURS, [], 6.0).nickname == "Ada L", "until it has the place again"

    def test_a_laptop_that_has_given_up(self, register: Register) -> None:
        """A laptop that stops asking stops waiting, and another may: one at a time, to agree clearly."""
        register.join("Ada", THEIRS, 0.0)
        later = CLAIM_SECONDS + 1
        assert register.claims(later) == {}
        assert code(register, "agree", "Ada", later) == "no_claim"
        register.join("Ada", THIRD, later)
        assert code(register, "join", "Ada", THEIRS, later) == "claimed"

    def test_nobody_waits(self, register: Register) -> None:
        """The host can agree to nothing else."""
        assert {code(register, "agree", who, 0.0) for who in ("Ada", "Nobody")} == {"no_claim"}

    def test_the_place_becomes_free(self, register: Register) -> None:
        """When the attendee who had it leaves, the laptop that waits gets it."""
        register.join("Ada", THEIRS, 0.0)
        register.leave("Ada", OURS)
        assert register.claims(0.0) == {}
        place = register.join("Ada", THEIRS, 2.0)
        assert place and place.heard == 0
        assert register.claims(2.0) == {}, "it waits no more"


class TestTelling:
    """What attendees report."""

    def test_nothing_counts_twice(self, register: Register) -> None:
        """News that was heard before, as when an answer was lost, changes nothing."""
        news = [News(1, "check", "one"), News(2, "check", "one")]
        register.tell("Ada", OURS, news, 0.0)
        place = register.tell("Ada", OURS, [*news, News(3, "check", "one")], 1.0)
        assert place.work["one"].checks == place.heard == 3

    @pytest.mark.parametrize("news", [News(1, "start", "four"), News(1, "check"), News(1, "check", "x" * 60)])
    def test_steps_that_are_not_there(self, register: Register, news: News) -> None:
        """News of a step that we do not know is taken, so that it is told no more, and changes nothing."""
        place = register.tell("Ada", OURS, [news], 0.0)
        assert (place.heard, place.step, place.work) == (1, "", {})

    def test_strangers(self, register: Register) -> None:
        """A laptop with no place, or another one, can say and delete nothing."""
        assert code(register, "tell", "Ben", THEIRS, [News(1, "stuck")], 0.0) == "no_place"
        assert code(register, "tell", "Ada", THEIRS, [News(1, "stuck")], 0.0) == "not_yours"
        assert code(register, "leave", "Ada", THEIRS) == "not_yours"
        assert register.attendees(0.0)[0].state == "working"


class TestLeaving:
    """How a place ends."""

    def test_leaving(self, register: Register) -> None:
        """Nothing stays; leaving again is no error."""
        register.leave("ada", OURS)
        register.leave("ada", OURS)
        assert register.places == []
        assert code(register, "tell", "Ada", OURS, [], 0.0) == "no_place"

    def test_the_host_lowers_a_hand(self, register: Register) -> None:
        """A hand is down from now on, without words; lowering it again changes nothing, raising it does."""
        register.tell("Ada", OURS, [News(1, "stuck", "one", words="help")], 5.0)
        register.lower(" ADA", 9.0)
        register.lower("Ada", 15.0)
        (ada,) = register.attendees(20.0)
        assert (ada.state, ada.words, ada.seconds) == ("working", "", 11.0)
        register.tell("Ada", OURS, [News(2, "stuck", "one", words="again")], 21.0)
        assert register.attendees(21.0)[0].state == "stuck"
        assert code(register, "lower", "Nobody", 0.0) == "no_place"

    def test_the_host_sees_what_was_passed(self, register: Register) -> None:
        """An attendee has passed the steps whose check has passed, also when a later check fails."""
        checks = [("one", True), ("two", False), ("one", False)]
        news = [News(number, "check", step, passed=ok) for number, (step, ok) in enumerate(checks, 1)]
        register.tell("Ada", OURS, news, 5.0)
        assert register.attendees(6.0)[0].passed == {"one"}

    def test_the_host_forgets_somebody(self, register: Register) -> None:
        """That laptop is not let in again by itself; the person may join anew, with another token."""
        register.forget("ADA")
        assert register.places == []
        assert code(register, "tell", "Ada", OURS, [], 0.0) == "forgotten"
        assert code(register, "join", "Ada", OURS, 0.0) == "forgotten"
        assert register.join("Ada", THEIRS, 0.0)
        assert code(register, "forget", "Nobody") == "no_place"


class TestNames:
    """What an attendee is called is one thing, who they are another."""

    def test_another_nickname(self, register: Register) -> None:
        """The laptop goes on under the old one, which is free, and hears the new one with every answer."""
        register.join("Ben", THEIRS, 0.0)
        register.tell("Ada", OURS, [News(1, "check", "one", seconds=60.0)], 0.0)
        register.rename("ada", "Zoe")
        assert [attendee.nickname for attendee in register.attendees(0.0)] == ["Zoe", "Ben"]
        place = register.tell("Ada", OURS, [News(2, "check", "one", seconds=90.0)], 0.0)
        assert (place.nickname, place.work["one"].seconds) == ("Zoe", 90.0)
        assert code(register, "rename", "Zoe", "BEN") == "taken"
        assert code(register, "rename", "Ada", "Eve") == "no_place"
        assert code(register, "rename", "Zoe", "\n") == "nickname"
        assert register.leave("Ada", OURS) == "Zoe"

    def test_a_player_of_another_name(self, register: Register) -> None:
        """A window names its attendee by the token, and nobody else's."""
        register.plays("Ada", OURS, 7)
        assert register.attendees(0.0)[0].player == 7
        assert code(register, "plays", "Ada", THEIRS, 8) == "not_yours"
        register.leave("Ada", OURS)
        register.join("Ada", OURS, 0.0)
        assert register.attendees(0.0)[0].player == 0


def test_a_swap_keeps_the_times(register: Register) -> None:
    """The new laptop measures from zero: what the old one has measured is added."""
    register.tell("Ada", OURS, [News(1, "check", "two", seconds=600.0)], 600.0)
    register.join("Ada", THEIRS, 700.0)
    register.agree("Ada", 700.0)
    place = register.tell("Ada", THEIRS, [News(2, "check", "two", passed=True, seconds=90.0)], 800.0)
    assert (place.step, place.work["two"].seconds, place.work["two"].checks) == ("two", 690.0, 2)


def test_rests_are_no_work() -> None:
    """A step takes as long as the class worked meanwhile, wherever in it the break was."""
    rests = [(100.0, 400.0), (900.0, 5000.0)]

    def rested(begin: float, end: float) -> float:
        return sum(max(0.0, min(end, last) - max(begin, first)) for first, last in rests)

    register = Register(STEPS, rested=rested)
    register.join("Ada", OURS, 0.0)
    place = register.tell("Ada", OURS, [News(1, "check", "one", seconds=500.0, ago=10.0)], 510.0)
    assert place.work["one"].seconds == 200.0
    place = register.tell("Ada", OURS, [News(2, "check", "two", passed=True, seconds=5100.0)], 5200.0)
    assert place.work["two"].seconds == 700.0


@dataclass
class Model:
    """What should be known of one place."""

    token: str
    heard: int = 0
    checks: dict[str, int] = field(default_factory=dict)


class AnySequence(RuleBasedStateMachine):
    """Joins, reports, hands, agreements and leaves, in any order, by anybody."""

    def __init__(self) -> None:
        super().__init__()
        self.register = Register(STEPS)
        self.model: dict[str, Model] = {}
        self.forgotten: set[str] = set()
        self.now = 0.0

    @rule(nickname=NICKNAMES, token=TOKENS)
    def join(self, nickname: str, token: str) -> None:
        """A place is given when it is free, or one's own; it is never taken from anybody."""
        key = self.place_of(nickname, token) or name_key(nickname)
        try:
            place = self.register.join(nickname, token, self.now)
        except RequestFailed as error:
            assert error.code == ("forgotten" if token in self.forgotten else "claimed")
            return
        assert (place is None) is (key in self.model and self.model[key].token != token)
        if place is not None:
            self.model.setdefault(key, Model(token))

    @rule(nickname=NICKNAMES, token=TOKENS, news=NEWS)
    def tell(self, nickname: str, token: str, news: News) -> None:
        """News is taken from the laptop with the place, once, and only of steps that there are."""
        model = self.model.get(self.place_of(nickname, token))
        try:
            place = self.register.tell(nickname, token, [news], self.now)
        except RequestFailed:
            assert token in self.forgotten or model is None
            return
        assert model
        if news.number > model.heard and news.what == "check" and news.step in STEPS:
            model.checks[news.step] = model.checks.get(news.step, 0) + 1
        model.heard = max(model.heard, news.number)
        assert place.heard == model.heard

    @precondition(lambda self: self.model)
    @rule(turn=st.integers(0, 1), news=NEWS)
    def tell_truly(self, turn: int, news: News) -> None:
        """Somebody who has a place tells something."""
        key, model = list(self.model.items())[turn % len(self.model)]
        self.tell(key, model.token, news)

    @rule(nickname=NICKNAMES, token=TOKENS)
    def leave(self, nickname: str, token: str) -> None:
        """Only the laptop that has the place can delete it."""
        key = self.place_of(nickname, token) or name_key(nickname)
        try:
            self.register.leave(nickname, token)
        except RequestFailed:
            assert self.model[key].token != token or token in self.forgotten
        else:
            assert self.model.get(key, Model(token)).token == token
            self.model.pop(key, None)

    @rule(nickname=NICKNAMES)
    def agree(self, nickname: str) -> None:
        """A place goes only to a laptop that waits for it, and keeps what is in it."""
        waits = name_key(nickname) in map(name_key, self.register.claims(self.now))
        try:
            place = self.register.agree(nickname, self.now)
        except RequestFailed:
            assert not waits
            return
        assert waits
        model = self.model[name_key(nickname)]
        (heir,) = (token for token in (OURS, THEIRS, THIRD) if proof_of(token) == place.proof)
        assert heir != model.token and place.heard == model.heard
        model.token = heir

    @rule(nickname=NICKNAMES)
    def forget(self, nickname: str) -> None:
        """The host can remove who is there."""
        model = self.model.pop(name_key(nickname), None)
        try:
            self.register.forget(nickname)
        except RequestFailed:
            assert model is None
        else:
            assert model
            self.forgotten.add(model.token)

    @rule(seconds=st.floats(0, 2 * CLAIM_SECONDS))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    @rule(nickname=NICKNAMES, name=NICKNAMES)
    def rename(self, nickname: str, name: str) -> None:
        """The host gives another nickname that is free; the place and its turn stay."""
        before, key = name_key(nickname), name_key(name)
        try:
            self.register.rename(nickname, name)
        except RequestFailed as error:
            assert error.code == ("taken" if before in self.model else "no_place")
        else:
            self.model = {key if at == before else at: model for at, model in self.model.items()}

    def place_of(self, nickname: str, token: str) -> str:
        """The key of a laptop's place: of that name, or else its first one; empty if it has none."""
        own = [key for key, model in self.model.items() if model.token == token]
        return name_key(nickname) if name_key(nickname) in own else next(iter(own), "")

    @invariant()
    def is_as_it_should_be(self) -> None:
        """The board shows exactly who is there; keys are unique; every check is counted once."""
        attendees = self.register.attendees(self.now)
        assert [name_key(attendee.nickname) for attendee in attendees] == list(self.model)
        for place, model in zip(self.register.places, self.model.values(), strict=True):
            assert place.heard == model.heard
            assert {step: work.checks for step, work in place.work.items()} == model.checks
            assert place.step in ("", *STEPS)
        assert set(map(name_key, self.register.claims(self.now))) <= set(self.model)


TestAnySequence = AnySequence.TestCase
