#!/usr/bin/env bash
# Makes the corpus of `npm run bench:exact`: PNG files by real encoders, OUT/corpus/<encoder>/<picture>.png.
# Encoders that are not installed are skipped with a line; files that exist are kept.
#
#   bench/exact/make-corpus.sh DATA OUT
#
# DATA           directory of the sets (../shared/data)
# OUT            directory for pictures/, tools/ and corpus/
# PIXRNN_PYTHON  Python 3 with Pillow and numpy, and any of: deflate fpng-py imagecodecs isal opencv-python-headless
#                pyoxipng pypng zlib-ng zopfli (python3)
# PIXRNN_NPM     directory whose node_modules has any of: @cwasm/lodepng @jsquash/png @napi-rs/canvas @napi-rs/image
#                fast-png pngjs upng-js (.)
# MINIZ, FPNGE   source directories of richgel999/miniz and veluca93/fpnge
#
# Debian: advancecomp ffmpeg g++ golang-go graphicsmagick imagemagick liblodepng-dev libpng-dev libspng-dev libstb-dev
# netpbm openjdk-17-jdk-headless optipng pngcrush pngquant zopfli
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=$1
out=$2
python=${PIXRNN_PYTHON:-python3}
tools=$out/tools
mkdir -p "$tools" "$out/corpus"

compile_native() {
  local flags=() libraries=() name
  has() { printf '#include <%s>\nint main() {}\n' "$1" | g++ -x c++ - -o /dev/null 2>/dev/null; }
  if has lodepng.h; then flags+=(-DHAVE_LODEPNG) libraries+=(-llodepng); fi
  if has spng.h; then flags+=(-DHAVE_SPNG) libraries+=(-lspng); fi
  if has stb/stb_image_write.h; then flags+=(-DHAVE_STB); fi
  if [[ -n ${MINIZ:-} ]]; then
    # CMake generates this header.
    mkdir -p "$tools/miniz"
    echo '#define MINIZ_EXPORT' >"$tools/miniz/miniz_export.h"
    for name in miniz miniz_tdef miniz_tinfl miniz_zip; do
      gcc -O2 -DMINIZ_NO_ZLIB_COMPATIBLE_NAMES -I"$MINIZ" -I"$tools/miniz" -c "$MINIZ/$name.c" -o "$tools/miniz/$name.o"
    done
    flags+=(-DHAVE_MINIZ "-I$MINIZ" "-I$tools/miniz") libraries+=("$tools"/miniz/*.o)
  fi
  if [[ -n ${FPNGE:-} ]]; then
    g++ -O3 -mavx2 -mpclmul -c "$FPNGE/fpnge.cc" -o "$tools/fpnge.o"
    flags+=(-DHAVE_FPNGE "-I$FPNGE") libraries+=("$tools/fpnge.o")
  fi
  g++ -O2 -std=c++17 "${flags[@]}" "$here/encode_native.cc" "${libraries[@]}" -lpng -lz -o "$tools/encode_native"
}

compile_native || echo 'encode_native: skipped, it does not compile'
go build -o "$tools/encode_go" "$here/encode_go.go" || echo 'encode_go: skipped, it does not compile'
if javac -d "$tools" "$here/EncodeJava.java"; then
  printf '#!/bin/sh\nexec java -cp "%s" EncodeJava "$@"\n' "$(cd "$tools" && pwd)" >"$tools/encode_java"
  chmod +x "$tools/encode_java"
else
  echo 'encode_java: skipped, it does not compile'
fi

export PYTHONDONTWRITEBYTECODE=1
PATH=$(cd "$tools" && pwd):$PATH
"$python" "$here/pictures.py" "$data" "$out/pictures"
"$python" "$here/encode_python.py" "$out/pictures" "$out/corpus"
node "$here/../../build/bench/exact/encode-node.js" --pictures "$out/pictures" --out "$out/corpus" --packages "${PIXRNN_NPM:-.}"
"$python" "$here/encode_commands.py" "$out/pictures" "$out/corpus"
