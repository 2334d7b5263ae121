"""What players may say in a room, and how often. Pure."""

from netlib.play.timing import RateLimit

MAX_CHAT = 200  # characters in one line of chat
LINES_PER_SECOND = 1.0  # of one player's chat, in the long run
LINES_AT_ONCE = 5.0


class ChatRules:
    """Limits what each player says."""

    def __init__(self) -> None:
        self._limits: dict[int, RateLimit] = {}

    def problem(self, player_id: int, text: str, now: float) -> tuple[str, str] | None:
        """Why a player may not say this line at ``now`` (seconds), as a code and words; None if they may."""
        if not text:
            return "empty_chat", "there is nothing to read in this line; type some letters"
        limit = self._limits.setdefault(player_id, RateLimit(LINES_PER_SECOND, LINES_AT_ONCE))
        if not limit.allows(now):
            return "too_much_chat", "one line a second is heard; wait a moment"
        return None

    def forget(self, player_id: int) -> None:
        """Forget a player who has left."""
        self._limits.pop(player_id, None)
