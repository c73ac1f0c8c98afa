# How Compose is called, and what it finds by itself.

# The plugin started by its own path costs a third of `docker compose`, which is used where it is not found.
find_compose() {
  for place in "$HOME/.docker/cli-plugins" /usr/local/lib/docker/cli-plugins /usr/local/libexec/docker/cli-plugins \
    /usr/lib/docker/cli-plugins /usr/libexec/docker/cli-plugins; do
    [ -x "$place/docker-compose" ] || continue
    compose_plugin=$place/docker-compose
    return 0
  done
}

# What ends it after a while; words or nothing.
compose_limit=

compose() {
  # shellcheck disable=SC2086 # words or none
  if [ -n "$compose_plugin" ]; then $compose_limit "$compose_plugin" "$@"; else $compose_limit docker compose "$@"; fi
}

# Go's garbage collector takes a quarter of the time of a Compose that soon ends. Not for `up`: a compose file may pass
# the variable on to containers. Call it in a subshell.
short_lived() {
  GOGC=${GOGC:-400}
  export GOGC
  "$@"
}

# Compose on the stack's files, which `ktrdr_files` has found. Said in the environment, they stand above what an environment
# file says of them; `-f` would do the same, but could not be given a file on standard input beside those of COMPOSE_FILE.
# shellcheck disable=SC2030,SC2031 # they hold for Compose alone
stack() (
  COMPOSE_FILE=$stack_files
  COMPOSE_PATH_SEPARATOR=$line_end
  export COMPOSE_FILE COMPOSE_PATH_SEPARATOR
  with_env_files "$@"
)

# The same with one more file on its standard input, which pins images.
pinned() (
  stack_files=$stack_files$line_end-
  pins | stack "$@"
)

# $@: for Compose, which gets the inventory's environment files before it. They are listed last first, since each goes to the front.
# shellcheck disable=SC2030,SC2031 # the list is used up in the subshell only
with_env_files() (
  while [ -n "$env_files" ]; do
    env_file=${env_files%%"$line_end"*}
    env_files=${env_files#"$env_file"}
    env_files=${env_files#"$line_end"}
    set -- --env-file "$env_file" "$@"
  done
  compose "$@"
)

# $@: the inventory's files. Without any, those that the host's own settings name, else what Compose finds by itself.
find_stack_files() {
  host_profiles=
  stack_files=
  [ "$#" -eq 0 ] || stack_files=$(lines "$@")
  project_directory=.
  case $stack_files in */*) project_directory=$(dirname "${stack_files%%"$line_end"*}") ;; esac
  if has_settings; then ask_settings; fi
  [ -n "$stack_files" ] || stack_files=$(default_files)
}

lines() { [ "$#" -eq 0 ] || printf '%s\n' "$@"; }

# $1: a list of lines; the rest is called with each.
for_each() {
  list=$1
  shift
  while [ -n "$list" ]; do
    item=${list%%"$line_end"*}
    list=${list#"$item"}
    list=${list#"$line_end"}
    "$@" "$item"
  done
}

# Whether the environment, or a file of it that Compose reads, says anything to Compose.
# shellcheck disable=SC2031 # what the subshells above changed is not meant
has_settings() {
  mentioned=${COMPOSE_FILE-}${COMPOSE_PROFILES-}
  for_each "${env_files:-.env$line_end$project_directory/.env}" look_for_settings
  [ -n "$mentioned" ]
}

look_for_settings() {
  if [ -z "$mentioned" ] && [ -f "$1" ] && grep -qs COMPOSE_ "$1"; then mentioned=$1; fi
}

# Compose itself knows best what its settings are: it puts them into labels. They may name a variable of the inventory.
ask_settings() {
  settings=$(printf '%s' "$settings_file" \
    | with_placeholders short_lived with_env_files --project-directory "$project_directory" -f - config --format json 2>/dev/null) || return 0
  host_profiles=$(setting profiles)
  [ -z "$stack_files" ] || return 0
  files=$(setting files)
  separator=$(setting separator)
  separator=${separator:-:}
  while [ -n "$files" ]; do
    stack_files=$stack_files${stack_files:+$line_end}${files%%"$separator"*}
    case $files in *"$separator"*) files=${files#*"$separator"} ;; *) files= ;; esac
  done
}
# shellcheck disable=SC2016 # Compose expands it
settings_file='services: {ktrdr: {image: ktrdr, labels: {files: "${COMPOSE_FILE-}", separator: "${COMPOSE_PATH_SEPARATOR-}", profiles: "${COMPOSE_PROFILES-}"}}}'

setting() { printf '%s\n' "$settings" | sed -n "s/^ *\"$1\": \"\(.*\)\",*\$/\1/p"; }

default_files() {
  for file in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
    [ ! -f "$file" ] || {
      printf '%s\n' "$file"
      break
    }
  done
  for file in compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml; do
    [ ! -f "$file" ] || {
      printf '%s\n' "$file"
      break
    }
  done
}

# A DOCKER_CONFIG of our own would hide the context that the user has chosen.
use_context() {
  { [ -z "$DOCKER_HOST$DOCKER_CONTEXT" ] && [ -r "$HOME/.docker/config.json" ]; } || return 0
  context=$(sed -n 's/.*"currentContext"[^"]*"\([^"]*\)".*/\1/p' "$HOME/.docker/config.json")
  [ -z "$context" ] || {
    DOCKER_CONTEXT=$context
    export DOCKER_CONTEXT
  }
}
