# How the script reports to the client. Uploaded once a connection, after `mark`, `directory`, `idle_limit` and
# `end_of_upload` have been set. POSIX sh only: dash, bash and busybox run it.
#
# The shell reads its commands from the connection, so a client that is gone is an end of file: nothing further begins.
# Descriptor 4 is the connection's way back, and so are 1 and 2; 7 is the login's owner, 9 the lock.

# This shell will hold secrets. If it crashes, it leaves no core; and no shell that it starts traces what it runs because the
# host's environment says so. Bash keeps SHELLOPTS itself and read-only, which `command` takes for no reason to end.
# shellcheck disable=SC3045 # dash, bash and busybox know it
ulimit -c 0 2>/dev/null || :
command unset SHELLOPTS 2>/dev/null || :

# Whatever a label or a file's name contains, it is not taken for a pattern.
set -f

trap '' HUP PIPE
trap 'exit 143' TERM INT
trap remove_login EXIT
exec 4>&1
# Bash closes the descriptor of a trace in what it starts, even if nothing is traced any more.
exec >&4
tab='	'
line_end='
'
login=
login_place=
login_places=$XDG_RUNTIME_DIR$line_end/dev/shm$line_end/run/shm
lock_mode=
locked=
serving=
compose_plugin=
stack_files=
model=
PATH=$PATH:/usr/local/bin
facts=

# Joins its arguments with tabs, without starting a process: it is called for every fact.
tabbed() {
  plain_separators=$IFS
  IFS=$tab
  tabbed=$*
  IFS=$plain_separators
}

# A fact waits for the next marker: one write for both.
fact() {
  tabbed fact "$@"
  facts=$facts$mark$tabbed$line_end
}

# It begins with a newline: a program may have left a line without one.
say() {
  tabbed "$@"
  printf '\n%s%s%s\n' "$facts" "$mark" "$tabbed" >&4
  said=$?
  facts=
  return "$said"
} 2>/dev/null

# A fact that does not wait, for branches that run in the background.
report() { say fact "$@"; }

# Reads a program's output even after the connection has broken: a broken pipe must not stop Compose midway.
drain() { cat 2>/dev/null || cat >/dev/null; }

# What it runs gets neither the lock nor the login's owner: they are this shell's, and end with it.
step() {
  name=$1
  shift
  say begin "$name" || return 255
  status=$( { { "$@" </dev/null 2>&1 7>&- 9>&-; echo "$?" >&5; } | drain >&4 7>&- 9>&-; } 5>&1)
  # Nothing stops before one of these two: whoever edits the files until then is noticed.
  case $name in pull | config) digest_files ;; esac
  say end "$name" "${status:-255}"
  return "${status:-255}"
}
