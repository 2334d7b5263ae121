"""What each piece of the time line means, in plain words."""

from workshop.lab.diagram import Piece
from workshop.lab.explanation import Explanation
from workshop.lab.marks import Mark, TimelineData

LOST = "Others take {usual}. Most likely it was lost, and TCP sent it again; or a busy machine held it up."
WAITED = "It waited behind {number}, which was late: over TCP no message overtakes another."
INPUT = "With prediction the client has already shown what it does; without, nothing moves until the answer."
SNAPSHOT = "It shows the world as it was when it left; by now the server is further on."
REPLAY = (
    "The client's newest inputs ({count}) were not in it, but still under way. Reconciliation takes its "
    "truth and applies them again, so that the player does not jump back."
)
CORRECTION = (
    "Snapshot {number} has the player {error:.4g} px from where the client had predicted it. The server "
    "decides: reconciliation takes its truth, and smoothing spreads the jump over some frames."
)
WINDOW = (
    "The others are drawn as they were {ago} ago, at tick {span.shown:.1f}: between snapshots {span.earlier} "
    "and {span.later}. Both are here, so nobody has to guess how they moved."
)
GUESS = (
    "The others are drawn at tick {span.shown:.1f}, but the newest snapshot here is {span.later}. Where they "
    "are by now is a guess (extrapolation), or they stand still."
)


def explain(piece: Piece, data: TimelineData) -> Explanation:
    """What is pointed at: which one, when, how long, and what that means for the player."""
    mark, span = piece.mark, data.span
    if mark is None or piece.what == "window":
        form, ago = GUESS if span and span.shown > span.later else WINDOW, _ms(data.now - data.shown_at)
        return Explanation("Interpolation window", form.format(ago=ago, span=span))
    if piece.what == "correction":
        words = CORRECTION.format(number=mark.number, error=mark.error)
        return Explanation(f"Wrong by {mark.error:.4g} px", words)
    title = f"Input {mark.number}" if mark.kind == "input" else f"Snapshot {mark.number}"
    title += f", replayed inputs: {mark.replayed}" if piece.what == "replay" else ""
    return Explanation(title, f"{_journey(mark, data)} {_meaning(mark, data)}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 1 else f"{seconds:.3g} s"


def _journey(mark: Mark, data: TimelineData) -> str:
    here, there = ("client", "server") if mark.kind == "input" else ("server", "client")
    took = f"took {_ms(data.took(mark))} to the {there}" if data.is_here(mark) else "is still under way"
    return f"It left the {here} {_ms(data.now - mark.sent)} ago and {took}."


def _meaning(mark: Mark, data: TimelineData) -> str:
    cause = data.held_up(mark.kind).get(mark.number)
    if cause is not None:
        usual = _ms(data.usual(mark.kind))
        return LOST.format(usual=usual) if cause == mark.number else WAITED.format(number=cause)
    if mark.replayed > 0:
        return REPLAY.format(count=mark.replayed)
    return INPUT if mark.kind == "input" else SNAPSHOT
