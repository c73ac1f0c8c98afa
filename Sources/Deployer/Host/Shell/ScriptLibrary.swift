/// The shell functions that the client uploads once a connection and then calls by name. POSIX `sh` only: dash, bash
/// and busybox run it.
///
/// The remote shell reads its commands from the connection, so a client that is gone is an end of file: nothing further
/// begins. Descriptor 4 is the connection's way back, 9 the lock; `$mark` is the prefix of a marker line.
enum ScriptLibrary {
  /// Everything but the values that belong to one deployment.
  static let functions = [markers, compose, checks, observation, changes].joined(separator: "\n")

  /// A program's output goes through a reader that outlives the connection: a broken pipe must not stop Compose midway.
  private static let markers = #"""
    trap '' HUP PIPE
    trap 'exit 143' TERM INT
    trap '[ -z "$login" ] || rm -rf "$login"' EXIT
    exec 4>&1
    login=
    locked=
    serving=
    compose_plugin=
    PATH=$PATH:/usr/local/bin
    facts=
    tab='	'
    line_end='
    '
    # Joins its words with tabs, without a process of its own: it is called for every fact.
    tabbed() {
      plain_separators=$IFS
      IFS=$tab
      tabbed=$*
      IFS=$plain_separators
    }
    # A fact waits for the next marker that is said: one write for both. A branch in the background says its facts itself.
    fact() { tabbed fact "$@"; facts=$facts$mark$tabbed$line_end; }
    say() { tabbed "$@"; printf '%s%s%s\n' "$facts" "$mark" "$tabbed" >&4; said=$?; facts=; return "$said"; } 2>/dev/null
    drain() { cat 2>/dev/null || cat >/dev/null; }
    step() {
      name=$1
      shift
      say begin "$name" || return 255
      status=$( { { "$@" </dev/null 2>&1 9>&-; echo "$?" >&5; } | drain >&4 9>&-; } 5>&1 )
      printf '\n' >&4 2>/dev/null
      say end "$name" "${status:-255}"
      return "${status:-255}"
    }
    """#

  /// The Compose plugin started by its own path costs a third of `docker compose`; where it is not found, that is used.
  private static let compose = #"""
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
    # Go's collector takes a quarter of the time of a Compose that soon ends. For a subshell, and not for `up`: a compose
    # file may hand the variable on to containers.
    short_lived() { GOGC=${GOGC:-400}; export GOGC; "$@"; }
    pinned() { pins | compose "$@"; }
    default_files() {
      for file in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
        [ ! -f "$file" ] || { printf '%s\n' "$file"; break; }
      done
      for file in compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml; do
        [ ! -f "$file" ] || { printf '%s\n' "$file"; break; }
      done
    }
    use_context() {
      [ -z "$DOCKER_HOST$DOCKER_CONTEXT" ] && [ -r "$HOME/.docker/config.json" ] || return 0
      context=$(sed -n 's/.*"currentContext"[^"]*"\([^"]*\)".*/\1/p' "$HOME/.docker/config.json")
      [ -z "$context" ] || { DOCKER_CONTEXT=$context; export DOCKER_CONTEXT; }
    }
    """#

  /// Each finding is a fact; the client says what it means and what to do.
  private static let checks = #"""
    ktrdr_check() {
      command -v flock >/dev/null 2>&1 && fact flock yes || fact flock no
      find_compose
      use_context
      if ! cd "$directory" 2>/dev/null; then
        if [ -d "$directory" ]; then fact directory denied; else fact directory missing; fi
        return 0
      fi
      fact directory ok
      [ -w . ] && fact writable yes || fact writable no
      [ -z "$1" ] || [ ! -r .ktrdr-anchors ] || last_anchor "$1"
      lock_seen=$(last_owner)
    }
    last_owner() { [ ! -r .ktrdr-lock ] || { IFS= read -r owner <.ktrdr-lock; printf '%s' "$owner"; }; }
    ktrdr_versions() { docker_version; compose_version || say fact compose missing; }
    docker_version() {
      if ! command -v docker >/dev/null 2>&1; then say fact docker missing
      elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then say fact docker ok "$version"
      else say fact docker unreachable "$(printf '%s' "$version" | tail -n 1)"; fi
    }
    compose_version() { version=$(compose version --short 2>/dev/null) && say fact compose ok "$version"; }
    # Docker and Compose are asked side by side, and for what they are only when they do not answer.
    # "$1" are the images whose digests the client knows; the rest is for Compose. Only one of the two may speak at a time:
    # lines that are longer than a pipe takes at once would mix.
    ktrdr_survey() {
      { facts=; ktrdr_look '' $1 || docker_version; } &
      shift
      list_services "$@"
      wait
      tell_services "$@"
    }
    # Nearly always the newest line is this ledger's own.
    last_anchor() {
      anchor=$(tail -n 1 .ktrdr-anchors)
      case $anchor in *" $1 "*) ;; *) anchor=$(grep -F " $1 " .ktrdr-anchors | tail -n 1) ;; esac
      if [ -n "$anchor" ]; then fact anchor "$anchor"; else foreign_anchor; fi
    }
    foreign_anchor() { [ ! -s .ktrdr-anchors ] || fact foreign-anchor "$(tail -n 1 .ktrdr-anchors)"; }
    ktrdr_files() {
      cd "$directory" 2>/dev/null || return 0
      [ "$#" -gt 0 ] || set -- $(default_files)
      [ "$#" -gt 0 ] || fact file missing compose.yaml
      for file in "$@"; do
        if [ ! -f "$file" ]; then fact file missing "$file"
        elif [ ! -r "$file" ]; then fact file unreadable "$file"
        else fact file ok "$file"; fi
      done
      sum=$(if [ "$#" -eq 1 ]; then sha256sum <"$1"; else cat -- "$@" | sha256sum; fi 2>/dev/null)
      fact compose-digest "${sum%% *}"
    }
    ktrdr_services() { list_services "$@"; tell_services "$@"; }
    list_services() {
      shift
      cd "$directory" 2>/dev/null || return 0
      listed=$(with_placeholders short_lived compose "$@" config --services 2>&1)
      could_list=$?
    }
    tell_services() {
      cd "$directory" 2>/dev/null || return 0
      if [ "$could_list" -eq 0 ]; then
        names=
        while [ -n "$listed" ]; do
          line=${listed%%"$line_end"*}
          listed=${listed#"$line"}
          listed=${listed#"$line_end"}
          # Warnings stand between the names.
          case $line in *' '*) ;; *) names="$names $line" ;; esac
        done
        fact "$1" $names
      elif ! compose_version; then fact compose missing
      else fact compose-file invalid "${listed##*"$line_end"}"; fi
    }
    """#

  private static let observation = #"""
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
        { say fact look failed; return 1; }
      [ -z "$seen" ] || printf '%s\n' "$seen" >&4 2>/dev/null
      images=
      for field in $seen; do
        case $field in
          sha256:*) case " $* $images " in *" $field "*) ;; *) images="$images $field" ;; esac ;;
        esac
      done
      tabbed fact digests '{{.ID}}' '{{range .RepoDigests}}{{.}} {{end}}'
      [ -z "$images" ] || docker image inspect --format "$mark$tabbed" $images 2>/dev/null >&4
      say fact look ok
    }
    ktrdr_logs() { step logs docker logs --tail "$2" "$1"; }
    """#

  /// The lock is held by the shell's own descriptor: the kernel frees it when the shell ends, however it ends. A network
  /// that is gone looks like a client that thinks: the host's `sshd` may not notice for hours. So a shell with the lock
  /// reads through a program with a time-out, and ends when nothing has come for long.
  private static let changes = #"""
    ktrdr_lock() {
      cd "$directory" && exec 9>>.ktrdr-lock || { say fact lock unwritable; return 1; }
      if flock -n 9; then
        # Another deployment since the survey would have left its own text: then what was seen holds no longer.
        if [ "$(last_owner)" = "$lock_seen" ]; then held=unchanged; else held=changed; fi
        printf '%s\n' "$1" >.ktrdr-lock
        say fact lock taken "$held"
        locked=yes
        return 0
      fi
      exec 9>&-
      say fact lock held "$(head -n 1 .ktrdr-lock)"
      return 1
    }
    ktrdr_serve() {
      say done
      [ "$locked$serving" = yes ] && command -v timeout >/dev/null 2>&1 || return 0
      serving=yes
      while text=$(timeout "$idle_limit" /bin/sh -c "$read_upload" sh "$end_of_upload" 4>&- 9>&-); do eval "$text"; done
      exit
    }
    read_upload='while IFS= read -r line; do [ "$line" != "$1" ] || exit 0; printf "%s\n" "$line"; done; exit 1'
    write_login() {
      for place in "$XDG_RUNTIME_DIR" /dev/shm /run/shm; do
        [ -n "$place" ] && [ -d "$place" ] && [ -w "$place" ] || continue
        [ "$(stat -f -c %T "$place" 2>/dev/null)" = tmpfs ] || continue
        login=$(umask 077; mktemp -d "$place/ktrdr.XXXXXXXX") || continue
        break
      done
      [ -n "$login" ] || { say fact login no-tmpfs; return 1; }
      for name in cli-plugins contexts; do
        [ ! -e "$HOME/.docker/$name" ] || ln -s "$HOME/.docker/$name" "$login/$name"
      done
      ( umask 077; registry_login >"$login/config.json" )
    }
    ktrdr_pull() {
      say begin login
      write_login
      status=$?
      say end login "$status"
      [ "$status" -eq 0 ] || return 1
      step pull with_login "$@"
      status=$?
      rm -rf "$login"
      login=
      return "$status"
    }
    with_login() { ( DOCKER_CONFIG=$login; export DOCKER_CONFIG; with_environment short_lived "$@" ); }
    ktrdr_config() { step config with_environment short_lived "$@"; }
    ktrdr_up() { step up with_environment "$@"; }
    ktrdr_images() {
      for image in "$@"; do
        if docker image inspect --format '{{.Id}}' "$image" >/dev/null 2>&1; then say fact image present "$image"
        else say fact image missing "$image"; fi
      done
    }
    ktrdr_remove() { step scale-down remove_containers "$@"; }
    remove_containers() { docker stop "$@" && docker rm "$@"; }
    ktrdr_anchors() {
      cd "$directory" 2>/dev/null || return 0
      if [ ! -e .ktrdr-anchors ]; then say fact anchors none; return 0; fi
      [ -r .ktrdr-anchors ] || return 0
      say fact anchors readable
      if ! grep -qF " $1 " .ktrdr-anchors; then foreign_anchor; return 0; fi
      grep -F " $1 " .ktrdr-anchors | tail -n 10000 | while read -r line; do say fact anchor "$line"; done
    }
    ktrdr_anchor() {
      cd "$directory" && ( umask 022; printf '%s\n' "$1" >>.ktrdr-anchors ) 2>/dev/null && say fact anchored ||
        say fact anchor-failed
    }
    """#
}
