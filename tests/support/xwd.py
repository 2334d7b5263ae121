"""Read the picture that Xvfb keeps in a file: an X window dump, as XWDFile.h of X11 describes it."""

import struct
from dataclasses import dataclass

import pygame

HEADER = struct.Struct(">25I")  # 25 big-endian words; the names of those that we need are below
COLOUR_BYTES = 12  # one entry of the colour map, which stands between header and pixels
LSB_FIRST = 0


@dataclass(frozen=True)
class _Header:
    size: int
    width: int
    height: int
    byte_order: int
    bits_per_pixel: int
    bytes_per_line: int
    colours: int


def decode(dump: bytes) -> pygame.Surface:
    """Return a window dump as a picture without alpha."""
    header = _read_header(dump)
    if (header.bits_per_pixel, header.byte_order) != (32, LSB_FIRST):
        raise ValueError(f"only 32-bit little-endian pixels can be read, this is {header}")
    start = header.size + header.colours * COLOUR_BYTES
    pixels = dump[start : start + header.bytes_per_line * header.height]
    return _from_bgrx(pixels, header.bytes_per_line // 4, header.height).subsurface(
        (0, 0, header.width, header.height)
    )


def _read_header(dump: bytes) -> _Header:
    words = HEADER.unpack_from(dump)
    return _Header(words[0], words[4], words[5], words[7], words[11], words[12], words[19])


def _from_bgrx(pixels: bytes, width: int, height: int) -> pygame.Surface:
    rgb = bytearray(width * height * 3)
    rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
    return pygame.image.frombytes(bytes(rgb), (width, height), "RGB")
