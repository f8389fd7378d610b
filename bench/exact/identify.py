"""Reports which deflate library made the files of a corpus, by compressing their contents again.

python3 identify.py CORPUS [ENCODER ...]
Prints for each encoder and library how many files are reproduced byte for byte, and with which settings.
"""

import itertools
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

PICTURES = ("scan_text", "house")
# Most wrong settings already differ in the start of a stream.
START = 100_000

Setting = tuple[str, Callable[[bytes], bytes]]


def stream_of(png: bytes) -> bytes:
    """Returns the contents of all IDAT chunks."""
    at, parts = 8, []
    while at + 12 <= len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            parts.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)


def zlib_setting(library, raw: bytes, stream: bytes, piece: int) -> str | None:
    """Returns the settings with which a library with zlib's interface makes the stream from pieces of `piece` bytes."""

    def compress(data: bytes, options: tuple[int, ...], finish: bool) -> bytes:
        state = library.compressobj(*options)
        parts = [state.compress(data[at : at + piece]) for at in range(0, len(data), piece)]
        return b"".join(parts) + (state.flush() if finish else b"")

    # The strategies Huffman, RLE and fixed (2 to 4) depend little on the level.
    pairs = [*itertools.product(range(10), (1, 0)), *itertools.product((1, 6, 9), (2, 3, 4))]
    for (level, strategy), memory in itertools.product(pairs, (8, 9)):
        options = (level, 8, 15, memory, strategy)
        # libpng rewrites the first two bytes, which hold the window's size and the level.
        start = compress(raw[:START], options, False)
        if start[2:] == stream[2 : len(start)] and compress(raw, options, True)[2:] == stream[2:]:
            return f"level {level} strategy {strategy} memory {memory}"
    return None


def other_setting(settings: list[Setting], raw: bytes, stream: bytes) -> str | None:
    return next((name for name, compress in settings if compress(raw)[2:] == stream[2:]), None)


def libraries() -> dict[str, Callable[[bytes, bytes, int], str | None]]:
    found = {"zlib": lambda raw, stream, row: zlib_setting(zlib, raw, stream, len(raw))}
    try:
        from zlib_ng import zlib_ng

        # Its matches depend on how the data arrive; libpng passes rows.
        found["zlib-ng"] = lambda raw, stream, row: zlib_setting(zlib_ng, raw, stream, len(raw))
        found["zlib-ng by rows"] = lambda raw, stream, row: zlib_setting(zlib_ng, raw, stream, row)
    except ImportError:
        pass
    try:
        from isal import isal_zlib

        isal = [(f"level {level}", lambda raw, level=level: isal_zlib.compress(raw, level)) for level in range(4)]
        found["isal"] = lambda raw, stream, row: other_setting(isal, raw, stream)
    except ImportError:
        pass
    try:
        import deflate

        libdeflate = [
            (f"level {level}", lambda raw, level=level: bytes(deflate.zlib_compress(raw, level))) for level in range(1, 13)
        ]
        found["libdeflate"] = lambda raw, stream, row: other_setting(libdeflate, raw, stream)
    except ImportError:
        pass
    return found


def main(corpus: Path, encoders: list[str]) -> None:
    known = libraries()
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir() and (not encoders or path.name in encoders)):
        files = [folder / f"{picture}.png" for picture in PICTURES if (folder / f"{picture}.png").exists()]
        matches: Counter[str] = Counter()
        for path in files:
            png = path.read_bytes()
            stream = stream_of(png)
            raw = zlib.decompress(stream)
            row = len(raw) // int.from_bytes(png[20:24])
            for library, setting_of in known.items():
                setting = setting_of(raw, stream, row)
                if setting:
                    matches[f"{library} ({setting})"] += 1
        report = ", ".join(f"{count}x {name}" for name, count in matches.most_common()) or "none of the known libraries"
        print(f"{folder.name}: {len(files)} files: {report}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
