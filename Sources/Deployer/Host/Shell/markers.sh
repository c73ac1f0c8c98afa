# How the script reports to the client. Uploaded once a connection, after `mark`, `directory`, `idle_limit` and
# `end_of_upload` have been set. POSIX sh only: dash, bash and busybox run it.
#
# The shell reads its commands from the connection, so a client that is gone is an end of file: nothing further begins.
# Descriptor 4 is the connection's way back, and so are 1 and 2; 9 is the lock.

trap '' HUP PIPE
trap 'exit 143' TERM INT
trap '[ -z "$login" ] || rm -rf "$login"' EXIT
exec 4>&1
login=
locked=
serving=
compose_plugin=
stack_files=
model=
PATH=$PATH:/usr/local/bin
facts=
tab='	'
line_end='
'

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

step() {
  name=$1
  shift
  say begin "$name" || return 255
  status=$( { { "$@" </dev/null 2>&1 9>&-; echo "$?" >&5; } | drain >&4 9>&-; } 5>&1)
  say end "$name" "${status:-255}"
  return "${status:-255}"
}
