"""An attendee's place in the class, and how news changes it.

Pure: the time is given, in seconds since 1970.
"""

from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from workshop.instructor.classroom.news import News, on_one_line

State: TypeAlias = Literal["working", "stuck", "done"]


class Work(msgspec.Struct, frozen=True):
    """What an attendee did in one step.

    Args:
        seconds: how long it took until it was first passed, or has taken so far.
        checks: how many there were.
        passed: whether one of them was passed.
        carried: the seconds that it had taken on the laptop before, if the attendee has swapped.
    """

    seconds: float = 0.0
    checks: int = 0
    passed: bool = False
    carried: float = 0.0


class Place(msgspec.Struct, frozen=True):
    """What the class knows of one attendee.

    Args:
        nickname: as others see it.
        proof: a hash of the attendee's token; the token itself is not kept.
        heard: the greatest number of their news.
        step: the id of the step they work on; empty before the first.
        hand: whether their hand is up.
        words: what they are stuck with.
        since: when their state began.
        work: by step.
    """

    nickname: str
    proof: str
    heard: int = 0
    step: str = ""
    hand: bool = False
    words: str = ""
    since: float = 0.0
    work: dict[str, Work] = {}

    @property
    def state(self) -> State:
        """What the host should see at a glance."""
        if self.hand:
            return "stuck"
        return "done" if self.work.get(self.step, Work()).passed else "working"

    @property
    def passed(self) -> frozenset[str]:
        """The ids of the steps that they have passed."""
        return frozenset(step for step, work in self.work.items() if work.passed)


def after(place: Place, news: News, now: float) -> Place:
    """The place after this news."""
    step = news.step or place.step
    match news.what:
        case "start":
            changed = replace(place, step=step)
        case "check":
            changed = _checked(place, news)
        case "stuck":
            changed = replace(place, step=step, hand=True, words=on_one_line(news.words))
        case "unstuck":
            changed = replace(place, hand=False, words="")
    changed = replace(changed, heard=max(place.heard, news.number))
    if (changed.step, changed.state) == (place.step, place.state):
        return changed
    return replace(changed, since=max(place.since, now - news.ago))


def _checked(place: Place, news: News) -> Place:
    """Checking an earlier, passed step leaves the current one; passing the current one lowers the hand."""
    before = place.work.get(news.step, Work())
    step = place.step if before.passed and place.step else news.step
    hand = place.hand and not (news.passed and step == news.step)
    work = Work(
        seconds=before.seconds if before.passed else max(before.seconds, before.carried + news.seconds),
        checks=before.checks + 1,
        passed=before.passed or news.passed,
        carried=before.carried,
    )
    words = place.words if hand else ""
    return replace(place, step=step, hand=hand, words=words, work={**place.work, news.step: work})


def swapped(place: Place, proof: str) -> Place:
    """The place on another laptop, which measures from zero: what each step has taken is carried over."""
    work = {step: replace(each, carried=each.seconds) for step, each in place.work.items()}
    return replace(place, proof=proof, work=work)
