"""Recordings: what a client sent and got, written to a file, and played again as if it were live.

::

    with recording.Recorder("game.rec") as recorder:
        async with netlib.connect("ws://…", witness=recorder) as client: ...

    async with recording.Replay("game.rec", messages=[Chat], schema=SCHEMA, speed=4) as client:
        async for dt in netlib.frames(60):
            for event in client.poll(): ...
            draw(client.state, …)

A `Replay` is a `netlib.Client`: the same events, messages and states come in the same order.
To measure time beside it, ask its `Replay.clock`, which runs as the recording does. `Replay.seek` goes to
any place of it, and a `Film` is the same recording over another link.
"""

from netlib.recording.file import Kind, Record, RecordingError, Tape
from netlib.recording.film import Film
from netlib.recording.recorder import Recorder
from netlib.recording.replay import Replay

__all__ = [  # noqa: RUF022 - grouped by purpose
    # Writing
    "Recorder",
    # Playing
    "Replay",
    "Film",
    # Looking inside
    "Tape",
    "Record",
    "Kind",
    # What goes wrong
    "RecordingError",
]
