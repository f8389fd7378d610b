"""Writes OUT/<encoder>/<picture>.png with the encoders of the installed Python packages.

python3 encode_python.py PICTURES OUT [ENCODER PREFIX]
A package that is missing is skipped with a line. A picture that an encoder does not support is left out.
"""

import io
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np

from png_file import Picture, filter_rows, read_picture, write_png
from selection import takes

Encode = Callable[[Picture], bytes | None]


def samples_of(picture: Picture) -> np.ndarray | None:
    """Returns samples of shape (height, width[, channels]); None for palettes."""
    if picture.colour_type == 3:
        return None
    width, height = picture.image.size
    if picture.depth == 16:
        return np.frombuffer(picture.rows.tobytes(), ">u2").astype(np.uint16).reshape(height, width)
    channels = picture.pixel_bytes
    return picture.rows.reshape((height, width) if channels == 1 else (height, width, channels))


def zlib_encoder(compress: Callable[[bytes], bytes]) -> Encode:
    return lambda picture: write_png(picture, compress(filter_rows(picture)))


def pillow() -> dict[str, Encode]:
    def save(**options: object) -> Encode:
        def encode(picture: Picture) -> bytes:
            out = io.BytesIO()
            picture.image.save(out, "png", **options)
            return out.getvalue()

        return encode

    levels = {f"pillow-{level}": save(compress_level=level) for level in (0, 1, 3, 9)}
    return {"pillow": save(), "pillow-optimize": save(optimize=True), "pillow-rle": save(compress_type=3), **levels}


def real_zlib() -> dict[str, Encode]:
    import zlib

    def compress(level: int, strategy: int = zlib.Z_FILTERED, window: int = 15, memory: int = 8) -> Encode:
        def run(raw: bytes) -> bytes:
            state = zlib.compressobj(level, zlib.DEFLATED, window, memory, strategy)
            return state.compress(raw) + state.flush()

        return zlib_encoder(run)

    encoders = {f"zlib-{level}": compress(level) for level in range(10)}
    encoders["zlib-6-default"] = compress(6, zlib.Z_DEFAULT_STRATEGY)
    encoders["zlib-9-default"] = compress(9, zlib.Z_DEFAULT_STRATEGY)
    encoders["zlib-6-huffman"] = compress(6, zlib.Z_HUFFMAN_ONLY)
    encoders["zlib-6-rle"] = compress(6, zlib.Z_RLE)
    encoders["zlib-6-fixed"] = compress(6, zlib.Z_FIXED)
    encoders["zlib-9-memory9"] = compress(9, memory=9)
    encoders["zlib-6-memory1"] = compress(6, memory=1)
    encoders["zlib-6-window12"] = compress(6, window=12)
    return encoders


def zlib_ng() -> dict[str, Encode]:
    from zlib_ng import zlib_ng as library

    def compress(level: int) -> Encode:
        def run(raw: bytes) -> bytes:
            state = library.compressobj(level, library.DEFLATED, 15, 8, library.Z_FILTERED)
            return state.compress(raw) + state.flush()

        return zlib_encoder(run)

    return {f"zlib_ng-{level}": compress(level) for level in (1, 2, 3, 6, 7, 9)}


def isal() -> dict[str, Encode]:
    from isal import isal_zlib

    return {
        f"isal-{level}": zlib_encoder(lambda raw, level=level: isal_zlib.compress(raw, level)) for level in range(4)
    }


def libdeflate() -> dict[str, Encode]:
    import deflate

    return {
        f"libdeflate-{level}": zlib_encoder(lambda raw, level=level: bytes(deflate.zlib_compress(raw, level)))
        for level in (1, 2, 4, 6, 9, 10, 12)
    }


def zopfli() -> dict[str, Encode]:
    from zopfli.zlib import compress

    return {"zopfli-5": zlib_encoder(lambda raw: compress(raw, numiterations=5))}


