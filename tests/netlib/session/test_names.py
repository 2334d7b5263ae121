"""Names and chat: every script and every emoji, and nothing that hides."""

import unicodedata
from collections.abc import Collection

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlib.session.names import MAX_NAME, free_name, name_key, name_problem, readable, tidy

HIDDEN: dict[str, str] = {
    "nothing": "",
    "a space": " ",
    "only spaces": "\t\n",
    "an ideographic space": "\u3000",
    "NUL": "a\x00b",
    "a line break": "a\nb",
    "a line separator": "\u2028",
    "an escape sequence": "\x1b[31m",
    "right to left": "\u202eadA",
    "an isolate": "\u2066Ada\u2069",
    "an Arabic letter mark": "Ada\u061c",
    "half a character": "\ud800",
    "private use": "\ue000",
    "a zero width space": "Ada\u200b",
    "a word joiner": "\u2060Ada",
    "a byte order mark": "\ufeffAda",
    "a soft hyphen": "A\u00adda",
    "a grapheme joiner": "A\u034fda",
    "a Hangul filler": "\u3164",
    "a halfwidth filler": "Ada\uffa0",
    "a Khmer vowel that is not shown": "Ada\u17b4",
    "a Braille blank": "\u2800",
    "a tag": "A\U000e0041da",
    "a tag behind an emoji": "👩\U000e0041",
    "a flag's tags without their end": "🏴\U000e0067\U000e0062",
    "a selector behind a letter": "Ada\ufe0f",
    "a selector behind a digit": "1\ufe0f",
    "a Mongolian selector": "Ada\u180b",
    "an ideograph's selector": "葛\U000e0100",
    "a joiner between letters": "A\u200dda",
    "a non-joiner between letters": "A\u200cda",
    "a joiner at an emoji's end": "👩\u200d",
    "a joiner at an emoji's beginning": "\u200d👩",
    "a joiner between emoji and letter": "👩\u200dA",
    "a non-joiner between emoji": "👩\u200c💻",
    "a non-joiner at a word's end": "ها\u200c",
    "two non-joiners": "می\u200c\u200cآید",
    "three marks": "a\u0301\u0301\u0301",
    "three marks on an accented letter": "á\u0301\u0301\u0301",
    "three marks with something between": "a\u0301\u0301\u200b\u0301",
    "Zalgo": "Z\u0338\u0321\u035dalgo",
    "a tower of Thai": "ก็็็",
    "five vowel signs": "क" + "\u0941" * 5,
    "only marks": " \u0301",
}


@pytest.mark.parametrize("name", [*HIDDEN.values(), "x" * 21, "x" * 10_000], ids=[*HIDDEN, "21", "10000"])
def test_what_hides_is_no_name(name: str) -> None:
    """Nothing to see, something that is not seen, towers of marks, and what is too long."""
    assert "your name" in (name_problem(name) or "")


SHOWN: dict[str, str] = {
    "ASCII": "Ada Lovelace",
    "one letter": "x",
    "markup": "<b>Ada</b>",
    "the longest": "x" * MAX_NAME,
    "accents": "Zoë",
    "accents of their own": "Zoe\u0308",
    "Vietnamese": "Nguyễn",
    "Vietnamese, two marks": "Nguye\u0302\u0303n",
    "polytonic Greek": "ᾧ",
    "Chinese": "王小明",
    "Japanese with its space": "山田\u3000花子",
    "full width": "Ａｄａ",
    "Hebrew with points": "שָׁלוֹם",
    "Arabic with vowels": "مُحَمَّد",
    "Persian": "می\u200cآید",
    "Persian plural": "خانه\u200cها",
    "Sinhala": "ශ්\u200dරී",
    "Hindi": "क्\u200dष",
    "Hindi, three marks": "ज़ुंबा",
    "Nepali": "गर्\u200dयो",
    "Bengali": "র\u200d্যাব",
    "Malayalam, a joiner at the end": "രാജന്\u200d",
    "Thai": "ทิ้ง",
    "Burmese, three marks": "မြို့",
    "Khmer": "មុំ",
    "Tibetan, three marks": "རྒྱུད",
    "an emoji": "🦊",
    "an emoji with a selector": "❤\ufe0f",
    "an emoji as text": "☺\ufe0e",
    "a technologist": "👩\u200d💻",
    "a technologist with a colour": "👩🏽\u200d💻",
    "a family": "👨\u200d👩\u200d👧\u200d👦",
    "a selector and a joiner": "🏳\ufe0f\u200d🌈",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "two letters that are a flag": "🇩🇪",
    "the flag of Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "a keycap": "1\ufe0f\u20e3",
    "an emoji that is newer than Python 3.11": "\U0001fae8",
}


