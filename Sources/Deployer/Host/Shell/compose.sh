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

compose() {
  if [ -n "$compose_plugin" ]; then "$compose_plugin" "$@"; else docker compose "$@"; fi
}

# Go's garbage collector takes a quarter of the time of a Compose that soon ends. Not for `up`: a compose file may pass
# the variable on to containers. Call it in a subshell.
short_lived() {
  GOGC=${GOGC:-400}
  export GOGC
  "$@"
}

# Compose with one more file on its standard input, which pins images.
pinned() { pins | compose "$@"; }

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
