ktrdr_lock() {
  cd "$directory" && exec 9>>.ktrdr-lock || { report lock unwritable; return 1; }
  if flock -n 9; then
    # Another deployment since the survey would have left its own text: then what was seen holds no longer.
    if [ "$(last_owner)" = "$lock_seen" ]; then held=unchanged; else held=changed; fi
    printf '%s\n' "$1" >.ktrdr-lock
    report lock taken "$held"
    locked=yes
    return 0
  fi
  exec 9>&-
  report lock held "$(head -n 1 .ktrdr-lock)"
  return 1
}
ktrdr_serve() {
  say done
  [ "$locked$serving" = yes ] && command -v timeout >/dev/null 2>&1 || return 0
  serving=yes
  while text=$(timeout "$idle_limit" /bin/sh -c "$read_upload" sh "$end_of_upload" 4>&- 9>&-); do eval "$text"; done
  exit
}
read_upload='while IFS= read -r line; do [ "$line" != "$1" ] || exit 0; printf "%s\n" "$line"; done; exit 1'
write_login() {
  for place in "$XDG_RUNTIME_DIR" /dev/shm /run/shm; do
    [ -n "$place" ] && [ -d "$place" ] && [ -w "$place" ] || continue
    [ "$(stat -f -c %T "$place" 2>/dev/null)" = tmpfs ] || continue
    login=$(umask 077; mktemp -d "$place/ktrdr.XXXXXXXX") || continue
    break
  done
  [ -n "$login" ] || { report login no-tmpfs; return 1; }
  for name in cli-plugins contexts; do
    [ ! -e "$HOME/.docker/$name" ] || ln -s "$HOME/.docker/$name" "$login/$name"
  done
  ( umask 077; registry_login >"$login/config.json" )
}
ktrdr_pull() {
  say begin login
  write_login
  status=$?
  say end login "$status"
  [ "$status" -eq 0 ] || return 1
  step pull with_login "$@"
  status=$?
  rm -rf "$login"
  login=
  return "$status"
}
with_login() { ( DOCKER_CONFIG=$login; export DOCKER_CONFIG; with_environment short_lived "$@" ); }
ktrdr_config() { step config with_environment short_lived "$@"; }
ktrdr_up() { step up with_environment "$@"; }
ktrdr_images() {
  for image in "$@"; do
    if docker image inspect --format '{{.Id}}' "$image" >/dev/null 2>&1; then report image present "$image"
    else report image missing "$image"; fi
  done
}
ktrdr_remove() { step scale-down remove_containers "$@"; }
remove_containers() { docker stop "$@" && docker rm "$@"; }
ktrdr_anchors() {
  cd "$directory" 2>/dev/null || return 0
  if [ ! -e .ktrdr-anchors ]; then report anchors none; return 0; fi
  [ -r .ktrdr-anchors ] || return 0
  report anchors readable
  if ! grep -qF " $1 " .ktrdr-anchors; then foreign_anchor; return 0; fi
  grep -F " $1 " .ktrdr-anchors | tail -n 10000 | while read -r line; do report anchor "$line"; done
}
ktrdr_anchor() {
  cd "$directory" && ( umask 022; printf '%s\n' "$1" >>.ktrdr-anchors ) 2>/dev/null && report anchored ||
    report anchor-failed
}
