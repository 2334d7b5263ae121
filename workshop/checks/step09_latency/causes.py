"""What the check of latency says when something is wrong."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.program import Program
from workshop.checking.verdict import Wrong
from workshop.checks.findings import wrong

FEW = 5  # echo requests in several seconds
BLOCKED = "the event loop stands still at this line, and with it the window and the network"


def ms(seconds: float | None) -> str:
    """A time as it is shown."""
    if seconds is None:
        return "nothing"
    return f"{seconds * 1000:.0f} ms" if seconds < 60 else "none in some seconds"


def no_game(lab: Lab, program: Program, flags: str) -> Wrong:
    """The client does not come into the room."""
    expected = f"the client joins and shows the game{f', with {flags}' if flags else ''}"
    if program.exit_code is not None and program.trouble("crashed"):
        return program.ended_early(expected)
    return wrong(
        lab,
        expected,
        "no game was shown within 10 seconds; the server had let it in",
        "messages wait far too long, as if milliseconds were taken for seconds, or they never arrive",
        place=lab.stage.find("link.py", r"due ="),
        hint="conditions.latency is in seconds already: 0.4 for --latency 400. Is deliver() called?",
    )


def not_off(lab: Lab, program: Program, out: float, back: float) -> Wrong:
    """Something is delayed although no latency is wanted."""
    return wrong(
        lab,
        "without --latency a key is at the server, and a snapshot on the screen, within some milliseconds",
        f"{ms(out)} from a key to the server, {ms(back)} from a snapshot to the screen",
        "something is added even when the latency is 0",
        place=lab.stage.find("link.py", r"due =|sleep\("),
        hint="a latency of 0 means: due now",
    )


def collapsed(lab: Lab, saw: str) -> Wrong:
    """Messages wait for each other."""
    return wrong(
        lab,
        "a hundred messages a second come through, each 200 ms later",
        saw,
        "each message sleeps its whole time after the one before it, so a queue grows",
        place=lab.stage.find("link.py", r"sleep\("),
        hint="sleep until the message is due, which is decided when it is sent: due - netlib.clock()",
    )


def stands_still(lab: Lab, program: Program, rate: float) -> Wrong:
    """Hardly any frame is drawn."""
    blocked = program.trouble("blocked")
    return wrong(
        lab,
        "the window goes on while messages wait in the link",
        f"{rate:.0f} frames a second",
        BLOCKED,
        place=blocked.place if blocked else lab.stage.find("link.py", r"\bsleep\("),
        hint="await asyncio.sleep(…), never time.sleep",
    )


def not_half(lab: Lab, seconds: float, what: str, link: str) -> Wrong:
    """One way does not take half of the latency."""
    expected = f"with --latency 400 it takes about 200 ms {what}"
    if seconds < 0.1:
        return wrong(
            lab,
            expected,
            f"it takes {ms(seconds)}",
            f"nothing is added: messages do not go over self.{link}, or milliseconds were made of it twice",
            place=lab.stage.function("slow_client.py", "send" if link == "outgoing" else "received"),
            hint=f"self.{link}.send(partial(…)); and conditions.latency is in seconds",
        )
    return wrong(
        lab,
        expected,
        f"it takes {ms(seconds)}",
        "the latency is that of the round trip, and this direction alone takes all of it",
        place=lab.stage.find("link.py", r"latency"),
        hint="due = netlib.clock() + self.conditions.latency / 2",
    )


def not_changed(lab: Lab, seconds: float, link: str) -> Wrong:
    """After F4 the delay is not what the new latency says."""
    expected = f"after F4, F4 the latency is 750 ms: 375 ms for what is {link}"
    place = lab.stage.find("slow_client.py", r"\.conditions =")
    if seconds < 0.365:
        return wrong(
            lab,
            expected,
            f"it takes {ms(seconds)}, as before",
            f"the {link} link keeps what it was given at the start",
            place=place,
            hint="set the conditions of both links, and look at them anew for each message",
        )
    return wrong(
        lab,
        expected,
        f"it takes {ms(seconds)}",
        "the new latency is added to the old one, in the place of replacing it",
        place=place or lab.stage.find("link.py", r"\+="),
        hint="keep only the newest conditions, and calculate each message's time from them alone",
    )


def out_of_order(lab: Lab, saw: str) -> Wrong:
    """Messages overtake each other."""
    return wrong(
        lab,
        "messages arrive in the order in which they were sent, however much the link varies",
        saw,
        "every message sleeps by itself, and one that sleeps less overtakes; over TCP that cannot be",
        place=lab.stage.find("link.py", r"create_task|call_later|call_at|sleep\(|PriorityQueue|heap"),
        hint="one task delivers all messages, the oldest first; what is due early waits for those before it",
    )


def mismeasured(lab: Lab, rtt: float | None, asked: int) -> Wrong:
    """The shown round trip is not what it was."""
    expected = "the window shows about RTT 400 ms, when each answer comes 400 ms after its request"
    place = lab.stage.find("client.py", r"round_trip\.add\(") or lab.stage.function("client.py", "answered")
    if not asked:
        return wrong(
            lab,
            expected,
            "the server got no echo request",
            "nobody asks",
            place=lab.stage.function("client.py", "keep_asking"),
            hint="client.spawn(self.keep_asking()), and in it send an EchoRequest now and then",
        )
    if rtt is not None and 0.15 < rtt < 0.3:
        return wrong(
            lab,
            expected,
            f"it shows {ms(rtt)}",
            "half of the time is taken, and the round trip is both ways",
            place=place,
            hint="netlib.clock() - reply.time is the whole of it; nothing is to be divided",
        )
    if rtt is not None and rtt > 60:
        cause = "two clocks are compared, and one of them counts from 1970"
    elif rtt is not None and rtt < 0.01:
        cause = (
            "no time is measured, or the server's clock is used, and the server's clock began at another time"
        )
    else:
        cause = "something else than the time from the request to its answer is measured"
    return wrong(
        lab,
        expected,
        f"it shows {f'{ms(rtt)}' if rtt is None or rtt < 60 else f'{rtt:.0f} seconds'}",
        cause,
        place=place,
        hint="netlib.clock() - reply.time: both are of our clock; server_time and time.time() are of others",
    )


def past_the_link(lab: Lab, rtt: float | None) -> Wrong:
    """Echo requests do not go over the simulated link, or their time is taken too late."""
    return wrong(
        lab,
        "with --latency 400 the window shows about RTT 400 ms",
        f"it shows {ms(rtt)}",
        "the echo does not take the whole way: it goes past a link, or its time is noted only behind it",
        place=lab.stage.find("client.py", r"EchoRequest\(|super\(\)|Client\.send"),
        hint="self.client.send(EchoRequest(netlib.clock())): the time of asking, and then the whole way",
    )


def stays(lab: Lab, rtt: float | None, *, rises: bool, asked: int) -> Wrong:
    """The shown round trip does not get smaller; ``rises`` tells whether it gets larger."""
    expected = "when answers come after 50 ms in the place of 400, the shown round trip falls"
    place = lab.stage.find("round_trip.py", r"self\.smoothed") or lab.stage.function("round_trip.py", "add")
    if asked < FEW:
        return wrong(
            lab,
            expected,
            f"it still shows {ms(rtt)}; the server got {asked} echo request in some seconds",
            "it asks only at the beginning",
            place=lab.stage.function("client.py", "keep_asking"),
            hint="while True: send an EchoRequest, then await asyncio.sleep(ASK_SECONDS)",
        )
    if rises:
        return wrong(
            lab,
            expected,
            f"it still shows {ms(rtt)}; it rises when they get slower",
            "the largest measurement is kept for ever",
            place=lab.stage.find("round_trip.py", r"max\(|>") or place,
            hint="move self.smoothed towards each measurement, up as well as down",
        )
    return wrong(
        lab,
        expected,
        f"it still shows {ms(rtt)}, and would not rise, either",
        "only the first measurement counts",
        place=place,
        hint="each later measurement moves self.smoothed by WEIGHT of the difference",
    )


def thrown(lab: Lab, rtt: float) -> Wrong:
    """A few late answers are shown as if all were so."""
    return wrong(
        lab,
        "three answers that take a second longer move the shown round trip a little",
        f"it jumped to {ms(rtt)}",
        "the newest measurement is shown as it is, or counts far too much",
        place=lab.stage.find("round_trip.py", r"self\.smoothed"),
        hint="a new measurement moves self.smoothed by an eighth of the difference",
    )
