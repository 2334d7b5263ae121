"""Sessions without a network: who is let in as whom, tokens that rotate, grace times, and a client's side."""

import itertools
from functools import partial

import pytest
from msgspec import UNSET

from netlib.errors import BadMessage, RequestFailed
from netlib.protocol.frames import Hello, Refusal, Welcome
from netlib.session.handshake import Limits
from netlib.session.sessions import REMEMBERED_ENDS, Admission, Membership, Session, Sessions, is_final
from tests.support.sessions import Note

LIMITS = Limits(max_players=3, max_spectators=1)


@pytest.fixture
def sessions() -> Sessions:
    """Sessions whose tokens are t1, b2, t3, b4, …: neither in order nor against it."""
    numbers = itertools.count(1)
    return Sessions(make_token=lambda: f"{'bt'[(number := next(numbers)) % 2]}{number}")


def a_hello(name: str = "Ada", *, nonce: str = "", resume: str = "", spectator: bool = False) -> Hello:
    return Hello(1, name, nonce=nonce, resume=resume, spectator=spectator)


def admitted(sessions: Sessions, hello: Hello, password: str = "") -> Admission:
    """Return the admission of a hello that must not be refused."""
    answer = sessions.admit(hello, password, LIMITS)
    assert isinstance(answer, Admission), answer
    return answer


@pytest.fixture
def session(sessions: Sessions) -> Session:
    """That of Ada, who came first."""
    return admitted(sessions, a_hello()).session


def refused(sessions: Sessions, hello: Hello, password: str = "") -> str:
    """Return the code of the refusal of a hello."""
    answer = sessions.admit(hello, password, LIMITS)
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_token_opens_the_session_again(sessions: Sessions) -> None:
    """A client that says the token of a session is its player."""
    first = admitted(sessions, a_hello())
    again = admitted(sessions, a_hello(resume=first.session.offered))
    assert (first.arrival, again.arrival) == ("new", "resumed")
    assert again.session is first.session and again.lost == "" and len(list(sessions)) == 1


def test_a_token_changes_at_each_resume(sessions: Sessions, session: Session) -> None:
    """Each welcome carries a new token; none is given twice."""
    offered = [session.offered]
    for _ in range(5):
        admitted(sessions, a_hello(resume=offered[-1]))
        sessions.heard(session)
        offered.append(session.proven)
    assert len(set(offered)) == 6


def test_the_old_token_is_good_until_the_new_one_was_heard_of(sessions: Sessions, session: Session) -> None:
    """A lost welcome costs nothing: the client still has the token before."""
    sessions.heard(session)
    old = session.proven
    for _ in range(3):
        assert admitted(sessions, a_hello(resume=old)).session is session
    sessions.heard(session)
    lost = admitted(sessions, a_hello("Eve", resume=old))
    assert lost.arrival == "new" and lost.session is not session


def test_a_token_that_a_lost_welcome_carried_is_void(sessions: Sessions, session: Session) -> None:
    """Only the newest offer is good beside the proven token."""
    sessions.heard(session)
    old = session.proven
    never_seen = admitted(sessions, a_hello(resume=old)).session.offered
    admitted(sessions, a_hello(resume=old))
    assert admitted(sessions, a_hello("Eve", resume=never_seen)).arrival == "new"


def test_a_new_token_proves_itself_also_by_a_resume(sessions: Sessions, session: Session) -> None:
    """A client that is cut off before it can say anything has the new token all the same."""
    sessions.heard(session)
    first = session.proven
    second = admitted(sessions, a_hello(resume=first)).session.offered
    assert admitted(sessions, a_hello(resume=second)).arrival == "resumed"
    assert admitted(sessions, a_hello("Eve", resume=first)).arrival == "new"


def test_hearing_changes_nothing_twice(sessions: Sessions, session: Session) -> None:
    """Only the first frame after a welcome moves the token."""
    sessions.heard(session)
    keys = session.keys
    sessions.heard(session)
    assert session.keys == keys == ("t1",)


def test_a_first_hello_said_again_is_the_same_player(sessions: Sessions) -> None:
    """By its nonce: the welcome may have been lost."""
    first = admitted(sessions, a_hello(nonce="n"))
    again = admitted(sessions, a_hello(nonce="n"))
    assert again.arrival == "repeated" and again.session is first.session and again.lost == ""
    assert again.session.name == "Ada"


