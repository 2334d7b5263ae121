"""What the class file keeps of the host: a hash of the password, the desks, the board, when the class rested.

A rest is a time that does not count as work: the room stands still, or is closed. Times are in seconds since
1970.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Annotated, TypeAlias

import msgspec
from msgspec.structs import replace

PASSWORD_BYTES = 6  # of randomness in a password that we make up: eight letters
KEY_BYTES = 16  # of randomness in the key of a desk
DESKS, RESTS = 50, 500  # that are kept; the oldest go first
# RFC 7914: 4 MiB, and a hundredth of a second, for it is in a tick's way.
SCRYPT = {"n": 2**12, "r": 8, "p": 1}
Rest: TypeAlias = tuple[float, float]


class OnBoard(msgspec.Struct, frozen=True):
    """What the host has put on the board.

    Args:
        word, by: a word to all, and who says it; empty for none.
        step: the step that the class is on, such as "06 Authority"; empty for none.
        ends_at: when the countdown ends; 0.0 for none.
        expected: how many people the host expects; None as long as the host has not said.
    """

    word: str = ""
    by: str = ""
    step: str = ""
    ends_at: float = 0.0
    expected: int | None = None


class HostData(msgspec.Struct, frozen=True):
    """The host, as the class file has it.

    Args:
        password: salt and hash, hexadecimal; empty if there is none yet.
        desks: hashes of the keys with which desks come back.
        rests: when each began and ended.
        closed: since when the room is closed; 0.0 while it is open.
        board: what stands on it.
    """

    password: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{32}\$[0-9a-f]{64})?$")] = ""
    desks: tuple[str, ...] = ()
    rests: tuple[Rest, ...] = ()
    closed: float = 0.0
    board: OnBoard = OnBoard()


class HostMemory:
    """Knows the host again, also after a restart.

    Args:
        password: what the host has typed as --host-password; empty for none.
        clock: the time in seconds since 1970.

    Attributes:
        password: the host's, if this run has made or been given it; else empty, for only its hash is known.
        data: what is kept.
    """

    def __init__(self, password: str = "", *, clock: Callable[[], float] = time.time) -> None:
        self.password, self.data = password, HostData()
        self._clock = clock
        self._keep: Callable[[HostData], object] = lambda data: None
        self._paused: float | None = None

    def open(self, data: HostData, keep: Callable[[HostData], object] = lambda data: None) -> None:
        """Begin with what was kept; a new password shuts the desks that another one has opened.

        Args:
            keep: writes it down; without it, all ends with the host's program.
        """
        self.data, self._keep = data, keep
        if not self.password and not data.password:
            self.password = secrets.token_urlsafe(PASSWORD_BYTES)
        changes: dict[str, object] = {"closed": 0.0}
        if data.closed:
            changes["rests"] = (*data.rests, (data.closed, self._clock()))[-RESTS:]
        if self.password and not self.opens(self.password):
            changes |= {"password": _hashed(self.password, secrets.token_bytes(16)), "desks": ()}
        self._change(**changes)

    def close(self) -> None:
        """The room closes."""
        self._change(closed=self._clock() if self._paused is None else self._paused)

    # The host's rights.

    def opens(self, typed: str) -> bool:
        """Whether this is the host's password."""
        kept = self.data.password
        salt = bytes.fromhex(kept.partition("$")[0])
        return bool(kept) and hmac.compare_digest(_hashed(typed, salt), kept)

    def new_key(self) -> str:
        """A key with which a desk comes back without the password."""
        key = secrets.token_urlsafe(KEY_BYTES)
        self._change(desks=(*self.data.desks, _proof(key))[-DESKS:])
        return key

    def knows(self, key: str) -> bool:
        """Whether a desk of this class has that key."""
        return _proof(key) in self.data.desks

    def put_on_board(self, board: OnBoard) -> None:
        """That stands there, also after a restart."""
        self._change(board=board)

    # The class's time.

    def pause(self) -> None:
        """The room stands still."""
        self._paused = self._clock()

    def go_on(self) -> None:
        """Its time goes on."""
        if self._paused is not None:
            self._change(rests=(*self.data.rests, (self._paused, self._clock()))[-RESTS:])
        self._paused = None

    def rested(self, begin: float, end: float) -> float:
        """How many of the seconds between two times were no work."""
        rests = [*self.data.rests, *([(self._paused, self._clock())] if self._paused is not None else [])]
        return sum((max(0.0, min(end, last) - max(begin, first)) for first, last in rests), start=0.0)

    def _change(self, **changes: object) -> None:
        self.data = replace(self.data, **changes)  # type: ignore[arg-type, unused-ignore]
        self._keep(self.data)


def _hashed(password: str, salt: bytes) -> str:
    found = hashlib.scrypt(password.encode(errors="replace"), salt=salt, dklen=32, **SCRYPT)
    return f"{salt.hex()}${found.hex()}"


def _proof(key: str) -> str:
    """A hash of a key, which is random, so one pass is enough."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
