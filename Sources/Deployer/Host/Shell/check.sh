# What a deployment needs. Each finding is a fact; the client decides what it means and what to do.

# $1: the id of the ledger whose last anchor is wanted.
ktrdr_check() {
  if command -v flock >/dev/null 2>&1; then fact flock yes; else fact flock no; fi
  find_compose
  use_context
  if ! cd "$directory" 2>/dev/null; then
    if [ -d "$directory" ]; then fact directory denied; else fact directory missing; fi
    return 0
  fi
  fact directory ok
  if [ -w . ]; then fact writable yes; else fact writable no; fi
  [ -z "$1" ] || [ ! -r .ktrdr-anchors ] || last_anchor "$1"
  lock_seen=$(last_owner)
}

ktrdr_versions() {
  docker_version
  compose_version || report compose missing
}

docker_version() {
  if ! command -v docker >/dev/null 2>&1; then
    report docker missing
  elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then
    report docker ok "$version"
  else
    report docker unreachable "$(printf '%s' "$version" | tail -n 1)"
  fi
}

compose_version() { version=$(compose version --short 2>/dev/null) && report compose ok "$version"; }

# Asks Docker and Compose side by side, and for their versions only when they do not answer. $1: the images whose digests
# the client knows, separated by spaces; the rest is for Compose. Only one of the two may write at a time: lines that are
# longer than a pipe takes at once would mix.
ktrdr_survey() {
  {
    facts=
    # shellcheck disable=SC2086 # a list of ids
    ktrdr_observe '' $1 || docker_version
  } &
  shift
  list_services "$@"
  wait
  report_services "$@"
}

# The compose files, and a digest over their bytes.
ktrdr_files() {
  cd "$directory" 2>/dev/null || return 0
  # shellcheck disable=SC2046 # names of ours, without spaces
  [ "$#" -gt 0 ] || set -- $(default_files)
  [ "$#" -gt 0 ] || fact file missing compose.yaml
  for file in "$@"; do
    if [ ! -f "$file" ]; then
      fact file missing "$file"
    elif [ ! -r "$file" ]; then
      fact file unreadable "$file"
    else
      fact file ok "$file"
    fi
  done
  sum=$(if [ "$#" -eq 1 ]; then sha256sum <"$1"; else cat -- "$@" | sha256sum; fi 2>/dev/null)
  fact compose-digest "${sum%% *}"
}

# $1: the name of the fact; the rest is for Compose.
ktrdr_services() {
  list_services "$@"
  report_services "$@"
}

list_services() {
  shift
  cd "$directory" 2>/dev/null || return 0
  listed=$(with_placeholders short_lived compose "$@" config --services 2>&1)
  could_list=$?
}

report_services() {
  cd "$directory" 2>/dev/null || return 0
  if [ "$could_list" -eq 0 ]; then
    names=
    while [ -n "$listed" ]; do
      line=${listed%%"$line_end"*}
      listed=${listed#"$line"}
      listed=${listed#"$line_end"}
      # Warnings stand between the names.
      case $line in *' '*) ;; *) names="$names $line" ;; esac
    done
    # shellcheck disable=SC2086 # a list of names
    fact "$1" $names
  elif ! compose_version; then
    fact compose missing
  else
    fact compose-file invalid "${listed##*"$line_end"}"
  fi
}
