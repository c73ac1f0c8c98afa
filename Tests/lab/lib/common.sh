# Shared by all parts: errors, daemons, waiting. Everything the lab starts carries owner_mark in its environment, so
# that the sweep finds it whatever happened to its parents.
owner_mark=KTRDR_LAB_OWNED_BY
python=$(command -v /usr/bin/python3 || command -v python3)
user=$(id -un)

die() { printf 'lab: %s\n' "$*" >&2; exit 1; }

# start_daemon LOG COMMAND...: its process id is in $started afterwards.
start_daemon() {
  local log=$1
  shift
  env "$owner_mark=$root" setsid "$@" >>"$log" 2>&1 </dev/null 9>&- &
  started=$!
  disown "$started" # or bash reports its end
}

# wait_for WHAT LOG COMMAND...: up to 60 s, for a machine with much else to do.
wait_for() {
  local what=$1 log=$2 tries=1200
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      tail -n 15 "$log" >&2 || true
      die "$what did not come up within 60 s; the end of $log is above"
    fi
    sleep 0.05
  done
}

port_answers() { (exec 3<>"/dev/tcp/$1/$2"); }

# use_root ROOT: an existing lab's facts (slots, port, hosts).
use_root() {
  [ -n "${1:-}" ] || { usage >&2; exit 64; }
  root=$(realpath -m "$1")
  [ -f "$root/facts" ] || die "no lab at $root; start one with: lab up $root"
  # shellcheck source=/dev/null # written by lab_up
  . "$root/facts"
}

host_address() { # NAME: each host has a loopback address of its own
  local index=11 name
  for name in $hosts; do
    [ "$name" != "$1" ] || { echo "127.0.0.$index"; return; }
    index=$((index + 1))
  done
  die "no host '$1' in this lab; its hosts are: $hosts"
}

# core is the stack of the backend, and is called so by ssh.
host_name() { if [ "$1" = core ]; then echo backend.ktrdr.lab; else echo "$1.ktrdr.lab"; fi; }

# sshd writes its title over its environment, so it is known by its configuration's path instead.
sshd_title() { echo "^sshd: .* -f $root/hosts/[^/ ]*/sshd_config"; }

marked_processes() { # all that this lab started, with their descendants
  local marked
  marked=$({
    grep -lazxF "$owner_mark=$root" /proc/[0-9]*/environ
    grep -laz "$(sshd_title)" /proc/[0-9]*/cmdline
  } 2>/dev/null | cut -d/ -f3)
  descendants "$marked" | grep -vx $$
}

descendants() { # PIDS, a line each: those and all that came from them
  ps -eo pid=,ppid=,stat= | awk -v tops="$1" '
    BEGIN { n = split(tops, t, "\n"); for (i = 1; i <= n; i++) if (t[i] != "") top[t[i]] = 1 }
    $3 !~ /^Z/ { parent[$1] = $2 }
    END { for (pid in parent) for (p = pid; p > 1; p = parent[p]) if (p in top) { print pid; break } }'
}

is_ours() {
  grep -qazxF "$owner_mark=$root" "/proc/$1/environ" 2>/dev/null || grep -qaz "$(sshd_title)" "/proc/$1/cmdline" 2>/dev/null
}
