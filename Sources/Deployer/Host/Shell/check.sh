# What a deployment needs. Each finding is a fact; the client decides what it means and what to do.

# $1: the id of the ledger whose last anchor `ktrdr_survey` is to look for.
ktrdr_check() {
  wanted_anchor=
  if command -v flock >/dev/null 2>&1; then fact flock yes; else fact flock no; fi
  find_compose
  use_context
  if ! cd "$directory" 2>/dev/null; then
    if [ -d "$directory" ]; then fact directory denied; else fact directory missing; fi
    return 0
  fi
  fact directory ok
  if [ -w . ]; then fact writable yes; else fact writable no; fi
  # What is observed while another deployment is at work holds no longer once that has ended, though the text stays the same.
  lock_seen=$(last_owner)
  if is_held; then
    fact lock-held "$lock_seen"
    lock_seen=
  fi
  wanted_anchor=$1
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
    ktrdr_observe '' '' $1 || docker_version
  } &
  shift
  read_model with_placeholders "$@"
  # Docker takes longer than Compose, so what asks neither costs nothing here.
  look_around
  wait
  report_model
}

look_around() {
  ktrdr_signals
  cd "$directory" 2>/dev/null || return 0
  digest_files
  [ -z "$wanted_anchor" ] || [ ! -r .ktrdr-anchors ] || last_anchor "$wanted_anchor"
  lock_mode=$(ls -ldn .ktrdr-lock 2>/dev/null)
  for_each "$login_places" find_login_place
}

# The compose files. $@: the inventory's.
ktrdr_files() {
  cd "$directory" 2>/dev/null || return 0
  # shellcheck disable=SC2031 # what a subshell changed is not meant
  for_each "$env_files" check_file env-file
  find_stack_files "$@"
  [ -n "$stack_files" ] || fact file missing compose.yaml
  for_each "$stack_files" check_file file
  [ -z "$host_profiles" ] || fact host-profiles "$host_profiles"
}

# A digest over the bytes of the compose files.
digest_files() {
  [ -n "$stack_files" ] || return 0
  sum=$(case $stack_files in *"$line_end"*) for_each "$stack_files" cat -- | sha256sum ;; *) sha256sum <"$stack_files" ;; esac 2>/dev/null)
  fact compose-digest "${sum%% *}"
}

# $1: what kind of file $2 is.
check_file() {
  if [ ! -f "$2" ]; then
    fact "$1" missing "$2"
  elif [ ! -r "$2" ]; then
    fact "$1" unreadable "$2"
  else
    fact "$1" ok "$2"
  fi
}

# What Compose makes of the files. $1: the function that gives it the variables; the rest is for Compose.
ktrdr_model() {
  cd "$directory" 2>/dev/null || return 0
  read_model "$@"
  report_model
}

# Warnings come first, then the model, then the exit status in a line of its own.
read_model() {
  variables=$1
  shift
  [ -n "$stack_files" ] || return 0
  model=$( {
    json=$("$variables" short_lived stack "$@" 2>&3)
    status=$?
    printf '%s\n%s' "$json" "$status"
  } 3>&1)
}

report_model() {
  [ -n "$model" ] || return 0
  status=${model##*"$line_end"}
  [ "$status" -eq 0 ] || compose_version || fact compose missing
  say begin model
  printf '%s\n' "${model%"$line_end"*}" >&4 2>/dev/null
  say end model "$status"
}

without_values() { "$@"; }

# Where variables stand in the compose files. $@: their names.
ktrdr_locate() {
  cd "$directory" 2>/dev/null || return 0
  for name in "$@"; do for_each "$stack_files" locate "$name"; done
}

# $1: a variable, $2: a file. Neither a comment nor a literal `$$` counts.
locate() {
  grep -nE "(^|[^\$])\\\$\\{?$1([^A-Za-z0-9_]|\$)" -- "$2" 2>/dev/null | while IFS=: read -r line text; do
    case ${text#"${text%%[! ]*}"} in '#'*) ;; *) report located "$1" "$2" "$line" ;; esac
  done
}

# Whether other directories are the stack's by another name. $@: absolute paths.
ktrdr_directories() {
  cd "$directory" 2>/dev/null || return 0
  first=${stack_files%%"$line_end"*}
  own=$(file_identity .)
  home=$(file_identity "$(dirname "${first:-.}")")
  for other in "$@"; do
    identity=$(file_identity "$other")
    case $identity in
      '') report other-directory "$other" gone ;;
      "$own" | "$home") report other-directory "$other" same ;;
      *) report other-directory "$other" there ;;
    esac
  done
}

file_identity() { stat -L -c %d:%i "$1" 2>/dev/null; }
