"""Writes the source pictures of the corpus: one PNG and one PAM or PGM/PPM file each, with the same samples.

python3 pictures.py DATA OUT
"""

import sys
from pathlib import Path

from PIL import Image

WHOLE = [
    "kodak/kodim01",
    "kodak/kodim05",
    "kodak/kodim13",
    "kodak/kodim23",
    "cid22/1044329",
    "cid22/1279330",
    "gb82/girl-lossless",
    "gb82/house-lossless",
    "mcmaster/mcm5",
    "mcmaster/mcm10",
    "synthetic/code_dracula_screenshot",  # RGB screenshot
    "synthetic/scan_text",  # gray
    "synthetic/chart_chartjs_rotation",  # RGBA
    "synthetic/draw_excalidraw_wireframe",  # palette
    "formats/gray-medical-astro/dicom_dicom_file01",  # 16 bits
]
# Slow encoders get these instead of the photographs above.
CROPS = {"kodak/kodim05": (128, 64), "kodak/kodim13": (0, 128), "cid22/1044329": (0, 128)}
CROP_SIZE = (512, 384)


def name_of(picture: str) -> str:
    return picture.split("/")[-1].removesuffix("-lossless")


def save(image: Image.Image, name: str, out: Path) -> None:
    image.info.clear()
    image.save(out / f"{name}.png")
    # 16-bit PGM is written by hand: Pillow writes the samples in the byte order of the machine.
    if image.mode in ("I;16", "I"):
        samples = image.convert("I;16").tobytes("raw", "I;16B")
        header = f"P5\n{image.width} {image.height}\n65535\n".encode()
        (out / f"{name}.pnm").write_bytes(header + samples)
    elif image.mode in ("L", "RGB"):
        kind = "P5" if image.mode == "L" else "P6"
        header = f"{kind}\n{image.width} {image.height}\n255\n".encode()
        (out / f"{name}.pnm").write_bytes(header + image.tobytes())
    elif image.mode == "RGBA":
        header = f"P7\nWIDTH {image.width}\nHEIGHT {image.height}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
        (out / f"{name}.pnm").write_bytes(header.encode() + image.tobytes())


def main(data: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for picture in WHOLE:
        with Image.open(data / f"{picture}.png") as image:
            image.load()
            save(image, name_of(picture), out)
    for picture, (left, top) in CROPS.items():
        with Image.open(data / f"{picture}.png") as image:
            width, height = CROP_SIZE
            save(image.crop((left, top, left + width, top + height)), f"{name_of(picture)}-crop", out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
