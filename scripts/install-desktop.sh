#!/bin/sh
# Registers .prnn files with the desktop of this user: the MIME type image/x-prnn, its magic for file(1), and thumbnails.
#
#   sh scripts/install-desktop.sh             installs to $XDG_DATA_HOME, by default ~/.local/share
#   sh scripts/install-desktop.sh --remove    removes what was installed
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/desktop
data=${XDG_DATA_HOME:-$HOME/.local/share}

# Prints the entry of the thumbnailer. File managers do not know the PATH of a shell: it names the programs by their paths.
thumbnailer() {
  if program=$(command -v pixrnn); then
    set -- "$program"
  else
    set -- "$(command -v node)" "$root/bin/pixrnn.js"
  fi
  command=
  for word; do command="$command\"$word\" "; done
  while IFS= read -r line; do
    case $line in
    TryExec=*) printf 'TryExec=%s\n' "$1" ;;
    Exec=*) printf 'Exec=%s%s\n' "$command" "${line#Exec=pixrnn }" ;;
    *) printf '%s\n' "$line" ;;
    esac
  done < "$here/prnn.thumbnailer"
}

if [ "${1:-}" = --remove ]; then
  rm -f "$data/mime/packages/prnn.xml" "$data/pixrnn/magic" "$data/thumbnailers/prnn.thumbnailer"
else
  mkdir -p "$data/mime/packages" "$data/pixrnn" "$data/thumbnailers"
  cp "$here/prnn.xml" "$data/mime/packages/prnn.xml"
  cp "$here/magic" "$data/pixrnn/magic"
  thumbnailer > "$data/thumbnailers/prnn.thumbnailer"
fi

if command -v update-mime-database > /dev/null; then
  update-mime-database "$data/mime"
else
  echo "update-mime-database is not installed: desktops see the type after the next update of their MIME database" >&2
fi
[ "${1:-}" = --remove ] || echo "Installed to $data. For file(1): file --magic-file $data/pixrnn/magic photo.prnn"
