# What runs, and what it wrote. Docker's own templates print a line for each thing, as JSON where somebody else chose the
# words: it has no tab or line end of its own. The mark is added here, since everybody on the host can read arguments.

# The names of a container's variables that are empty, as JSON strings. No value is printed: it may be a secret.
# shellcheck disable=SC2016 # a template
empty_variables='{{range .Config.Env}}{{$parts := split . "="}}{{if eq (len $parts) 2}}{{if not (index $parts 1)}}{{json (index $parts 0)}} {{end}}{{end}}{{end}}'

# $1: the project; empty means every one of the host. $2: the ids of the containers; empty means all of the project.
containers() {
  label=com.docker.compose.project${1:+=$1}
  ids=$2
  # Compose gives the hash of a service's configuration to each of its containers, and to nothing else.
  [ -n "$ids" ] ||
    ids=$(docker ps -aq --no-trunc --filter "label=$label" \
      --filter label=com.docker.compose.config-hash --filter label=com.docker.compose.oneoff=False) || return 1
  [ -n "$ids" ] || return 0
  tabbed '{{json (index .Config.Labels "com.docker.compose.service")}}' '{{.ID}}' '{{json .Config.Image}}' \
    '{{.Image}}' '{{.State.Status}}' '{{if .State.Health}}{{.State.Health.Status}}{{end}}' '{{.RestartCount}}' \
    '{{.State.ExitCode}}' '{{.State.StartedAt}}' '{{.Created}}' '{{json .Name}}' '{{.HostConfig.RestartPolicy.Name}}' \
    '{{json (index .Config.Labels "com.docker.compose.project")}}' \
    '{{json (index .Config.Labels "com.docker.compose.project.working_dir")}}' \
    '{{json (index .Config.Labels "com.docker.compose.image")}}' \
    '{{json (index .Config.Labels "com.docker.compose.project.config_files")}}' \
    '{{with .Config.StopTimeout}}{{.}}{{end}}' '{{json .Config.StopSignal}}' "$empty_variables"
  # shellcheck disable=SC2086 # a list of ids
  docker inspect --format "$tabbed" $ids
}

# Which variables of a container are exactly these, or not there at all. $1: its id; then each as NAME=VALUE. What the container has
# stays here.
ktrdr_variables() {
  container=$1
  shift
  environment=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$container" 2>/dev/null) || return 0
  for variable in "$@"; do
    case $line_end$environment$line_end in
      *"$line_end$variable$line_end"*) report variable "${variable%%=*}" ;;
      *"$line_end${variable%%=*}="*) ;;
      *) report variable "${variable%%=*}" ;;
    esac
  done
}

# What `up` would do to each container, by a rehearsal of Compose's own, which changes nothing. Old versions have none, and some
# stacks end it early: a container that it only pretends to replace cannot lend its network. $@: Compose.
# Only with a Compose that was seen to change nothing: a later one swaps the containers for real
# (https://github.com/docker/compose/issues/14029).
ktrdr_rehearse() {
  case $(compose version --short 2>/dev/null) in 2.26.* | v2.26.*) ;; *) return 0 ;; esac
  # It waits for ever for a job that it only pretends to start, with the secrets in its environment.
  command -v timeout >/dev/null 2>&1 || return 0
  # shellcheck disable=SC2030 # for this answer alone
  answer=$(compose_limit='timeout -s KILL 10' && with_environment short_lived "$@" 2>&1)
  report rehearsal "$?"
  for_each "$(printf '%s\n' "$answer" | sed -n 's/^.*\(Container [^ ]*  *[A-Z][a-z]*\).*$/\1/p')" report rehearsed
}

# Which containers got a signal within the last hour, and when: Docker goes on with a stop, whoever has asked for it, and says so nowhere
# else. It remembers the last 256 events. A moment of whole seconds would leave out the newest.
ktrdr_signals() {
  now=$(date -u +%s.%N)
  case $now in *[!0-9.]* | *.) now=0s ;; esac
  tabbed '{{.Actor.ID}}' '{{.Actor.Attributes.signal}}' '{{.TimeNano}}'
  for_each "$(docker events --since 1h --until "$now" --filter type=container --filter event=kill --format "$tabbed" 2>/dev/null)" \
    fact signal
}

# A container that goes away between the two questions fails a try. On a busy host that happens more than once; the last try says why.
look() {
  seen=$(containers "$project" "$only" 2>/dev/null) && return
  for _ in 1 2 3; do seen=$(containers "$project" '' 2>/dev/null) && return; done
  seen=$(containers "$project" '')
}

# $1: the project, $2: the ids of its only containers, each if the client knows it; the others are images whose digests the
# client knows, which never change.
ktrdr_observe() {
  project=$1
  only=$2
  shift 2
  if ! { cd "$directory" && look; }; then
    report observed failed
    return 1
  fi
  for_each "$seen" fact container
  images=
  for field in $seen; do
    case $field in
      sha256:*) case " $* $images " in *" $field "*) ;; *) images="$images $field" ;; esac ;;
    esac
  done
  tabbed '{{.ID}}' '{{range .RepoDigests}}{{.}} {{end}}'
  # shellcheck disable=SC2086 # a list of ids
  [ -z "$images" ] || for_each "$(docker image inspect --format "$tabbed" $images 2>/dev/null)" fact digests
  # Where `date` knows no nanoseconds, the client reads the seconds before the dot.
  report observed ok "$(date -u +%s.%N)"
}

ktrdr_images() {
  for image in "$@"; do
    if id=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null); then
      report image present "$image" "$id"
    else
      report image missing "$image"
    fi
  done
}

# Whose containers have these names. $@: the names.
ktrdr_holders() {
  tabbed '{{json .Name}}' '{{json (index .Config.Labels "com.docker.compose.project")}}' \
    '{{json (index .Config.Labels "com.docker.compose.service")}}'
  for_each "$(docker container inspect --format "$tabbed" -- "$@" 2>/dev/null)" fact holder
}

ktrdr_logs() { step logs docker logs --tail "$2" "$1"; }
