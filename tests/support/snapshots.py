"""Snapshots as they travel: published, encoded, and decoded by who gets them."""

import pytest

from netlib.codecs import CODECS, Codec
from netlib.messages import Catalog
from netlib.sync import Publisher
from netlib.wire import Snapshot

both = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)


def published(codec: Codec, publisher: Publisher, *, full: bool) -> bytes:
    """Return the newest snapshot as bytes."""
    head = codec.encode({"type": "snapshot", "tick": publisher.tick})
    return codec.splice(head, publisher.body(codec, full=full))


def decoded(codec: Codec, data: bytes) -> Snapshot:
    """Return the snapshot in some bytes."""
    snapshot = Catalog([Snapshot]).decode(codec, data)
    assert isinstance(snapshot, Snapshot)
    return snapshot
