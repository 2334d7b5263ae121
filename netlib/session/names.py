"""Text that people type for others to see: names and chat, in any script, with nothing hidden in it.

What cannot be seen is what Unicode calls default-ignorable (UAX #44): two names that differ in nothing
else would pass for one. Joiners and variation selectors are fine where they shape what stands beside
them: in emoji (UTS #51), and in the scripts of Iran and India (RFC 5892, appendix A).
"""

import re
import unicodedata
from collections.abc import Collection

MAX_NAME = 20  # characters of a player's name
MAX_MARKS = 2  # combining marks on one letter: Vietnamese and Thai need as many
MAX_VOWEL_MARKS = 4  # the same in scripts that write vowels as marks, such as Burmese, Hindi and Tibetan
_VOWEL_MARK = re.compile("[\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff]")
# Nothing to see here, though by their categories some of these are letters, symbols and marks.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
# The last range has room for emoji that are newer than this Python's tables.
_PICTURE = "[©®‼⁉™ℹ\u2190-\u23ff\u24c2\u25a0-\u27bf\u2900-\u2bff\u3030\u303d㊗㊙\U0001f000-\U0001faff]"
_SHAPED = "[\u0620-\u065f\u066e-\u06ef\u06fa-\u0dff\u1000-\u109f\u1780-\u18aa]"  # Arabic, Indic and their kin
_VIRAMA = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]"
_PART = re.compile(  # what belongs together: flags of regions, other emoji, keycaps, joiners in their place
    "(?s)(\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f"
    f"|{_PICTURE}[\ufe0e\ufe0f]?(?:\u200d{_PICTURE}[\ufe0e\ufe0f]?)*|[0-9#*]\ufe0f\u20e3"
    f"|(?<={_SHAPED})[\u200c\u200d](?={_SHAPED})|(?<={_VIRAMA})[\u200c\u200d])|[ -~]+(?!\ufe0f)|."
)


def readable(text: str) -> str:
    """The text without what cannot be seen, and with no more marks on a letter than writing needs."""
    kept, marks = "", 0
    for part in _PART.finditer(text):
        char, kind = part[0], unicodedata.category(part[0][0])
        hidden = not part[1] and (kind.startswith(("C", "Zl", "Zp")) or bool(_BLANK.match(char)))
        # What is hidden, and a joiner, begins no new letter.
        marks = marks + 1 if kind in ("Mn", "Me") else marks * (hidden or kind == "Cf")
        if not hidden and marks <= (MAX_VOWEL_MARKS if _VOWEL_MARK.match(char) else MAX_MARKS):
            kept += char
    return kept


def tidy(name: str) -> str:
    """The name in one form of Unicode (NFC), with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """By what names are compared: without regard to case, width, other forms of a letter, and joiners."""
    folded = unicodedata.normalize("NFKC", _BLANK.sub("", name)).casefold()
    return tidy(unicodedata.normalize("NFKC", folded).casefold())  # the first pass may leave a little


def name_problem(name: str) -> str | None:
    """What is wrong with a player's name, or None: 1 to 20 characters, all of them to be seen."""
    if (length := max(len(name), len(tidy(name)))) > MAX_NAME:
        return f"your name has {length} characters; choose one with at most {MAX_NAME}"
    if any(readable(form) != form for form in (name, tidy(name))):
        return "your name has control characters or hidden ones, or three accents on a letter; leave them out"
    if all(unicodedata.category(char).startswith(("M", "Z", "Cf")) for char in name):
        return "your name is empty; choose one with at least one letter"
    return None


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, or "Ada 2" when somebody has "Ada" or what is the same by `name_key`."""
    used, name = {name_key(other) for other in taken}, tidy(name)
    number, candidate = 1, name
    while name_key(candidate) in used:
        number += 1
        suffix = f" {number}"  # what is cut for it may leave half an emoji
        candidate = readable(name[: MAX_NAME - len(suffix)]).rstrip() + suffix
    return candidate
