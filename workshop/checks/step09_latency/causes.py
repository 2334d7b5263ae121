"""What may be behind the failures of step 09."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import discards, has, lacks, raised, unless

SEND, CARRY, ADD, ANSWERED = "Link.send", "Link.carry", "RoundTrip.add", "Meter.answered"
DUE = "due = netlib.clock() + link.latency / 2 + …, in seconds"
MEASURE = "netlib.clock() - reply.time: both are of our clock, in seconds"

CAUSES = [
    Cause(
        "delayed",
        "`or` takes its other side when the latency is 0, and 0 is a latency like any other",
        DUE,
        has("_.latency or _", file="link.py"),
    ),
    Cause(
        "no_game ended_early",
        "`deliver` without brackets names the function, and does not call it: no message arrives",
        "deliver()",
        discards("deliver", inside=CARRY),
    ),
    Cause(
        "no_game ended_early out_more back_more queue out_none back_none",
        "the latency is taken times 1000, or a thousandth of it, and it is in seconds already",
        DUE,
        has("_.latency * 1000", "1000 * _.latency", "_.latency / 1000", file="link.py"),
    ),
    Cause(
        "no_game queue few_frames ended_early",
        "time.sleep stops the whole program at this line: the window, and all that is under way",
        "await asyncio.sleep(…)",
        has("time.sleep(_)", "sleep(_)", file="link.py"),
        unless(has("await sleep(_)", file="link.py")),
    ),
    Cause(
        "raised no_game ended_early back_none queue",
        "`super().received(…)` is called here and now, and its result, None, goes into the link",
        "partial(super().received, line, data) makes a function that is called later",
        raised("TypeError", "'NoneType' object is not callable"),
        has("self.incoming.send(super().received(...))", file="slow_client.py"),
    ),
    Cause(
        "queue no_game ended_early",
        "each message sleeps for a length of time, after the one before it: a queue grows",
        "sleep until the message is due: due - netlib.clock()",
        has("await asyncio.sleep(_)", inside=CARRY),
        lacks("_ - _", inside=CARRY),
    ),
    Cause(
        "out_more back_more",
        "nothing in `send` halves the latency: that is both ways, and one direction takes all of it",
        DUE,
        has("_.latency", inside=SEND),
        lacks("_ / 2", "_ / 2.0", "_ * 0.5", "0.5 * _", inside=SEND),
    ),
    Cause(
        "back_none",
        "`received` does not use self.incoming: what the server sends goes past the link",
        "self.incoming.send(partial(super().received, line, data))",
        lacks("self.incoming", inside="SlowClient.received"),
    ),
    Cause(
        "back_unchanged",
        "the setter of `link` changes what is sent, not what arrives",
        "self.outgoing.conditions = self.incoming.conditions = conditions",
        lacks("self.incoming", inside="SlowClient.link"),
        about="",
    ),
    Cause(
        "out_unchanged back_unchanged",
        "`send` does not look at self.conditions, and those are what F4 sets",
        "link = self.conditions, read again for each message",
        lacks("self.conditions", inside=SEND),
    ),
    Cause(
        "out_added back_added",
        "`+=` adds the new latency to the old one instead of replacing it",
        "keep only the newest conditions, and work out each message's time from them alone",
        has("_ += _", inside="SlowClient.link"),
        about="",
    ),
    Cause(
        "overtaken",
        "each message has a task or a timer of its own, so that a message that waits less overtakes",
        "one task delivers all messages, the oldest first; what is due early waits for those before it",
        has("_.create_task(...)", "_.ensure_future(...)", "_.call_later(...)", "_.spawn(...)", inside=SEND),
        about="",
    ),
    Cause(
        "overtaken",
        "messages are sorted by the time when they are due, and over TCP they come as they were sent",
        "a queue gives first what came first",
        has(
            "asyncio.PriorityQueue(...)",
            "heapq.heappush(...)",
            "heappush(...)",
            "_.sort(...)",
            file="link.py",
        ),
    ),
    Cause(
        "never_early never_late",
        "`send` does not look at the jitter",
        "random.uniform(-link.jitter, link.jitter) is added to the time when the message is due",
        lacks("_.jitter", inside=SEND),
    ),
    Cause(
        "never_early",
        "the jitter is counted from 0 on, so that it only ever makes messages later",
        "random.uniform(-link.jitter, link.jitter)",
        has("random.uniform(0, _)", "random.uniform(0.0, _)", "random.random() * _.jitter", inside=SEND),
        unless(has("_ - _.jitter", inside=SEND)),
    ),
    Cause(
        "first",
        "no `if` tells the first measurement from the later ones, so that it counts a part like any other",
        "if self.smoothed is None: self.smoothed, self.variation = measured, measured / 2",
        lacks("if _: ...", "_ if _ else _", inside=ADD),
        has("self.smoothed += _", inside=ADD),
    ),
    Cause(
        "thrown",
        "the newest measurement takes the place of all before it",
        "a later one moves self.smoothed by WEIGHT of the difference",
        has("self.smoothed = measured", inside=ADD),
        lacks("WEIGHT", "self.smoothed += _", "self.smoothed = _ + _", inside=ADD),
    ),
    Cause(
        "thrown only_up",
        "only the largest measurement is kept",
        "move self.smoothed towards each measurement, up as well as down",
        has("max(self.smoothed, ...)", "max(..., self.smoothed)", inside=ADD),
    ),
    Cause(
        "stuck",
        "only the first measurement is kept: nothing moves self.smoothed later",
        "each later one moves it by WEIGHT of the difference",
        has("if self.smoothed is None: ...", inside=ADD),
        lacks("self.smoothed += _", "self.smoothed = _ + _", "self.smoothed -= _", inside=ADD),
    ),
    Cause(
        "variation",
        "differences count with their sign, so that those up and those down cancel each other out",
        "abs(difference) is its size",
        has("self.variation += _", "self.variation = _ + _", inside=ADD),
        lacks("abs(_)", "_ ** 2", "_ if _ else _", inside=ADD),
    ),
    Cause(
        "nobody_asks",
        "nothing starts `keep_asking`",
        "client.spawn(self.keep_asking())",
        lacks("self.keep_asking()", "_.keep_asking()", file="client.py"),
    ),
    Cause(
        "half",
        "half of the time is taken, and the round trip is the whole of it",
        MEASURE,
        has("_ / 2", "_ * 0.5", inside=ANSWERED),
    ),
    Cause(
        "huge odd",
        "two clocks are compared, and time.time() counts from 1970",
        MEASURE,
        has("time.time()", file="client.py"),
    ),
    Cause(
        "huge odd half",
        "the server's clock is in it, and that began at another time than ours",
        MEASURE,
        has("_.server_time", inside=ANSWERED),
    ),
    Cause(
        "huge",
        "seconds are wanted, and the window makes milliseconds of them",
        MEASURE,
        has("_ * 1000", "1000 * _", inside=ANSWERED),
    ),
    Cause(
        "odd",
        "`reply.time` is not used, which says when this very question was asked; others were asked since",
        MEASURE,
        lacks("_.time", inside=ANSWERED),
    ),
    Cause(
        "stays",
        "`keep_asking` has no loop: it asks once",
        "while True: send an EchoRequest, then await asyncio.sleep(ASK_SECONDS)",
        lacks("while _: ...", "for _ in _: ...", "async for _ in _: ...", inside="Meter.keep_asking"),
    ),
    Cause(
        "past_the_link",
        "the question is sent by netlib's own client, past the link",
        "self.client.send(EchoRequest(netlib.clock()))",
        has("_.Client.send(...)", "super().send(...)", file="client.py"),
    ),
]
