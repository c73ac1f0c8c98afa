# What runs, and what it wrote. Docker's own templates print the marker lines, so that no process is started for them.

# $1: the ids of the containers; empty means all of the project.
containers() {
  ids=$1
  [ -n "$ids" ] ||
    ids=$(docker ps -aq --no-trunc --filter "label=com.docker.compose.project.working_dir=$PWD" \
      --filter label=com.docker.compose.oneoff=False) || return 1
  [ -n "$ids" ] || return 0
  tabbed fact container '{{index .Config.Labels "com.docker.compose.service"}}' '{{.ID}}' '{{.Config.Image}}' \
    '{{.Image}}' '{{.State.Status}}' '{{if .State.Health}}{{.State.Health.Status}}{{end}}' '{{.RestartCount}}' \
    '{{.State.ExitCode}}' '{{.State.StartedAt}}' '{{.Name}}'
  # shellcheck disable=SC2086 # a list of ids
  docker inspect --format "$mark$tabbed" $ids
}

# $1: the ids of the only containers there are, if the client knows that; the others are images whose digests it knows,
# which never change.
ktrdr_observe() {
  only=$1
  shift
  # A container that goes away between the two questions fails the first try, not the second, which lists all of them.
  if ! { cd "$directory" && { seen=$(containers "$only" 2>/dev/null) || seen=$(containers ''); }; }; then
    report observed failed
    return 1
  fi
  [ -z "$seen" ] || printf '%s\n' "$seen" >&4 2>/dev/null
  images=
  for field in $seen; do
    case $field in
      sha256:*) case " $* $images " in *" $field "*) ;; *) images="$images $field" ;; esac ;;
    esac
  done
  tabbed fact digests '{{.ID}}' '{{range .RepoDigests}}{{.}} {{end}}'
  # shellcheck disable=SC2086 # a list of ids
  [ -z "$images" ] || docker image inspect --format "$mark$tabbed" $images 2>/dev/null >&4
  report observed ok
}

ktrdr_images() {
  for image in "$@"; do
    if docker image inspect --format '{{.Id}}' "$image" >/dev/null 2>&1; then
      report image present "$image"
    else
      report image missing "$image"
    fi
  done
}

ktrdr_logs() { step logs docker logs --tail "$2" "$1"; }
