# One deployment at a time. The lock is held by the shell's own descriptor: the kernel frees it when the shell ends,
# however it ends.

# Who holds the lock, or held it last.
last_owner() {
  [ ! -r .ktrdr-lock ] || {
    IFS= read -r owner <.ktrdr-lock
    printf '%s' "$owner"
  }
}

# $1: what whoever has to wait is shown.
ktrdr_lock() {
  # `command`: a redirection that fails would end the shell itself.
  if ! { cd "$directory" && command exec 9>>.ktrdr-lock; } 2>/dev/null; then
    report lock unwritable
    return 1
  fi
  if flock -n 9; then
    # Another deployment since the check would have left its own text: then what was observed no longer holds.
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

# A network that is gone looks like a client that is thinking: the host's sshd may not notice for hours. So a shell that
# holds the lock reads its uploads through `timeout`, and ends when nothing has come for long.
ktrdr_serve() {
  say 'done'
  { [ "$locked$serving" = yes ] && command -v timeout >/dev/null 2>&1; } || return 0
  serving=yes
  while text=$(timeout "$idle_limit" /bin/sh -c "$read_upload" sh "$end_of_upload" 4>&- 9>&-); do eval "$text"; done
  exit
}
# shellcheck disable=SC2016 # expanded by the shell that reads
read_upload='while IFS= read -r line; do [ "$line" != "$1" ] || exit 0; printf "%s\n" "$line"; done; exit 1'
