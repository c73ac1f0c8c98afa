# What changes the host.

ktrdr_pull() {
  say begin login
  write_login
  status=$?
  say end login "$status"
  [ "$status" -eq 0 ] || return 1
  step pull with_login "$@"
  status=$?
  remove_login
  return "$status"
}

# The login lives on tmpfs for the length of the pull. What Docker would find in the user's own configuration is linked.
write_login() {
  for_each "$login_places" make_login
  [ -n "$login" ] || {
    report login no-tmpfs
    return 1
  }
  own_config=${DOCKER_CONFIG:-$HOME/.docker}
  for name in cli-plugins contexts; do
    [ ! -e "$own_config/$name" ] || ln -s "$own_config/$name" "$login/$name"
  done
  own_logins=$(list_logins "$own_config/config.json" 2>/dev/null)
  [ -z "$own_logins" ] || fact host-logins "$own_logins"
  (umask 077 && registry_login >"$login/config.json")
}

# Whether $1 is kept in memory, and may be written to. The check may have found that it is.
is_login_place() {
  [ -d "$1" ] && [ -w "$1" ] && { [ "$1" = "$login_place" ] || [ "$(stat -f -c %T "$1" 2>/dev/null)" = tmpfs ]; }
}

find_login_place() { [ -n "$login_place" ] || ! is_login_place "$1" || login_place=$1; }

# $1: a place for the login, unless there is one already. As long as this shell lives it locks the file `owner` in it.
make_login() {
  { [ -z "$login" ] && is_login_place "$1"; } || return 0
  login=$(umask 077 && mktemp -d "$1/ktrdr.XXXXXXXX") || return 0
  # `command`: a redirection that fails would end the shell itself.
  { command exec 7>"$login/owner"; } 2>/dev/null && flock -n 7
}

remove_login() {
  [ -z "$login" ] || rm -rf "$login"
  login=
  exec 7>&-
}

# A shell that was killed could not remove its login. One that has no login in it yet may be that of a shell which is about to
# lock its file. $1: a place for logins.
# shellcheck disable=SC3067 # dash, bash and busybox know -O
remove_orphaned_logins() {
  [ -n "$1" ] || return 0
  set +f
  for orphan in "$1"/ktrdr.*; do
    { [ -d "$orphan" ] && [ -O "$orphan" ] && [ ! -L "$orphan" ]; } || continue
    [ -f "$orphan/config.json" ] || [ -n "$(find "$orphan" -prune -mmin +1)" ] || continue
    if is_plain "$orphan/owner"; then flock -n "$orphan/owner" rm -rf "$orphan"; else rmdir "$orphan"; fi
  done
  set -f
} 2>/dev/null

# The registries that a Docker configuration has a login for, separated by tabs. They are not used, so the client warns.
# Reads JSON in any layout, and prints nothing but names.
list_logins() {
  [ ! -r "$1" ] || awk '
    { text = text $0 "\n" }
    END {
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\"") {
          word = ""
          while (++i <= length(text) && (c = substr(text, i, 1)) != "\"") {
            if (c == "\\") c = substr(text, ++i, 1)
            word = word c
          }
          if (depth == 1 && is_value && section == "credsStore") store = word
        } else if (c == ":") {
          is_value = 1
          if (depth == 1) section = word
          if (depth == 2) server = word
          if (depth == 2 && section == "credHelpers") found[server]
          if (depth == 2 && section == "auths") listed[server]
          if (depth == 3 && section == "auths" && word ~ /^(auth|identitytoken|registrytoken|password)$/) found[server]
        } else if (c == "{" || c == "[") {
          depth++
          is_value = 0
        } else if (c == "}" || c == "]") {
          depth--
        } else if (c == ",") {
          is_value = 0
        }
      }
      # With a credential store, the file only lists the servers.
      if (store != "") for (server in listed) found[server]
      for (server in found) {
        printf "%s%s", separator, server
        separator = "\t"
      }
    }' "$1"
}

# Asks the registries for images, without fetching any. $@: their names.
ktrdr_registry() {
  write_login || return 1
  # Without TLS Docker's own client asks nobody, and says that there is no such image. What the engine trusts is asked.
  insecure_registries=$(docker info --format "$insecure_list" 2>/dev/null)
  for image in "$@"; do ask_registry "$image" & done
  wait
  remove_login
}

# shellcheck disable=SC2016 # a template
insecure_list='{{range $name, $config := .RegistryConfig.IndexConfigs}}{{if not $config.Secure}} {{$name}} {{end}}{{end}}'

