"""A stretch of a recording as a file that anybody can look at: a GIF, or a strip of pictures (PNG)."""

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pygame

from workshop import extras
from workshop.errors import WorkshopError
from workshop.files import set_aside, write_whole
from workshop.game.drawing.palette import INK
from workshop.game.drawing.replay_panels import minutes
from workshop.game.drawing.text import Text

GIF_SIZE, STRIP_SIZE = (640, 360), (426, 240)  # pixels of a picture
GIF_FPS, LONGEST, COLOURS, SAMPLES = 10, 30.0, 255, 4  # pictures a second; seconds; pictures that tell which
PICTURES, CAPTION = 6, 28  # in a strip; pixels below them


def save(path: Path, begin: float, end: float, draw: Callable[..., Iterable[pygame.Surface]]) -> None:
    """Write what happens between two times, in seconds; a file of that name is renamed.

    ``draw`` gives a picture for each time of a list, in a size. Raises WorkshopError when that cannot be;
    the text says why; and OSError when the file cannot be written.
    """
    is_gif = path.suffix.lower() == ".gif"
    if path.suffix.lower() not in (".gif", ".png"):
        raise WorkshopError(f"{path}: choose a name that ends in .gif, or in .png for a strip of pictures")
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


def _gif(pictures: Iterable[pygame.Surface]) -> bytes:
    from PIL import Image

    frames = [Image.frombytes("RGB", GIF_SIZE, pygame.image.tobytes(it, "RGB")) for it in pictures]
    sheet, file = Image.new("RGB", (GIF_SIZE[0], GIF_SIZE[1] * SAMPLES)), BytesIO()
    for number in range(SAMPLES):
        sheet.paste(frames[number * len(frames) // SAMPLES], (0, number * GIF_SIZE[1]))
    palette = sheet.quantize(COLOURS, Image.Quantize.FASTOCTREE)
    first, *others = (it.quantize(palette=palette, dither=Image.Dither.NONE) for it in frames)
    first.save(file, "GIF", save_all=True, append_images=others, duration=1000 // GIF_FPS, loop=0)
    return file.getvalue()


def _strip(pictures: Iterable[pygame.Surface], times: list[float]) -> bytes:
    (width, height), text, file = STRIP_SIZE, Text(), BytesIO()
    strip = pygame.Surface((PICTURES * width, height + CAPTION))
    strip.fill(INK)
    for number, picture in enumerate(pictures):
        strip.blit(picture, (number * width, 0))
        text.write(strip, minutes(times[number], 2), 18, midtop=(number * width + width // 2, height + 4))
    pygame.image.save(strip, file, "strip.png")
    return file.getvalue()