@pytest.mark.parametrize("name", SHOWN.values(), ids=SHOWN)
def test_what_can_be_seen_is_a_name(name: str) -> None:
    """Letters of the whole world, joiners and selectors where they belong, and pictures; in chat, too."""
    assert name_problem(name) is None
    assert readable(f"{name}, {name}!") == f"{name}, {name}!"
    assert name_problem(free_name(name, [name])) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hi\n\x1b[31mBen\x07", "hi[31mBen"),
        ("a\u200bb\u00adc\u202ed\ufe0fe\u3164", "abcde"),
        ("👩\u200d💻\u200d and \u200d🏽", "👩\u200d💻 and 🏽"),
        ("می\u200cآید\u200c.", "می\u200cآید."),
        ("a" + "\u0301" * 50 + "b", "a\u0301\u0301b"),
        ("a\u0301\u0301\u3164\u0301", "a\u0301\u0301"),
        ("山田\u3000花子", "山田\u3000花子"),
        ("a\u00a0b", "a\u00a0b"),
        ("", ""),
    ],
)
def test_what_hides_is_taken_out_of_chat(typed: str, shown: str) -> None:
    """What a name is refused for does not reach others in a line of chat either; the rest does."""
    assert readable(typed) == shown


LETTERS = (
    "Aé\u0301\u0941\u0338क्می\u200c\u200d\u200b\ufe0f\u20e31❤👩💻🏴\U000e0067\U000e007f\u3164\u3000 \n\u202e"
)


@given(text=st.one_of(st.text(max_size=30), st.text(st.sampled_from(LETTERS), max_size=30)))
def test_what_passes_as_a_name_is_short_and_visible(text: str) -> None:
    """No text whatever raises; what is taken out stays out; what passes has 1 to 20 characters to see."""
    assert readable(readable(text)) == readable(text)
    problem = name_problem(text)
    if problem is not None:
        assert "your name" in problem
        return
    assert 1 <= len(text) <= MAX_NAME
    assert text.strip()
    seen = {unicodedata.category(char) for char in text if char not in "\u200c\u200d\U000e0067\U000e007f"}
    assert not seen & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ADA"),
        ("Ada", "Ａｄａ"),
        ("ADA", "ａｄａ"),
        ("Zoë", "Zoe\u0308"),
        ("Ada  L", " Ada\u3000L "),
        ("Ada\u00a0L", "Ada L"),
        ("Ada 2", "Ada ²"),
        ("fiona", "ﬁona"),
        ("STRASSE", "straße"),
        ("カード", "ｶｰﾄﾞ"),
        ("K", "\u212a"),
        ("άι", "ᾴ"),
        ("می\u200cآید", "میآید"),
        ("👩\u200d💻", "👩💻"),
        ("❤\ufe0f", "❤"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴"),
    ],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    """Neither case, width, spaces, forms of a letter nor what joins letters make another name."""
    assert name_key(one) == name_key(other)
    assert name_key(free_name(one, [other])) != name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Zoë", "Zoe"), ("Ada 1", "Ada 2"), ("é", "è"), ("か", "カ")])
def test_names_that_differ_are_different(one: str, other: str) -> None:
    """Accents, digits and syllabaries count."""
    assert name_key(one) != name_key(other)


@given(st.text(max_size=40))
@example("α\u0345\u0301")
@example("\u0345\u00a8")
def test_a_key_is_a_key_of_itself(name: str) -> None:
    """A tidy name is tidy, and it and a key have the key of the name that was typed."""
    assert tidy(tidy(name)) == tidy(name)
    assert name_key(tidy(name)) == name_key(name)
    assert name_key(name_key(name)) == name_key(name)


names = st.text(st.sampled_from("AaßİiＡ🦊👩\u200d💻❤\ufe0f 2²"), min_size=1, max_size=MAX_NAME).filter(
    lambda name: name_problem(name) is None
)


@given(name=names, taken=st.lists(names, max_size=8))
@example(name="x" * MAX_NAME, taken=["x" * MAX_NAME, "x" * 18 + " 2"])
@example(name="a" * 17 + " bb", taken=["a" * 17 + " bb"])
@example(name="x" * 16 + "👩\u200d💻x", taken=["x" * 16 + "👩\u200d💻x"])
@example(name="x" * 17 + "1\ufe0f\u20e3", taken=["x" * 17 + "1\ufe0f\u20e3"])
def test_a_free_name_is_free_and_still_a_name(name: str, taken: list[str]) -> None:
    """The given name is like nobody else's, can be shown, and is the wanted one where that is free."""
    given_name = free_name(name, taken)
    used = {name_key(other) for other in taken}
    assert name_key(given_name) not in used
    assert name_problem(given_name) is None
    assert given_name == tidy(given_name)
    if name_key(name) not in used:
        assert given_name == tidy(name)


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("Ada", [], "Ada"),
        ("Ada", ["Ada"], "Ada 2"),
        ("ADA", ["Ada", "ada 2"], "ADA 3"),
        ("Ada", ["Ａｄａ", "Ada ²"], "Ada 3"),
        ("x" * 20, ["x" * 20], "x" * 18 + " 2"),
        ("  Ada   L ", [], "Ada L"),
        ("Ada  L", ["Ada L"], "Ada L 2"),
        ("x" * 16 + "👩\u200d💻x", ["x" * 16 + "👩\u200d💻x"], "x" * 16 + "👩 2"),
    ],
)
def test_a_taken_name_gets_a_number(name: str, taken: list[str], free: str) -> None:
    """A long name is cut for its number, and not through an emoji."""
    assert free_name(name, taken) == free


def test_a_hundred_players_of_one_name_find_one_each() -> None:
    """Numbers go on."""
    taken: Collection[str] = []
    for _ in range(100):
        taken = [*taken, free_name("x" * 20, taken)]
    assert len({name_key(name) for name in taken}) == 100
