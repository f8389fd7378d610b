"""Reports which deflate library made the files of a corpus, by compressing their contents again.

python3 identify.py CORPUS [ENCODER ...]
Prints for each encoder and library how many files are reproduced byte for byte, and with which settings.
"""

import itertools
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

FILES_PER_ENCODER = 4


def stream_of(png: bytes) -> bytes:
    """Returns the contents of all IDAT chunks."""
    at, parts = 8, []
    while at + 12 <= len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            parts.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)


def zlib_like(library) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    # The strategies Huffman, RLE and fixed (2 to 4) do not depend on much of the level.
    pairs = [*itertools.product(range(10), (1, 0)), *itertools.product((1, 6, 9), (2, 3, 4))]
    for (level, strategy), memory in itertools.product(pairs, (8, 9)):

        def compress(raw: bytes, options=(level, 8, 15, memory, strategy)) -> bytes:
            state = library.compressobj(*options)
            return state.compress(raw) + state.flush()

        yield f"level {level} strategy {strategy} memory {memory}", compress


def libraries() -> dict[str, list[tuple[str, Callable[[bytes], bytes]]]]:
    found = {"zlib": list(zlib_like(zlib))}
    try:
        from zlib_ng import zlib_ng

        found["zlib-ng"] = list(zlib_like(zlib_ng))
    except ImportError:
        pass
    try:
        from isal import isal_zlib

        found["isal"] = [(f"level {level}", lambda raw, level=level: isal_zlib.compress(raw, level)) for level in range(4)]
    except ImportError:
        pass
    try:
        import deflate

        found["libdeflate"] = [
            (f"level {level}", lambda raw, level=level: bytes(deflate.zlib_compress(raw, level))) for level in range(1, 13)
        ]
    except ImportError:
        pass
    return found


def main(corpus: Path, encoders: list[str]) -> None:
    known = libraries()
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir() and (not encoders or path.name in encoders)):
        # The smallest files: enough to tell libraries apart, and hundreds of settings are tried.
        files = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_size)[:FILES_PER_ENCODER]
        matches: Counter[str] = Counter()
        for path in files:
            stream = stream_of(path.read_bytes())
            raw = zlib.decompress(stream)
            for library, settings in known.items():
                # Headers differ by level and window; libpng rewrites the window.
                same = next((name for name, compress in settings if compress(raw)[2:] == stream[2:]), None)
                if same:
                    matches[f"{library} ({same})"] += 1
        report = ", ".join(f"{count}x {name}" for name, count in matches.most_common()) or "none of the known libraries"
        print(f"{folder.name}: {len(files)} files: {report}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