# A registry that does not answer must not keep the others waiting.
ask_registry() {
  facts=
  DOCKER_CONFIG=$login
  export DOCKER_CONFIG
  within=
  ! command -v timeout >/dev/null 2>&1 || within='timeout 20'
  insecure=
  case ${1%%/*} in
    127.* | localhost | localhost:*) insecure=--insecure ;;
    *) case $insecure_registries in *" ${1%%/*} "*) insecure=--insecure ;; esac ;;
  esac
  # The long answer has the images' ids, but not every client can read every kind of image for it.
  if answer=$(inspect_manifest --verbose "$1") || answer=$(inspect_manifest '' "$1"); then
    report registry has "$1" "$(printf '%s\n' "$answer" | image_ids)"
  else
    refusal=$(printf '%s' "$answer" | tail -n 1)
    # Docker's own client says so of a login that is refused, too.
    case $refusal in "no such manifest"*) refused_login "${1%%/*}" ;; esac
    report registry refused "$1" "$refusal"
  fi
}

# $1: an option or nothing, $2: an image.
inspect_manifest() {
  # shellcheck disable=SC2086 # words or none
  short_lived $within docker manifest inspect $1 $insecure "$2" 2>&1 </dev/null 7>&- 9>&-
}

# The config ids in manifests, one for each platform.
image_ids() { sed -n '/"config": {/,/}/s/.*"digest": "\(sha256:[0-9a-f]*\)".*/\1/p' | tr '\n' ' '; }

# With the login that is written down; an engine that refuses it has asked the registry.
refused_login() {
  # shellcheck disable=SC2086 # two words or none
  answer=$(short_lived $within docker login "$1" 2>&1 </dev/null 7>&- 9>&-) && return
  answer=$(printf '%s' "$answer" | grep '^Login did not succeed') && refusal=$answer
}

with_login() { (
  DOCKER_CONFIG=$login
  export DOCKER_CONFIG
  with_environment short_lived "$@"
); }

ktrdr_config() { step config with_environment short_lived "$@"; }

# What `up` gets besides; a word or nothing.
keep=

# Whether these containers have the very configuration that the files give their services: then `up` need not replace any.
# $1: their ids; the rest is for Compose, which prints the hash of each service's configuration.
# shellcheck disable=SC2016 # a template
ktrdr_compare() {
  labels='{{index .Config.Labels "com.docker.compose.service"}} {{index .Config.Labels "com.docker.compose.config-hash"}}'
  # shellcheck disable=SC2086 # a list of ids
  unchanged=$(docker inspect --format "$labels" $1 2>/dev/null) || return 0
  shift
  hashes=$(with_environment short_lived "$@" 2>/dev/null) || return 0
  keep=--no-recreate
  for_each "$unchanged" compare
}

compare() {
  case $line_end$hashes$line_end in *"$line_end$1$line_end"*) ;; *) keep= ;; esac
}

# $1: how many seconds it may take. $2: what an `up` that ended early left: ids of containers, each with the name that it is to have, or
# `-` if it is to go. The rest is for Compose.
ktrdr_up() {
  # An old one of busybox knows no second limit, after which it kills.
  # shellcheck disable=SC2031 # what a subshell changed is not meant
  for limit in "timeout -k 30 $1" "timeout $1"; do
    if [ -z "$compose_limit" ] && $limit true; then compose_limit=$limit; fi
  done 2>/dev/null
  leftovers=$2
  shift 2
  step up clear_and_run "$@"
  status=$?
  compose_limit=
  keep=
  return "$status"
}

clear_and_run() {
  # shellcheck disable=SC2086 # words
  clear_leftovers $leftovers
  # shellcheck disable=SC2086 # a word or none
  with_environment "$@" $keep
  status=$?
  [ "$status" -ne 124 ] || await_stops
  return "$status"
}

# Docker goes on with a stop that it has in hand when Compose is ended: what still runs may be about to end. A container that Compose
# has created beside the one that it replaces tells which.
await_stops() {
  seconds=0
  while [ "$seconds" -lt 60 ] && is_stopping; do
    sleep 1
    seconds=$((seconds + 1))
  done
}

is_stopping() {
  for name in $(docker ps -a --filter status=created --format '{{.Names}}'); do
    case $name in
      [0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]_*)
        [ -z "$(docker ps -q --filter "name=^/${name#*_}\$")" ] || return 0
        ;;
    esac
  done
  return 1
}

# None of them has ever run. One that was removed or started meanwhile is no reason not to go on.
clear_leftovers() {
  while [ $# -gt 1 ]; do
    case $2 in -) docker rm "$1" ;; *) docker rename "$1" "$2" ;; esac
    shift 2
  done
}

ktrdr_remove() { step scale-down remove_containers "$@"; }

remove_containers() { docker stop "$@" && docker rm "$@"; }