def test_without_a_nonce_every_first_hello_is_another_player(sessions: Sessions) -> None:
    """Two plain clients that say the same are two players."""
    assert admitted(sessions, a_hello()).session.id == 1
    assert admitted(sessions, a_hello()).session.id == 2


def test_a_repeated_hello_of_a_newcomer_who_had_a_session(sessions: Sessions) -> None:
    """A token that is unknown and a nonce that is known: the same newcomer, not another one."""
    hello = a_hello(nonce="n", resume="of another server")
    first, again = admitted(sessions, hello), admitted(sessions, hello)
    assert (first.arrival, again.arrival) == ("new", "repeated") and again.session is first.session


def test_places_and_names_are_kept_for_players_away(sessions: Sessions) -> None:
    """A dropped player still counts, and comes back into a full room."""
    away = [admitted(sessions, a_hello()).session for _ in range(3)]
    sessions.drop(away[0], now=5.0)
    assert [session.name for session in away] == ["Ada", "Ada 2", "Ada 3"]
    assert refused(sessions, a_hello("Bob")) == "full"
    back = admitted(sessions, a_hello(resume=away[0].offered))
    assert back.session.name == "Ada" and back.session.dropped_at is None


def test_spectators_have_places_of_their_own(sessions: Sessions) -> None:
    """A room full of spectators still has a place for a player."""
    assert admitted(sessions, a_hello(spectator=True)).session.spectator
    assert refused(sessions, a_hello(spectator=True)) == "full"
    assert not admitted(sessions, a_hello()).session.spectator


def test_a_token_does_not_replace_the_password(sessions: Sessions, session: Session) -> None:
    """A client that comes back says the password again."""
    assert refused(sessions, a_hello(resume=session.offered), password="plum") == "password"


def test_ids_are_never_used_again(sessions: Sessions) -> None:
    """A client that comes after a leave has a new number."""
    for number in range(1, 6):
        session = admitted(sessions, a_hello()).session
        assert session.id == number
        sessions.end(session, "left")


def test_the_grace_time() -> None:
    """A player is overdue when its time is over, and only while it is away."""
    sessions = Sessions(make_token=lambda: "t")
    session = admitted(sessions, a_hello()).session
    sessions.drop(session, now=5.0)
    assert sessions.overdue(34.9, 30.0) == []
    assert sessions.overdue(35.0, 30.0) == [session]
    admitted(sessions, a_hello(resume="t"))
    assert sessions.overdue(99.0, 30.0) == []


def test_an_ended_session_tells_why(sessions: Sessions, session: Session) -> None:
    """A client with the token of a session that is over is a newcomer, and hears the reason."""
    token = session.offered
    sessions.end(session, "did not come back")
    late = admitted(sessions, a_hello(resume=token))
    assert (late.arrival, late.lost, late.session.id) == ("new", "did not come back", 2)
    assert session.over and not late.session.over


def test_both_tokens_of_an_ended_session_tell_why(sessions: Sessions, session: Session) -> None:
    """Whether or not its client had got the last welcome."""
    sessions.heard(session)
    admitted(sessions, a_hello(resume="t1"))
    sessions.end(session, "why")
    assert admitted(sessions, a_hello(resume="t1")).lost == "why"
    assert admitted(sessions, a_hello(resume="b2")).lost == "why"


def test_only_so_many_ends_are_remembered(sessions: Sessions) -> None:
    """The reasons of long ago are forgotten: memory is bounded."""
    for _ in range(REMEMBERED_ENDS + 1):
        sessions.end(admitted(sessions, a_hello()).session, "over")
    assert admitted(sessions, a_hello(resume="t1")).lost == "this server does not know your session"
    assert admitted(sessions, a_hello(resume="b2")).lost == "over"
    assert len(sessions._ends) == REMEMBERED_ENDS and len(list(sessions)) == 2


def test_a_client_that_says_a_number_will_confirm(sessions: Sessions) -> None:
    """A hello with `received` is that of a client that counts; one without may be a plain client's."""
    plain = admitted(sessions, a_hello()).session
    counting = admitted(sessions, Hello(1, "Bob", received=0)).session
    assert (plain.delivery.confirms, counting.delivery.confirms) == (False, True)


@pytest.fixture
def membership() -> Membership:
    return Membership(a_hello(), "nonce")


