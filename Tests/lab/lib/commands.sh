# What `lab` can do, in the order of a lab's life.
tag_unhealthy=sha-0bad0ba
tag_leaky=sha-01eaced
tag_crash=sha-0dead00
tag_stubborn=sha-057abb0

lab_up() {
  [ $# -ge 1 ] || { usage >&2; exit 64; }
  root=$(realpath -m "$1")
  hosts='core workers-b workers-c'
  shift
  while [ $# -gt 0 ]; do
    case $#$1 in
      1*) usage >&2; exit 64 ;;
      *--hosts) hosts=$2 ;;
      *--second-engine) second_engine_hosts=$2 ;;
      *) usage >&2; exit 64 ;;
    esac
    shift 2
  done
  check_before_up
  mkdir -p "$root"
  trap 'give_up $?' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # shellcheck disable=SC2086
  claim_slots "$(wc -w <<<"$hosts")"
  read -r port _ <<<"$slots"
  port=$(slot_port "$port")
  registry=127.0.0.1:$port
  second_registry=127.0.0.2:$port
  start_hosts
  trap - EXIT
  echo "lab: up at $root; to use it: . $root/env"
}

check_before_up() {
  [ "$(uname -s)" = Linux ] || die 'the lab needs Linux'
  [ "$(id -u)" -eq 0 ] || die 'the lab runs Docker Engines of its own and needs root; run it with sudo'
  local missing name longest=0
  missing=$("$lab_home/../../scripts/setup" --check) || die "$missing; run scripts/setup"
  [ -z "$(ls -A "$root" 2>/dev/null)" ] || die "$root is not empty; lab up wants a new directory"
  case $root in *[!A-Za-z0-9/._-]*) die "$root: only letters, digits and . _ - may be in the lab's path" ;; esac
  for name in $hosts; do
    case $name in *[!a-z0-9-]* | -*) die "'$name' is no host name" ;; esac
    [ "${#name}" -le "$longest" ] || longest=${#name}
  done
  [ "$longest" -gt 0 ] || die 'no hosts'
  [ "$(tr ' ' '\n' <<<"$hosts" | sort | uniq -d | grep -c .)" -eq 0 ] || die "a host is named twice: $hosts"
  # The engine's longest socket: hosts/NAME/e/x/containerd/containerd.sock.ttrpc. The kernel's limit is 107.
  [ $((${#root} + longest + 46)) -le 107 ] || die "$root is too long a path for unix sockets; take one under /tmp"
}

start_hosts() {
  local name
  mkdir -p "$root/hosts"
  write_repository
  write_registry registry
  write_registry second-registry
  write_ssh_client
  start_registry registry
  for name in $hosts; do
    mkdir -p "$root/hosts/$name"
    start_engine "$name"
    write_sshd "$name"
    start_sshd "$name"
    write_stack "$name"
  done
  write_item
  write_client
  await_registry registry
  push_first_images
  write_facts
  for name in $hosts; do
    await_sshd "$name"
    await_engine "$name"
  done
}

give_up() { # STATUS
  trap - EXIT
  sweep
  rm -rf --one-file-system "$root"
  echo "lab: could not start; everything it started is stopped again" >&2
  exit $(($1 ? $1 : 1))
}

lab_down() {
  [ $# -eq 1 ] || [ "${2:-}" = --keep ] || { usage >&2; exit 64; }
  root=$(realpath -m "$1")
  if [ ! -e "$root/slots" ] && [ ! -e "$root/facts" ]; then
    echo "lab: nothing to stop at $root"
    return
  fi
  sweep
  [ "${2:-}" = --keep ] || rm -rf --one-file-system "$root"
  echo "lab: down"
}

lab_push_image() {
  use_root "$@"
  [ $# -ge 3 ] || { usage >&2; exit 64; }
  local repo=$2 tag=$3 kind=good platforms=- where=registry marker
  marker="pushed $(date +%s.%N)"
  shift 3
  while [ $# -gt 1 ]; do
    case $1 in
      --kind) kind=$2 ;;
      --marker) marker=$2 ;;
      --index) platforms=$2 ;;
      --registry) where=$2 ;;
      *) usage >&2; exit 64 ;;
    esac
    shift 2
  done
  case $where in registry | second-registry) ;; *) usage >&2; exit 64 ;; esac
  echo "$repo $tag $kind $platforms $marker" | push_images "$where"
}

lab_kill_host() { # the part's own process and its like, not what it runs: containers outlive an engine, scripts an sshd
  use_root "$@"
  local pid comm listener sessions
  case ${3:-} in
    registry | second-registry) end_process "$(cat "$(registry_dir "$3")/pid" 2>/dev/null)" ;;
    engine)
      end_process "$(cat "$root/hosts/$2/engine.pid")"
      end_process "$(cat "$(engine_dir "$2")/x/containerd/containerd.pid" 2>/dev/null)"
      ;;
    sshd)
      # Who listens goes first: a client that loses its session may be back before the next line.
      listener=$(cat "$root/hosts/$2/sshd.pid")
      ! is_ours "$listener" || kill -STOP "$listener"
      sessions=$(descendants "$listener")
      end_process "$listener"
      for pid in $sessions; do
        comm=$(cat "/proc/$pid/comm" 2>/dev/null || true)
        [ "$comm" != sshd ] || kill -KILL "$pid" 2>/dev/null || true
      done
      ;;
    *) usage >&2; exit 64 ;;
  esac
}

end_process() { # PID: only if it is this lab's; returns when it is gone
  [ -n "${1:-}" ] && is_ours "$1" || return 0
  kill -KILL "$1" 2>/dev/null || true
  while is_ours "$1"; do sleep 0.02; done
}

lab_start_host() {
  use_root "$@"
  case ${3:-} in
    registry | second-registry) start_registry "$3" && await_registry "$3" ;;
    engine) start_engine "$2" && await_engine "$2" ;;
    sshd) start_sshd "$2" && await_sshd "$2" ;;
    *) usage >&2; exit 64 ;;
  esac
}
