containers() {
  ids=$1
  [ -n "$ids" ] ||
    ids=$(docker ps -aq --no-trunc --filter "label=com.docker.compose.project.working_dir=$PWD" \
      --filter label=com.docker.compose.oneoff=False) || return 1
  [ -n "$ids" ] || return 0
  tabbed fact container '{{index .Config.Labels "com.docker.compose.service"}}' '{{.ID}}' '{{.Config.Image}}' \
    '{{.Image}}' '{{.State.Status}}' '{{if .State.Health}}{{.State.Health.Status}}{{end}}' '{{.RestartCount}}' \
    '{{.State.ExitCode}}' '{{.State.StartedAt}}' '{{.Name}}'
  docker inspect --format "$mark$tabbed" $ids
}
# "$1" are the only containers there are, where the client knows that; the others are images whose digests it knows,
# which never change.
ktrdr_look() {
  only=$1
  shift
  # A container that goes between the two questions fails the first try, not the second, which lists all of them.
  cd "$directory" && { seen=$(containers "$only" 2>/dev/null) || seen=$(containers ''); } ||
    { report look failed; return 1; }
  [ -z "$seen" ] || printf '%s\n' "$seen" >&4 2>/dev/null
  images=
  for field in $seen; do
    case $field in
      sha256:*) case " $* $images " in *" $field "*) ;; *) images="$images $field" ;; esac ;;
    esac
  done
  tabbed fact digests '{{.ID}}' '{{range .RepoDigests}}{{.}} {{end}}'
  [ -z "$images" ] || docker image inspect --format "$mark$tabbed" $images 2>/dev/null >&4
  report look ok
}
ktrdr_logs() { step logs docker logs --tail "$2" "$1"; }
