#!/bin/sh
# Packs a directory into DESTINATION/NAME-TIME.tar.gz. The time is the scheduled one, so that another attempt writes the
# same file.
# Usage: backup.sh DIRECTORY DESTINATION
# Exit status: 0; 1 if files changed while they were read, and the archive is there; 2 if there is no archive.
set -u

# Tells cronwright a line of JSON. Without cronwright, or once it is gone, it does nothing.
event() {
  [ -n "${CRONWRIGHT_EVENTS-}" ] || return 0
  # In a subshell: where nobody reads any more, the signal PIPE ends that alone.
  (printf '%s\n' "$1" >&3) 2>/dev/null || return 0
}

# A text as a JSON string, whatever is in it: file names may have quotes, newlines and control characters.
json() {
  printf '%s\n' "$1" | LC_ALL=C awk '
    BEGIN {
      for (code = 1; code < 32; code++) escaped[sprintf("%c", code)] = sprintf("\\u%04x", code)
      escaped["\""] = "\\\""
      escaped["\\"] = "\\\\"
      printf "\""
    }
    NR > 1 { printf "\\n" }
    {
      for (place = 1; place <= length($0); place++) {
        character = substr($0, place, 1)
        printf "%s", (character in escaped) ? escaped[character] : character
      }
    }
    END { printf "\"" }'
}

message() {
  event "{\"level\":\"$1\",\"message\":$(json "$2")}"
}

directory=${1%/}
archive=$2/${directory##*/}-${CRONWRIGHT_SLOT:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}.tar.gz
part=$archive.part
complaints=$(mktemp) || exit 2

# At its timeout a task gets TERM, and tar too. The archive is there as a whole or not at all.
trap 'rm -f "$part" "$complaints"' EXIT
trap 'exit 143' HUP INT TERM

message info "packing $directory"
tar -C "$directory/" -czf - . >"$part" 2>"$complaints"
status=$?
cat "$complaints" >&2
head -n 50 "$complaints" | while IFS= read -r line; do message warning "$line"; done
if [ "$status" -gt 1 ]; then
  message error "tar ended with status $status"
  exit 2
fi

event '{"progress":0.8}'
tar -tzf "$part" >/dev/null && bytes=$(wc -c <"$part") && mv "$part" "$archive" || exit 2
event "{\"result\":{\"archive\":$(json "$archive"),\"bytes\":$((bytes))}}"
exit "$status"
