"""A small folder of decks, with each kind of thing that a slide may have."""

from pathlib import Path

TITLE = """\
---
title: The day
minutes: 2
---
# You press a key
What happens until the **others** see it?

Note:
1 min. Say good morning.

---
## The day
- [the echo](step02_echo.md)
- [a protocol](https://example.org/protocol)

| a | b |
| --- | --- |
| `x` | 2 < 3 |

Note:
1 min. Tell them about **the breaks**.
"""
ECHO = """\
---
title: Echo
minutes: 3
---
# A server answers
![Who decides](diagrams/authority.svg)

Note:
1 min. Draw it.

---
## The same line
```python solutions/step02_echo/server.py
async for message in connection:
    count += 1
```
It counts.

Note:
1.5 min. Read it aloud.

---
## Seen
![One pixel](pictures/pixel.png)

Note:
0.5 min. Wait.
"""
DRAWING = """\
<?xml version="1.0"?>
<svg class="diagram" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 560"><circle r="9"/></svg>
"""
HEADINGS = ["You press a key", "The day", "A server answers", "The same line", "Seen"]


def small(folder: Path) -> Path:
    """Put two decks, a drawing and a picture into a new folder; return it."""
    for name in ("diagrams", "pictures"):
        (folder / name).mkdir(parents=True)
    (folder / "title.md").write_text(TITLE, encoding="utf-8")
    (folder / "step02_echo.md").write_text(ECHO, encoding="utf-8")
    (folder / "diagrams" / "authority.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "pictures" / "pixel.png").write_bytes(b"\x89PNG")
    return folder
