#!/bin/sh
# Registers .prnn files with the desktop of this user: the MIME type image/x-prnn, and its magic for file(1).
#
#   sh scripts/install-desktop.sh             installs to $XDG_DATA_HOME, by default ~/.local/share
#   sh scripts/install-desktop.sh --remove    removes what was installed
set -eu

here=$(cd "$(dirname "$0")/../desktop" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}

if [ "${1:-}" = --remove ]; then
  rm -f "$data/mime/packages/prnn.xml" "$data/pixrnn/magic"
else
  mkdir -p "$data/mime/packages" "$data/pixrnn"
  cp "$here/prnn.xml" "$data/mime/packages/prnn.xml"
  cp "$here/magic" "$data/pixrnn/magic"
fi

if command -v update-mime-database > /dev/null; then
  update-mime-database "$data/mime"
else
  echo "update-mime-database is not installed: desktops see the type after the next update of their MIME database" >&2
fi
[ "${1:-}" = --remove ] || echo "Installed to $data. For file(1): file --magic-file $data/pixrnn/magic photo.prnn"