def a_welcome(token: str, *, resumed: bool = False, received: int = 0) -> Welcome:
    return Welcome(1, token, resumed, "room", 0, 30.0, 0.0, received=received)


def test_a_client_says_first_who_it_is_and_then_its_token(membership: Membership) -> None:
    """The first hello has a nonce; after a welcome it has the newest token and what was got."""
    first = membership.hello()
    assert (first.nonce, first.resume, first.received) == ("nonce", "", 0) and not membership.began
    membership.welcomed(a_welcome("t1"))
    membership.delivery.received = 7
    membership.welcomed(a_welcome("t2", resumed=True))
    again = membership.hello()
    assert (again.nonce, again.resume, again.received) == ("nonce", "t2", 7) and membership.began
    assert again.received is not UNSET


def test_a_resumed_client_goes_on(membership: Membership) -> None:
    """What the server has is confirmed, the rest waits to go out again."""
    told: list[int] = []
    membership.welcomed(a_welcome("t1"))
    for number in range(3):
        membership.delivery.sent(Note(number), 10, partial(told.append, number))
    for tell in membership.welcomed(a_welcome("t2", resumed=True, received=2)):
        tell()
    assert told == [0, 1] and membership.delivery.unconfirmed() == [Note(2)]


def test_a_client_whose_session_is_lost_starts_again(membership: Membership) -> None:
    """What was not delivered is dropped; nothing is resent into another session."""
    membership.welcomed(a_welcome("t1"))
    membership.delivery.received = 7
    membership.delivery.sent(Note(1), 10)
    assert membership.welcomed(a_welcome("t2")) == []
    assert (membership.delivery.received, membership.delivery.waiting) == (0, 0)


def test_what_was_sent_before_the_first_welcome_is_kept(membership: Membership) -> None:
    """A message of a client that is still joining waits for its welcome."""
    membership.delivery.sent(Note(1), 10)
    membership.welcomed(a_welcome("t1"))
    assert membership.delivery.unconfirmed() == [Note(1)]


def test_a_welcome_that_confirms_too_much(membership: Membership) -> None:
    """Such a server is not to be believed."""
    membership.delivery.sent(Note(1), 10)
    with pytest.raises(BadMessage, match="confirm 2 messages, but only 1 were sent"):
        membership.welcomed(a_welcome("t1", received=2))


@pytest.mark.parametrize(
    ("code", "final"),
    [(1000, True), (1001, False), (1006, False), (1008, True), (1009, True), (1011, False), (4001, True)],
)
def test_which_ends_are_final(code: int, final: bool) -> None:
    """A server that goes away or breaks may come back; one that has decided will not change its mind."""
    assert is_final(code) is final


def test_a_token_from_before_the_last_opens_nothing(sessions: Sessions) -> None:
    """A client that resumes with the newest token needs no older one; those and the nonce leave no trace."""
    session = admitted(sessions, a_hello(nonce="n1")).session
    sessions.heard(session)
    for newest in ("t1", "b2"):
        assert admitted(sessions, a_hello(nonce="n1", resume=newest)).session is session
    for old in (a_hello(resume="t1"), a_hello("Eve", nonce="n1")):
        assert admitted(sessions, old).session is not session
    sessions.end(session, "")
    assert admitted(sessions, a_hello("Mallory", resume="b2", spectator=True)).session is not session


def test_a_player_shut_out_is_refused_by_its_token(sessions: Sessions, session: Session) -> None:
    """A kicked client does not come back by itself; a person who joins anew does."""
    sessions.end(session, "too loud", shut_out=True)
    sessions.end(session, "the connection ended")
    answer = sessions.admit(a_hello(resume=session.offered), "", LIMITS)
    assert answer == Refusal("kicked", "too loud")
    assert admitted(sessions, a_hello()).session is not session


def test_a_stay_gets_another_name(sessions: Sessions) -> None:
    """A new name is made unique among the others, and its own old name is free for it."""
    ada, ben = admitted(sessions, a_hello("Ada")).session, admitted(sessions, a_hello("Ben")).session
    assert sessions.rename(ben, "ada") == ben.name == "ada 2"
    assert sessions.rename(ada, "ADA") == "ADA"
    with pytest.raises(RequestFailed, match="at most 20"):
        sessions.rename(ben, "x" * 21)
    assert ben.name == "ada 2"
