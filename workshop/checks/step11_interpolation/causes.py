"""Why somebody does not run evenly: the diagnoses of step 11."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.peers.track import (
    BEN,
    SETTLING,
    Track,
    ben,
    sampling,
)
from workshop.checking.program import Program
from workshop.checking.verdict import Place, Wrong
from workshop.game.units import UNIT

MOST_LAG = 0.6  # seconds that the others may be drawn in the past; slow machines add to it
SILENCE = 0.6  # seconds


def advancing(lab: Lab, pattern: str = r"moment = ") -> Place | None:
    """The line that sets the moment."""
    return lab.stage.find("interpolation.py", pattern) or lab.stage.function("interpolation.py", "advance")


def not_at_once(lab: Lab) -> Wrong:
    """One's own player waits."""
    return Wrong(
        "your own player moves as soon as the key is down, while the server says nothing",
        "it had not moved 5 seconds later",
        "your own player is interpolated like the others: so it is drawn in the past, too",
        place=lab.stage.function("client.py", "see"),
        hint="players | {self.client.player_id: me}: the predicted player takes the place of the past one",
    )


def newest_only(lab: Lab, share: float) -> Wrong:
    """Nobody is drawn between two snapshots."""
    return Wrong(
        "another player who runs is shown at places between those of two snapshots",
        f"in {share:.0%} of the frames it is exactly where the newest snapshot had it; then it jumps",
        "the newest snapshot is drawn: it stands still until another one comes",
        place=sampling(lab, r"(older|newer|return).*snapshots\[-1\]"),
        hint="draw the moment that was DELAY ago: most times there is a snapshot on either side of it",
    )


def too_few_kept(lab: Lab) -> Wrong:
    """The moment is older than what is kept."""
    return Wrong(
        "another player who runs is shown at places between those of two snapshots",
        "most frames show it exactly where an older snapshot had it",
        "the snapshots around the moment are thrown away too early: all that is kept is later",
        place=lab.stage.find("interpolation.py", r"popleft|pop\(0\)|maxlen|del "),
        hint="drop a snapshot when it is older than KEEP seconds, which is much more than DELAY",
    )


def too_late(lab: Lab, lag: float) -> Wrong:
    """The delay is too large."""
    return Wrong(
        f"the others are drawn at most {MOST_LAG} seconds in the past",
        f"what is drawn happened {lag:.1f} seconds ago",
        "the delay is larger than needed: who aims at somebody aims at where they were",
        place=lab.stage.find("interpolation.py", r"^DELAY"),
        hint="DELAY covers the time between two snapshots, and how unevenly they come; no more",
    )


def hardly_moves(lab: Lab) -> Wrong:
    """Between two snapshots the moment stands."""
    return Wrong(
        "between two snapshots the player is shown at all parts of its way",
        "most frames show it at nearly the same part of its way; then it jumps",
        "the drawn moment hardly moves: seconds and ticks are mixed",
        place=lab.stage.find("client.py", r"\.add\(") or advancing(lab),
        hint="a snapshot's time is event.tick / self.client.tick_rate, in seconds as DELAY and dt are",
    )


def counted(lab: Lab, share: float) -> Wrong:
    """All snapshots last equally long."""
    return Wrong(
        "a way that took four times as long is drawn for four times as long",
        f"here snapshots are one and four ticks apart; the long ways got {share:.0%} of the frames, not 80 %",
        "snapshots are counted, and the times at which they were true are not used",
        place=lab.stage.function("interpolation.py", "add"),
        hint="share = (moment - older.time) / (newer.time - older.time), with the times given to add",
    )


def goes_back(lab: Lab, back: list[int]) -> Wrong:
    """The moment was set back."""
    return Wrong(
        "another player who runs to the right never goes to the left",
        f"it went back in {len(back)} frames, by up to {max(back) / UNIT:.0f} pixels",
        "the drawn moment is set anew with each snapshot: one that comes late sets it back",
        place=advancing(lab),
        hint="let the moment move on by itself, nudged(dt, late) in each frame, and never backwards",
    )


def jumped(lab: Lab, by: float) -> Wrong:
    """A frame made up for a long time."""
    return Wrong(
        "another player who runs evenly is shown so",
        f"in one frame it went {by / UNIT:.0f} pixels too far",
        "when a snapshot is late, the drawn moment leaps",
        place=advancing(lab),
        hint="the moment waits at the newest snapshot, and goes on from there",
    )


def not_shown(lab: Lab) -> Wrong:
    """A newcomer is not drawn."""
    return Wrong(
        "a player who joins is shown",
        f"it was not to be seen {SETTLING:.0f} seconds later",
        "players who are in one of the two snapshots alone are left out, or not expected",
        place=sampling(lab),
        hint="go through the players of the older snapshot; who is not in the newer one stays where it was",
    )


def ghost(lab: Lab) -> Wrong:
    """Somebody who left is still drawn."""
    return Wrong(
        "a player who has left is not shown any more",
        f"it was still there {SETTLING:.0f} seconds later",
        "what was drawn once is kept: nothing takes out those who have left",
        place=lab.stage.find("client.py", r"\.update\(|\|= |sample\(\)") or sampling(lab),
        hint="begin with an empty dictionary in each frame",
    )


def never_there(lab: Lab, room: Track, program: Program) -> Wrong:
    """Who stands is shown elsewhere."""
    off = abs(ben(room, program)[-1].x - room.players[BEN].x)
    return Wrong(
        "who has stopped is shown exactly where it stands",
        f"{SETTLING:.0f} seconds later it is shown {off / UNIT:.0f} pixels away",
        "a part of the rest of the way is drawn in each frame: fast at first, slower and slower, never there",
        place=sampling(lab, r"\* 0?\.\d"),
        hint="blend two snapshots by time; what was drawn before does not matter",
    )


def slides(lab: Lab, frames: int) -> Wrong:
    """A teleport is drawn as a way."""
    return Wrong(
        "who is put far away is shown there or here, and nowhere else",
        f"it was shown at {frames} places on the way",
        "two places are blended although nobody can run that fast: it slides through all that stands between",
        place=lab.stage.function("interpolation.py", "between") or sampling(lab),
        hint="if hypot(dx, dy) > TOP_SPEED * span: return older",
    )


def runs_away(lab: Lab, by: int) -> Wrong:
    """Without news somebody runs on."""
    return Wrong(
        "while no snapshot comes, a player waits where the newest one has it",
        f"{SILENCE} seconds later it is {by / UNIT:.0f} pixels past that place, and runs on",
        "the share grows beyond 1: nobody knows whether the player still runs",
        place=advancing(lab),
        hint="the moment never passes the newest snapshot: min(…, newest)",
    )


def stays_behind(lab: Lab, lag: float) -> Wrong:
    """A lost time is never made up for."""
    return Wrong(
        "when snapshots come again, the others are soon drawn as near to now as before",
        f"what is drawn happened {lag:.1f} seconds ago, and that does not get less",
        "the time in which nothing came stays lost: the moment stays behind",
        place=advancing(lab),
        hint="when the moment is later than MAX_LATE: self.moment = newest - DELAY, at once",
    )