def pypng() -> dict[str, Encode]:
    import png

    def encode(picture: Picture) -> bytes:
        out = io.BytesIO()
        width, height = picture.image.size
        mode = picture.image.mode
        palette = picture.image.getpalette() if mode == "P" else None
        colours = {"palette": [tuple(palette[at : at + 3]) for at in range(0, len(palette), 3)]} if palette else {}
        writer = png.Writer(
            width, height, greyscale=mode in ("L", "I;16"), alpha=mode == "RGBA", bitdepth=picture.depth, **colours
        )
        writer.write_packed(out, picture.rows)
        return out.getvalue()

    return {"pypng": encode}


def opencv() -> dict[str, Encode]:
    import cv2

    def encode(*options: int) -> Encode:
        def run(picture: Picture) -> bytes | None:
            samples = samples_of(picture)
            if samples is None:
                return None
            if samples.ndim == 3:
                samples = samples[:, :, [2, 1, 0, 3][: samples.shape[2]]]
            return cv2.imencode(".png", np.ascontiguousarray(samples), list(options))[1].tobytes()

        return run

    level, strategy = cv2.IMWRITE_PNG_COMPRESSION, cv2.IMWRITE_PNG_STRATEGY
    return {
        "opencv": encode(),
        "opencv-3": encode(level, 3),
        "opencv-9": encode(level, 9),
        "opencv-6-filtered": encode(level, 6, strategy, cv2.IMWRITE_PNG_STRATEGY_FILTERED),
    }


def imagecodecs() -> dict[str, Encode]:
    library = import_module("imagecodecs")

    def encode(function: str, **options: object) -> Encode:
        def run(picture: Picture) -> bytes | None:
            samples = samples_of(picture)
            return None if samples is None else bytes(getattr(library, function)(samples, **options))

        return run

    return {
        "imagecodecs-png": encode("png_encode"),
        "imagecodecs-png-1": encode("png_encode", level=1),
        "imagecodecs-png-9": encode("png_encode", level=9),
        "imagecodecs-spng": encode("spng_encode"),
        "imagecodecs-spng-1": encode("spng_encode", level=1),
    }


def fpng() -> dict[str, Encode]:
    import fpng_py

    def encode(flags: int) -> Encode:
        def run(picture: Picture) -> bytes | None:
            if picture.image.mode not in ("RGB", "RGBA"):
                return None
            width, height = picture.image.size
            return fpng_py.fpng_encode_image_to_memory(
                picture.rows.tobytes(), width, height, picture.pixel_bytes, fpng_py.CompressionFlags(flags)
            )

        return run

    return {"fpng": encode(0), "fpng-slower": encode(1)}


def oxipng() -> dict[str, Encode]:
    import oxipng as library

    def optimize(**options: object) -> Encode:
        return lambda picture: library.optimize_from_memory(picture.path.read_bytes(), force=True, **options)

    zopfli_deflater = library.Deflaters.zopfli(5)
    return {
        **{f"oxipng-{level}": optimize(level=level) for level in (0, 2, 4)},
        "oxipng-6": optimize(level=6),
        "oxipng-interlaced": optimize(level=2, interlace=library.Interlacing.Adam7),
        "oxipng-zopfli": optimize(level=2, deflate=zopfli_deflater),
    }


GROUPS = (real_zlib, pillow, libdeflate, zlib_ng, isal, opencv, imagecodecs, pypng, fpng, oxipng, zopfli)


def main(pictures: Path, out: Path, prefix: str) -> None:
    sources = [read_picture(path) for path in sorted(pictures.glob("*.png"))]
    for group in GROUPS:
        try:
            encoders = group()
        except ImportError as error:
            print(f"{group.__name__}: skipped, {error}", flush=True)
            continue
        for name, encode in encoders.items():
            if not name.startswith(prefix):
                continue
            folder = out / name
            folder.mkdir(parents=True, exist_ok=True)
            for source in sources:
                target = folder / source.path.name
                if target.exists() or not takes(name, source.path.stem):
                    continue
                coded = encode(source)
                if coded is not None:
                    target.write_bytes(coded)
            print(name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
