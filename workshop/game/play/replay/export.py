"""A stretch of a recording as a file that anybody can look at: a GIF, or a strip of pictures (PNG)."""

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pygame

from workshop import extras
from workshop.errors import WorkshopError
from workshop.files import set_aside, write_whole
from workshop.game.drawing.palette import INK
from workshop.game.drawing.replay.bar import minutes
from workshop.game.drawing.text import Text

GIF_SIZE, STRIP_SIZE = (640, 360), (426, 240)  # pixels of a picture
GIF_FPS, LONGEST = 10, 30.0  # pictures a second of a GIF; seconds
COLOURS, SAMPLES = 255, 4  # of a GIF; pictures that decide which
PICTURES, CAPTION = 6, 28  # in a strip; pixels below them
Pictures = Iterable[pygame.Surface]


def save(path: Path, begin: float, end: float, draw: Callable[..., Pictures]) -> None:
    """Write what happens between two times, in seconds; a file of that name is renamed.

    ``draw`` gives a picture for each time of a list, in a size.

    Raises:
        WorkshopError: that cannot be; the text says why.
        OSError: the file cannot be written.
    """
    is_gif = path.suffix == ".gif"
    if end <= begin or (is_gif and end - begin > LONGEST):
        why = f"a GIF has at most {LONGEST:g} s" if end > begin else "that is nothing"
        raise WorkshopError(f"{begin:.1f} to {end:.1f} s cannot be saved: {why}; choose a begin and an end")
    count = max(2, round((end - begin) * GIF_FPS)) if is_gif else PICTURES
    times = [begin + (end - begin) * number / count for number in range(count)]
    if is_gif:
        extras.need("media")
    pictures = draw(times, GIF_SIZE if is_gif else STRIP_SIZE)
    data = _gif(pictures) if is_gif else _strip(pictures, times)
    set_aside(path)
    write_whole(path, data)


def _gif(pictures: Pictures) -> bytes:
    from PIL import Image

    frames = [Image.frombytes("RGB", GIF_SIZE, pygame.image.tobytes(it, "RGB")) for it in pictures]
    sheet, file = Image.new("RGB", (GIF_SIZE[0], GIF_SIZE[1] * SAMPLES)), BytesIO()
    for number in range(SAMPLES):
        sheet.paste(frames[number * len(frames) // SAMPLES], (0, number * GIF_SIZE[1]))
    palette = sheet.quantize(COLOURS, Image.Quantize.FASTOCTREE)
    first, *others = (it.quantize(palette=palette, dither=Image.Dither.NONE) for it in frames)
    first.save(file, "GIF", save_all=True, append_images=others, duration=1000 // GIF_FPS, loop=0)
    return file.getvalue()


def _strip(pictures: Pictures, times: list[float]) -> bytes:
    (width, height), text, file = STRIP_SIZE, Text(), BytesIO()
    strip = pygame.Surface((PICTURES * width, height + CAPTION))
    strip.fill(INK)
    for number, picture in enumerate(pictures):
        strip.blit(picture, (number * width, 0))
        middle = (number * width + width // 2, height + CAPTION // 2)
        text.write(strip, minutes(times[number], 2), 18, center=middle)
    pygame.image.save(strip, file, "strip.png")
    return file.getvalue()
