"""What the server of step 12 must do: newcomers, players who come back, tokens, and the grace time."""

import asyncio
import contextlib
import time
from itertools import pairwise

from workshop.checking.lab import Lab
from workshop.checking.listening import listening
from workshop.checking.peers.comebacks import LONG, Guest, guest, serving
from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.checks.step12_reconnect.figures import alike

FORESEEN = "workshop.checks.step12_reconnect.foreseen"
SHORT = 0.7  # seconds of a grace time that ends
NOTICED = 3.0  # seconds until the server must have noticed that a connection was cut
LEAST = 12  # characters of a token
NAMES = ["Ada", "Ben", "Cleo"]


async def newcomers(lab: Lab) -> None:
    """Two newcomers, one after the other; this rests on no TODO."""
    async with serving(lab) as port, guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        if ada.id == ben.id or ben.answer.resumed:
            raise somebody_else("no token at all", ben, ada)
        await all_there(ben, ada, ben)
        if not ada.answer.token or ada.answer.token == ben.answer.token:
            raise Wrong("each newcomer gets a token of its own", f"both got {ada.answer.token!r}", "no_own")


def somebody_else(shown: str, one: Guest, ada: Guest) -> Wrong:
    """A newcomer got a player that it knows nothing of."""
    saw = f"a client that showed {shown} is player {one.id}" + (", which is Ada" if one.id == ada.id else "")
    saw += ", and is told that it is back" if one.answer.resumed else ""
    return Wrong("a client that shows no token of this server is a newcomer", saw, "somebody_else")


async def all_there(looks: Guest, *others: Guest) -> None:
    """Whether these players are on the map, and no others."""
    ids = sorted(other.id for other in others)
    if not await looks.sees(ids):
        saw = f"{PATIENCE:.0f} seconds later the players are {sorted(looks.players)}"
        raise Wrong(f"the players {ids} are on the map, and no others", saw, "odd_players")


async def stays(lab: Lab) -> None:
    """Ada is cut off; Ben looks on; this rests on no TODO."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            await all_there(ben, ada, ben)
            ada.cut()
        await until(lambda: ada.id not in ben.players or ben.players[ada.id].away, NOTICED)
        await ben.later(6)
        expected = f"with a grace time of {LONG:g} s a player who loses the connection stays, and is away"
        if ada.id not in ben.players:
            raise Wrong(expected, "the player was removed at once", "gone_at_once")
        if not ben.players[ada.id].away:
            raise Wrong(expected, f"{NOTICED:.0f} seconds later it is not marked as away", "not_away")


async def same_player(lab: Lab) -> None:
    """Ada walks, is cut off, and comes back."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            if not await ada.walks():
                raise Wrong("a newcomer can walk", "six inputs came, and it has not moved", "stuck_newcomer")
            await ada.later(10)
            place = (ada.players[ada.id].x, ada.players[ada.id].y)
            ada.cut()
        async with guest(port, "Ada", ada.answer.token) as back:
            await ben.later(4)
            if back.id != ada.id:
                raise another(ada, back, ben)
            await all_there(ben, ada, ben)
            if (after := (ben.players[ada.id].x, ben.players[ada.id].y)) != place:
                expected = "a player who is back stands where it stood"
                raise Wrong(expected, f"it stood at {place}, and is at {after} now", "begins_anew")
            if not back.answer.resumed:
                expected = "a player who is back is told so: resumed is True"
                raise Wrong(expected, "it is back, and resumed is False", "not_told")
            if not await back.walks():
                expected = "a player who came back can walk"
                raise Wrong(expected, "over the new connection six inputs came; it has not moved", "stuck")


def another(ada: Guest, back: Guest, ben: Guest) -> Wrong:
    """A player came back, and has another number."""
    expected = f"a client that shows the token of player {ada.id} is player {ada.id}"
    saw = f"it is player {back.id}"
    if back.answer.resumed:
        return Wrong(expected, f"{saw}, and is told that it is back", "new_number")
    saw = saw + (", and its twin is still there" if ada.id in ben.players else "")
    return Wrong(expected, saw, "twin")


async def strangers(lab: Lab) -> None:
    """Tokens that look like Ada's, or like something that one might try."""
    async with serving(lab) as port, guest(port, "Ada") as ada:
        token = ada.answer.token
        like = [token[:-1], token[1:], token + "x", token.swapcase(), f" {token}", str(ada.id), "Ada"]
        for tried in [each for each in [*like, " ", "old-token"] if each != token]:
            async with guest(port, "Eve", tried) as eve:
                if eve.id == ada.id or eve.answer.resumed:
                    of_ada = f", where Ada's is {token!r}," if tried in like else ""
                    raise somebody_else(f"the token {tried!r}{of_ada}", eve, ada)


