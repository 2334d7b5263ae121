"""What the check of step 05 says about each mistake."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.program import Program
from workshop.checking.verdict import Place, Wrong


def still(lab: Lab, program: Program) -> None:
    """Look whether a listener failed, or kept everybody waiting."""
    if trouble := program.trouble("logged"):
        raise Wrong(
            "no listener fails",
            f"one has raised {trouble.name}; netlib has caught it, and the others were called",
            f"this line raised {trouble}",
            place=trouble.place,
            hint="think of what can come: an id that is unknown by now, for instance",
            sure=True,
        )
    if trouble := program.trouble("blocked"):
        raise Wrong(
            "a listener returns at once: everybody waits for it",
            f"{trouble}: {trouble.message}",
            "this line holds up everything: no message, no tick and no frame until it is over",
            place=trouble.place,
            hint="an async listener may await asyncio.sleep; or write down when, and look at it later",
            sure=True,
        )


def no_word(
    lab: Lab, program: Program, expected: str, saw: str, cause: str, place: Place | None, hint: str
) -> Wrong:
    """Something was not told; perhaps since netlib could not even call the listener."""
    for trouble in program.troubles:
        if trouble.kind == "logged" and trouble.name == "TypeError" and "argument" in trouble.message:
            return Wrong(
                expected,
                saw,
                f"a listener has other parameters than netlib calls it with: {trouble.message}",
                place=place,
                hint="on the server a message's listener gets the peer and the message; an event's the event",
                sure=True,
            )
    return Wrong(expected, saw, cause, place=place, hint=hint)


def not_told(lab: Lab, program: Program, expected: str, saw: str) -> Wrong:
    """Refused, perhaps, but in silence."""
    trouble = program.trouble("logged")
    return Wrong(
        expected,
        saw,
        f"the message reached a listener, which raised {trouble}"
        if trouble
        else "the message was dropped in silence",
        place=trouble.place if trouble else lab.stage.find("server.py", r"\.on\("),
        hint="listen for the class, as server.on(Chat, …): netlib then looks at the fields, and tells Ada",
        sure=True,
    )


def deaf(lab: Lab, program: Program, name: str, expected: str, how: str = "on") -> Wrong:
    """A message has not led to what one sees."""
    return Wrong(
        expected,
        "the message was sent to the client, and nothing has come of it",
        f"no listener for {name} is called, or it does nothing",
        place=lab.stage.find("client.py", rf"client\.on\(.*{name}|client\.on\("),
        hint=f"client.{how}({name}, …), in __init__: before the connection is opened",
    )


def stranger(lab: Lab, program: Program) -> Wrong:
    """A line of somebody who is not here any more is not shown."""
    return Wrong(
        "a line of somebody who has just left is shown all the same",
        "it is not shown",
        "the listener cannot deal with an id that has no name",
        place=lab.stage.find("client.py", r"names\[|def chat"),
        hint='self.fire.name(id) says "somebody" for an id that it does not know',
    )
