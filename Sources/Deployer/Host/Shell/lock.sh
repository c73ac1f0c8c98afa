# One deployment at a time. The lock is held by the shell's own descriptor: the kernel frees it when the shell ends,
# however it ends. Several accounts may deploy to a directory that a group shares, so the lock's file may be another's.

# Whether $1 is a regular file. What is a link leads elsewhere, and a FIFO would wait for its other end.
is_plain() { [ -f "$1" ] && [ ! -L "$1" ]; }

# Who holds the lock, or held it last. Whatever else the file holds is not read.
last_owner() {
  is_plain .ktrdr-lock && [ -r .ktrdr-lock ] || return 0
  owner=$(head -c 1000 .ktrdr-lock)
  printf '%s' "${owner%%"$line_end"*}"
} 2>/dev/null

# Whether somebody holds the lock now, as far as the kernel tells: to try would keep others from it for a moment.
is_held() {
  [ -r /proc/locks ] || return 1
  # shellcheck disable=SC2046 # the inode and the name
  set -- $(ls -i .ktrdr-lock)
  [ $# -gt 1 ] || return 1
  while read -r held; do
    case $held in *FLOCK*":$1 "*) return 0 ;; esac
  done </proc/locks
  return 1
} 2>/dev/null

# Makes the file $1, unless it is there. $2 and $3 are the umask for a directory of one account and for one that a group
# shares.
make_file() {
  [ ! -e "$1" ] && [ ! -L "$1" ] || return
  # shellcheck disable=SC2046 # the fields of ls
  set -- "$1" "$2" "$3" $(ls -ldn .)
  case $4 in
    ?????w*)
      (umask "$3" && set -C && : >"$1") || return
      # A directory with the set-group-ID bit gives its group by itself.
      case $4 in ??????[sS]*) ;; *) chgrp "$7" "$1" || chmod 600 "$1" ;; esac
      ;;
    *) (umask "$2" && set -C && : >"$1") ;;
  esac
} 2>/dev/null

# Whether everybody can read the lock's file, and so lock it: an earlier version left it like that. The check may have looked.
is_open_to_others() {
  case ${lock_mode:-$(ls -ldn .ktrdr-lock)} in ???????---*) return 1 ;; esac
} 2>/dev/null

# Opens the lock's file on descriptor 9, and says in $refusal why it cannot be the lock. Of another account's file that may
# only be read, too, the lock can be had.
open_lock() {
  refusal=
  writable=yes
  existed=yes
  if ! cd "$directory" 2>/dev/null; then
    refusal='no permission to enter it'
  elif make_file .ktrdr-lock 077 007; then
    existed=no
  elif [ ! -e .ktrdr-lock ] && [ ! -L .ktrdr-lock ]; then
    refusal='no permission to write there'
  elif ! is_plain .ktrdr-lock; then
    refusal='.ktrdr-lock is not a regular file'
  fi
  [ -z "$refusal" ] || return 1
  # `command`: a redirection that fails would end the shell itself.
  { command exec 9>>.ktrdr-lock; } 2>/dev/null && return 0
  writable=no
  { command exec 9<.ktrdr-lock; } 2>/dev/null && return 0
  refusal='.ktrdr-lock belongs to another account, which keeps it to itself'
  return 1
}

# Whether descriptor 9 is the lock's file, and not one that somebody has replaced meanwhile.
# shellcheck disable=SC3013 # dash, bash and busybox know -ef
is_lock() { [ ! -e /proc/self/fd/9 ] || [ .ktrdr-lock -ef /proc/self/fd/9 ]; }

# Leaves $1 in the lock's file, whose lock is held: whoever comes next must see that somebody was there. A file of another
# account that cannot be written, or one that others may still have open, is replaced by one that is locked before it is seen.
leave_owner() {
  if [ "$writable" = yes ] && ! is_open_to_others; then
    # A full disk loses the text, not the lock.
    printf '%s\n' "$1" >.ktrdr-lock || :
    return 0
  fi
  rm -f .ktrdr-lock.new
  make_file .ktrdr-lock.new 077 007 && printf '%s\n' "$1" >.ktrdr-lock.new && command exec 8<.ktrdr-lock.new \
    && flock -n 8 && mv -f .ktrdr-lock.new .ktrdr-lock && exec 9<&8 8<&-
} 2>/dev/null

# $1: what whoever has to wait is shown.
ktrdr_lock() {
  if ! open_lock; then
    report lock refused "$refusal"
    return 1
  fi
  if ! flock -n 9 || ! is_lock; then
    exec 9>&-
    lock_mode=
    owner=$(last_owner)
    ! is_open_to_others || owner="$owner (every user of the host can lock .ktrdr-lock: remove it while nobody deploys)"
    report lock held "$owner"
    return 1
  fi
  # Another deployment since the check would have left its own text: then what was observed no longer holds.
  owner=$(last_owner)
  held=changed
  if [ "$existed" = no ]; then
    [ -n "$lock_seen" ] || held=unchanged
  elif [ -n "$owner" ] && [ "$owner" = "$lock_seen" ]; then
    held=unchanged
  fi
  if ! leave_owner "$1"; then
    exec 9>&-
    report lock refused '.ktrdr-lock belongs to another account and cannot be replaced'
    return 1
  fi
  report lock taken "$held"
  locked=yes
}

# A network that is gone looks like a client that is thinking: the host's sshd may not notice for hours. So a shell that
# holds the lock reads its uploads through `timeout`, and ends when nothing has come for long.
ktrdr_serve() {
  say 'done'
  { [ "$locked$serving" = yes ] && command -v timeout >/dev/null 2>&1; } || return 0
  serving=yes
  # Everybody on the host can read arguments, so what must not be known is in the environment.
  while text=$(end_of_upload=$end_of_upload timeout "$idle_limit" /bin/sh -c "$read_upload" 4>&- 7>&- 9>&-); do
    eval "$text"
  done
  exit
}
# The shell read its own commands in blocks: the last line of the upload that made it serve may be left, or a part of it.
# shellcheck disable=SC2016 # expanded by the shell that reads
read_upload='first=yes
while IFS= read -r line; do
  case $first$end_of_upload in yes*"$line") first= && continue ;; esac
  first=
  [ "$line" != "$end_of_upload" ] || exit 0
  printf "%s\n" "$line"
done
exit 1'