async def secret(lab: Lab) -> None:
    """The same three people at three servers, two of which have the same time and the same chance."""
    first, second, third = await asyncio.gather(
        tokens_of(lab), tokens_of(lab, foreseen=True), tokens_of(lab, foreseen=True)
    )
    expected = "a token is a secret: long, and made by chance that nobody can foresee"
    for number, (token, name) in enumerate(zip(first, NAMES, strict=True), 1):
        if token in (str(number), name):
            own = "number" if token == str(number) else "name"
            saw = f"{name}, player {number}, got its own {own} as a token: {token!r}"
            raise Wrong(expected, saw, "certain")
        if token in second:
            raise Wrong(expected, f"{name} got {token!r} at two servers, one after the other", "certain")
    if again := [token for token in second if token in third]:
        saw = "two servers, at the same time and with the same start of the module `random`, gave"
        raise Wrong(expected, f"{saw} the same token: {again[0]!r}", "foreseeable")
    for one, other in pairwise(first):
        if min(len(one), len(other)) < LEAST or alike(one, other):
            what = "short" if min(len(one), len(other)) < LEAST else "nearly the same"
            raise Wrong(expected, f"two tokens are {what}: {one!r} and {other!r}", "alike")


async def tokens_of(lab: Lab, *, foreseen: bool = False) -> list[str]:
    """The tokens that three newcomers get at a new server."""
    port, flags = lab.ports.free(), {"PYTHONHASHSEED": "1"} if foreseen else {}
    driver = FORESEEN if foreseen else ""
    server = lab.program("server", "--host", "127.0.0.1", "--port", port, environ=flags, driver=driver)
    async with server, contextlib.AsyncExitStack() as stack:
        await listening(server, port)
        return [(await stack.enter_async_context(guest(port, name))).answer.token for name in NAMES]


async def discreet(lab: Lab) -> None:
    """All that Ben and Cleo hear while Ada comes, is cut off, and comes back; it has no TODO of its own."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            await all_there(ben, ada, ben)
            ada.cut()
        async with guest(port, "Ada", ada.answer.token) as back, guest(port, "Cleo") as cleo:
            await until(lambda: {ada.id, back.id, ben.id, cleo.id} <= set(ben.players))
            await ben.later(4)
            for other in (ben, cleo):
                if kind := other.was_told(ada.answer.token) or other.was_told(back.answer.token):
                    saw = f"Ada's token stood in a message of type {kind!r} that came to somebody else"
                    raise Wrong("a token is known to the server and to one client", saw, "told")


async def grace(lab: Lab) -> None:
    """Ada and Cleo are cut off; Ada comes back, Cleo does not."""
    async with serving(lab, SHORT) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada, guest(port, "Cleo") as cleo:
            await all_there(ben, ada, ben, cleo)
            began = time.monotonic()
            ada.cut()
            cleo.cut()
        async with guest(port, "Ada", ada.answer.token) as back:
            in_time = time.monotonic() - began < SHORT
            expected = f"a player without a connection is removed after the grace time of {SHORT} s"
            if not await until(lambda: cleo.id not in ben.players, SHORT + PATIENCE):
                saw = f"{SHORT + PATIENCE:.0f} seconds later it is still there, as a ghost"
                raise Wrong(expected, saw, "ghost")
            if (stayed := time.monotonic() - began) < SHORT * 0.9:
                raise Wrong(expected, f"it was removed after {stayed:.1f} s", "gone_at_once")
            await ben.later(12)
            if in_time and back.id not in ben.players:
                expected = "a player who is back before the grace time is over stays"
                saw = "it came back in time, and was removed all the same"
                raise Wrong(expected, saw, "removed_though_back")
        async with guest(port, "Cleo", cleo.answer.token) as again:
            if again.id == cleo.id or again.answer.resumed:
                saw = f"its token made it player {cleo.id} again, which was removed"
                raise Wrong("a client that comes after the grace time is a newcomer", saw, "too_late")


async def late_end(lab: Lab) -> None:
    """Ada comes back while her first connection is still open; it ends together with Cleo's."""
    async with (
        serving(lab, SHORT) as port,
        guest(port, "Ben") as ben,
        guest(port, "Ada") as old,
        guest(port, "Ada", old.answer.token) as ada,
        guest(port, "Cleo") as cleo,
    ):
        if ada.id != old.id:
            expected = "a token counts also while the server has not noticed yet that a connection is lost"
            saw = f"the client of player {old.id} came over another connection, and is player {ada.id}"
            raise Wrong(expected, saw, "half_open")
        await all_there(ben, ada, ben, cleo)
        old.cut()
        cleo.cut()
        await until(lambda: cleo.id not in ben.players, SHORT + 1.0)
        await ben.later(6)
        expected = "Ada is back over a new connection; when her old one ends afterwards, she plays on"
        if ada.id not in ben.players:
            saw = "some time after the old connection had ended she was removed"
            raise Wrong(expected, saw, "thrown_out")
        if ben.players[ada.id].away:
            raise Wrong(expected, "when the old connection had ended she was marked as away", "thrown_out")
        if not await ada.walks():
            raise Wrong(expected, "when the old connection had ended her inputs had no effect", "thrown_out")
