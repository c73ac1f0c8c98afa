ktrdr_check() {
  command -v flock >/dev/null 2>&1 && fact flock yes || fact flock no
  find_compose
  use_context
  if ! cd "$directory" 2>/dev/null; then
    if [ -d "$directory" ]; then fact directory denied; else fact directory missing; fi
    return 0
  fi
  fact directory ok
  [ -w . ] && fact writable yes || fact writable no
  [ -z "$1" ] || [ ! -r .ktrdr-anchors ] || last_anchor "$1"
  lock_seen=$(last_owner)
}
last_owner() { [ ! -r .ktrdr-lock ] || { IFS= read -r owner <.ktrdr-lock; printf '%s' "$owner"; }; }
ktrdr_versions() { docker_version; compose_version || report compose missing; }
docker_version() {
  if ! command -v docker >/dev/null 2>&1; then report docker missing
  elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then report docker ok "$version"
  else report docker unreachable "$(printf '%s' "$version" | tail -n 1)"; fi
}
compose_version() { version=$(compose version --short 2>/dev/null) && report compose ok "$version"; }
# Docker and Compose are asked side by side, and for what they are only when they do not answer.
# "$1" are the images whose digests the client knows; the rest is for Compose. Only one of the two may speak at a time:
# lines that are longer than a pipe takes at once would mix.
ktrdr_survey() {
  { facts=; ktrdr_look '' $1 || docker_version; } &
  shift
  list_services "$@"
  wait
  tell_services "$@"
}
# Nearly always the newest line is this ledger's own.
last_anchor() {
  anchor=$(tail -n 1 .ktrdr-anchors)
  case $anchor in *" $1 "*) ;; *) anchor=$(grep -F " $1 " .ktrdr-anchors | tail -n 1) ;; esac
  if [ -n "$anchor" ]; then fact anchor "$anchor"; else foreign_anchor; fi
}
foreign_anchor() { [ ! -s .ktrdr-anchors ] || fact foreign-anchor "$(tail -n 1 .ktrdr-anchors)"; }
ktrdr_files() {
  cd "$directory" 2>/dev/null || return 0
  [ "$#" -gt 0 ] || set -- $(default_files)
  [ "$#" -gt 0 ] || fact file missing compose.yaml
  for file in "$@"; do
    if [ ! -f "$file" ]; then fact file missing "$file"
    elif [ ! -r "$file" ]; then fact file unreadable "$file"
    else fact file ok "$file"; fi
  done
  sum=$(if [ "$#" -eq 1 ]; then sha256sum <"$1"; else cat -- "$@" | sha256sum; fi 2>/dev/null)
  fact compose-digest "${sum%% *}"
}
ktrdr_services() { list_services "$@"; tell_services "$@"; }
list_services() {
  shift
  cd "$directory" 2>/dev/null || return 0
  listed=$(with_placeholders short_lived compose "$@" config --services 2>&1)
  could_list=$?
}
tell_services() {
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
    fact "$1" $names
  elif ! compose_version; then fact compose missing
  else fact compose-file invalid "${listed##*"$line_end"}"; fi
}
