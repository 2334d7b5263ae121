"""Snapshots as they travel: published, encoded, and decoded by the client."""

import pytest

from netlib.protocol.codecs import CODECS, Codec
from netlib.protocol.frames import Snapshot
from netlib.protocol.messages import Catalog
from netlib.state.slices import Edition
from netlib.state.sync import Publisher

both = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)


def published(codec: Codec, publisher: Publisher, *, full: bool, base: Edition | None = None) -> bytes:
    """Return the newest snapshot as bytes."""
    head = codec.encode({"type": "snapshot", "tick": publisher.tick})
    return codec.splice(head, publisher.body(codec, full=full, base=base))


def decoded(codec: Codec, data: bytes) -> Snapshot:
    """Return the snapshot in some bytes."""
    snapshot = Catalog([Snapshot]).decode(codec, data)
    assert isinstance(snapshot, Snapshot)
    return snapshot
