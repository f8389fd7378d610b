"""PNG files around zlib streams that other libraries make: libpng's filters and chunks."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {"L": 0, "I;16": 0, "RGB": 2, "P": 3, "LA": 4, "RGBA": 6}


@dataclass(frozen=True)
class Picture:
    """One source picture. `rows` holds the packed samples, uint8, shape (height, bytes per row)."""

    path: Path
    image: Image.Image
    rows: np.ndarray
    depth: int
    pixel_bytes: int

    @property
    def colour_type(self) -> int:
        return COLOUR_TYPES[self.image.mode]


def read_picture(path: Path) -> Picture:
    image = Image.open(path)
    image.load()
    depth = 16 if image.mode == "I;16" else 8
    samples = image.tobytes("raw", "I;16B") if depth == 16 else image.tobytes()
    rows = np.frombuffer(samples, np.uint8).reshape(image.height, -1)
    return Picture(path, image, rows, depth, rows.shape[1] // image.width)


def filter_rows(picture: Picture) -> bytes:
    """Filters rows as libpng does: none for palettes, else the smallest sum of absolute differences; ties take the lower type."""
    rows = picture.rows.astype(np.int32)
    height, width = rows.shape
    if picture.colour_type == 3:
        return np.hstack([np.zeros((height, 1), np.uint8), picture.rows]).tobytes()
    left = np.zeros_like(rows)
    left[:, picture.pixel_bytes :] = rows[:, : -picture.pixel_bytes]
    up = np.zeros_like(rows)
    up[1:] = rows[:-1]
    corner = np.zeros_like(rows)
    corner[1:] = left[:-1]
    estimate = left + up - corner
    d_left, d_up, d_corner = (abs(estimate - other) for other in (left, up, corner))
    paeth = np.where((d_left <= d_up) & (d_left <= d_corner), left, np.where(d_up <= d_corner, up, corner))
    predictions = np.stack([np.zeros_like(rows), left, up, (left + up) // 2, paeth])
    filtered = ((rows - predictions) & 255).astype(np.uint8)
    sums = np.minimum(filtered.astype(np.int64), 256 - filtered.astype(np.int64)).sum(axis=2)
    types = sums.argmin(axis=0)
    chosen = filtered[types, np.arange(height)]
    return np.hstack([types.astype(np.uint8)[:, None], chosen]).tobytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(picture: Picture, stream: bytes, part: int = 8192) -> bytes:
    """Returns a PNG file with the zlib stream cut into IDAT chunks of `part` bytes."""
    width, height = picture.image.size
    header = struct.pack(">IIBBBBB", width, height, picture.depth, picture.colour_type, 0, 0, 0)
    palette = picture.image.getpalette() if picture.colour_type == 3 else None
    parts = [SIGNATURE, chunk(b"IHDR", header)]
    if palette:
        parts.append(chunk(b"PLTE", bytes(palette)))
    parts += [chunk(b"IDAT", stream[at : at + part]) for at in range(0, len(stream), part)]
    return b"".join([*parts, chunk(b"IEND", b"")])
