"""Writes OUT/<encoder>/<picture>.png with the encoders that are programs.

python3 encode_commands.py PICTURES OUT [ENCODER PREFIX]
A program that is not on PATH is skipped with a line. A picture that it refuses is left out.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from selection import takes

# {pnm}, {png}: the source; {out}: the result. '>' before the last word redirects standard output.
COMMANDS: dict[str, list[str]] = {
    "pnmtopng": ["pnmtopng", "{pnm}", ">{out}"],
    "pamtopng": ["pamtopng", "{pnm}", ">{out}"],
    "pnmtopng-1": ["pnmtopng", "-compression=1", "{pnm}", ">{out}"],
    "pnmtopng-9-paeth": ["pnmtopng", "-compression=9", "-paeth", "{pnm}", ">{out}"],
    "pnmtopng-interlaced": ["pnmtopng", "-interlace", "{pnm}", ">{out}"],
    "magick": ["magick", "{png}", "{out}"],
    "magick-95": ["magick", "{png}", "-quality", "95", "{out}"],
    "magick-12": ["magick", "{png}", "-quality", "12", "{out}"],
    "magick-interlaced": ["magick", "{png}", "-interlace", "PNG", "{out}"],
    "gm": ["gm", "convert", "{png}", "{out}"],
    "gm-90": ["gm", "convert", "-quality", "90", "{png}", "{out}"],
    "ffmpeg": ["ffmpeg", "-v", "error", "-y", "-i", "{png}", "{out}"],
    "ffmpeg-mixed": ["ffmpeg", "-v", "error", "-y", "-i", "{png}", "-pred", "mixed", "{out}"],
    "optipng-2": ["optipng", "-quiet", "-force", "-o2", "-out", "{out}", "{png}"],
    "optipng-7": ["optipng", "-quiet", "-force", "-o7", "-out", "{out}", "{png}"],
    "pngcrush": ["pngcrush", "-s", "-force", "{png}", "{out}"],
    "pngcrush-brute": ["pngcrush", "-s", "-force", "-brute", "{png}", "{out}"],
    "pngquant": ["pngquant", "--force", "--output", "{out}", "{png}"],
    "advpng-1": ["advpng", "-q", "-z", "-f", "-1", "{copy}"],
    "advpng-2": ["advpng", "-q", "-z", "-f", "-2", "{copy}"],
    "advpng-3": ["advpng", "-q", "-z", "-f", "-3", "{copy}"],
    "advpng-4": ["advpng", "-q", "-z", "-f", "-4", "{copy}"],
    "zopflipng": ["zopflipng", "-y", "--always_zopflify", "{png}", "{out}"],
    "zopflipng-filters": ["zopflipng", "-y", "--always_zopflify", "--filters=0me", "{png}", "{out}"],
}

# Programs that make-corpus.sh compiles.
NATIVE = (
    *(f"libpng-{level}" for level in range(10)),
    *(f"libpng-6-{variant}" for variant in ("huffman", "rle", "fixed", "default", "none", "sub", "up", "paeth")),
    "libpng-6-interlaced",
    *("lodepng", "lodepng-best", "spng-1", "spng-6", "stb-8", "stb-32"),
    *("miniz-1", "miniz-6", "miniz-9", "miniz-10", "fpnge-1", "fpnge-4", "fpnge-5"),
)
COMMANDS |= {name: ["encode_native", name, "{pnm}", "{out}"] for name in NATIVE}
COMMANDS |= {f"go-{level}": ["encode_go", level, "{png}", "{out}"] for level in ("default", "none", "fast", "best")}
COMMANDS |= {f"java-{quality}": ["encode_java", quality, "{png}", "{out}"] for quality in ("default", "0", "0.5", "0.9")}


def run(command: list[str], png: Path, target: Path, scratch: Path) -> None:
    out = scratch / "out.png"
    out.unlink(missing_ok=True)
    pnm = png.with_suffix(".pnm")
    if "{pnm}" in command and not pnm.exists():
        return
    if "{copy}" in command:  # the program works in place
        shutil.copy(png, out)
    words = [word.format(pnm=pnm, png=png, out=out, copy=out) for word in command]
    redirect = words[-1].startswith(">")
    result = subprocess.run(words[:-1] if redirect else words, capture_output=True)
    if result.returncode == 0 and redirect:
        out.write_bytes(result.stdout)
    if result.returncode != 0 or not out.exists() or out.stat().st_size == 0:
        print(f"{target.parent.name}: no {target.name}: {result.stderr.decode(errors='replace').strip()[:100]}")
        return
    if out.read_bytes() == png.read_bytes():
        print(f"{target.parent.name}: no {target.name}: the program leaves the source as it is")
        return
    shutil.move(out, target)


def main(pictures: Path, out: Path, prefix: str, scratch: Path) -> None:
    for name, command in COMMANDS.items():
        if not name.startswith(prefix):
            continue
        if shutil.which(command[0]) is None:
            print(f"{name}: skipped, {command[0]} is not installed", flush=True)
            continue
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(pictures.glob("*.png")):
            if takes(name, source.stem) and not (folder / source.name).exists():
                run(command, source, folder / source.name, scratch)
        print(name, flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "", Path(folder))
