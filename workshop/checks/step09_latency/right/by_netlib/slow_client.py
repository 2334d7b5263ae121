"""netlib's client, which has simulated links of its own."""

from __future__ import annotations

import netlib


class SlowClient(netlib.Client):
    """Nothing is left to do."""
