"""Recording what crosses a client's wire. The file's form is that of `netlib.recording.file`.

About once a second everything goes to the disk (zlib's ``Z_SYNC_FLUSH``), so a program that is killed
loses a second. Passwords and resume tokens are blanked out.
"""

import logging
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from netlib.client.dial import Witness
from netlib.protocol.codecs import MALFORMED, Codec
from netlib.recording.file import GZIP, Header, Kind, RecordingError, packed
from netlib.transport.loops import clock

FLUSH_INTERVAL = 1.0  # seconds
SECRETS = ("password", "resume", "nonce")
BLANK = "…"

log = logging.getLogger("netlib")


class Recorder(Witness):
    """Writes what a client sends and gets to a new file: ``netlib.connect(…, witness=Recorder("a.rec"))``.

    It never disturbs the client: when the disk is full, a warning is logged and the recording ends.

    Args:
        path: where; nothing is overwritten.

    Raises:
        RecordingError: the file cannot be made, or there is one already.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self._file: BinaryIO | None = self.path.open("xb")
        except FileExistsError as error:
            raise RecordingError(f"{path} exists already; choose another name for the recording") from error
        except OSError as error:
            raise RecordingError(f"cannot write the recording {path}: {error.strerror or error}") from error
        self._gzip = zlib.compressobj(wbits=GZIP)
        self._codec: Codec | None = None
        self._start, self._flushed = 0.0, float("-inf")
        self._last = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the recording; a file with nothing in it is taken away."""
        if self._codec is not None:
            self._write(Kind.ENDED)
            self._put(b"", zlib.Z_FINISH)
        elif self._file is not None:
            self._file.close()
            self.path.unlink()
        self._give_up()

    # What the wire tells.

    def opened(self, codec: Codec) -> None:
        """See `Witness`."""
        if self._codec is None:
            self._begin(codec)
        self._write(Kind.OPENED)

    def sent(self, data: bytes) -> None:
        """See `Witness`."""
        self._message(Kind.SENT, data)

    def received(self, data: bytes) -> None:
        """See `Witness`."""
        self._message(Kind.RECEIVED, data)

    def closed(self, code: int, reason: str) -> None:
        """See `Witness`."""
        self._write(Kind.CLOSED, code.to_bytes(2, "big") + reason.encode(errors="replace"))

    # To the file.

    def _begin(self, codec: Codec) -> None:
        self._codec, self._start = codec, clock()
        now = datetime.now(UTC)
        self._put(Header(now, self._start, codec.subprotocol).line())

    def _message(self, kind: Kind, data: bytes) -> None:
        assert self._codec is not None, "nothing crosses a wire that is not open"
        self._write(kind, without_secrets(self._codec, data))

    def _write(self, kind: Kind, data: bytes = b"") -> None:
        now = clock()
        time = max(self._last, round((now - self._start) * 1e6))
        passed, self._last = time - self._last, time
        due = now - self._flushed >= FLUSH_INTERVAL
        self._flushed = now if due else self._flushed
        record = b"".join((packed(passed), bytes([kind]), packed(len(data)), data))
        self._put(record, zlib.Z_SYNC_FLUSH if due else zlib.Z_NO_FLUSH)

    def _put(self, data: bytes, flush: int = zlib.Z_NO_FLUSH) -> None:
        if self._file is None:
            return
        try:
            self._file.write(self._gzip.compress(data))
            if flush != zlib.Z_NO_FLUSH:
                self._file.write(self._gzip.flush(flush))
                self._file.flush()
        except OSError as error:
            self._give_up(f"the recording {self.path} ends here: {error.strerror or error}")

    def _give_up(self, problem: str = "") -> None:
        """Close the file; what is wrong with it is told once."""
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError as error:
            lost = f"the end of the recording {self.path} is lost: {error.strerror or error}"
            problem = problem or lost
        if problem:
            log.warning("%s", problem)


def without_secrets(codec: Codec, data: bytes) -> bytes:
    """An encoded message with its passwords and tokens blanked out; empty when it cannot be told."""
    if not any(word.encode() in data for word in SECRETS):
        return data
    try:
        return codec.encode(_blanked(codec.decoder(Any).decode(data)))
    except (*MALFORMED, TypeError):
        return b""


def _blanked(value: Any) -> Any:
    if isinstance(value, list):
        return [_blanked(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _blanked_field(key, one) for key, one in value.items()}


def _blanked_field(name: object, value: Any) -> Any:
    return BLANK if name in SECRETS and isinstance(value, str) and value else _blanked(value)
