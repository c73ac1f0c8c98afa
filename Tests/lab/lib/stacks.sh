# Whole stacks in the shape of well-known public ones (Tests/lab/stacks), put onto a host beside its own stack.
# Each has: stack/, what is in the directory on the host; images, lines for images.py; target.yml, what the inventory says of it beyond
# host and directory; and prepare, what its operator does once on the host, in that directory.
placed_dir() { echo "$root/hosts/$1/$2"; } # HOST STACK

# Prints the path of the inventory, which has this one target.
lab_place_stack() {
  use_root "$@"
  [ $# -eq 3 ] || { usage >&2; exit 64; }
  local source=$lab_home/stacks/$3 dir valkey settings
  [ -d "$source" ] || die "no stack '$3'; there are: $(cd "$lab_home/stacks" && echo *)"
  host_address "$2" >/dev/null
  dir=$(placed_dir "$2" "$3")
  [ ! -e "$dir" ] || die "$3 is on $2 already; remove it first: lab remove-stack $root $2 $3"
  push_images registry <"$source/images" >"$root/images-$3"
  valkey=$(sed -n 's/^library\/valkey:8 //p' "$root/images-$3")
  cp -R "$source/stack" "$dir"
  # A published port is one of this machine's: on the host's own address, and of this lab alone.
  settings="s|@REGISTRY@|$registry|g; s|@VALKEY@|$valkey|g; s|@ADDRESS@|$(host_address "$2")|g; s|@PORT@|$((port + 10000))|g"
  find "$dir" -type f -exec sed -i "$settings" {} +
  placed_inventory "$2" "$3" >"$root/hosts/$2/$3.yml"
  [ ! -e "$source/prepare" ] || prepare_stack "$2" "$dir" <"$source/prepare"
  echo "$root/hosts/$2/$3.yml"
}

placed_inventory() { # HOST STACK
  cat <<YAML
registry: {server: $registry, username: $registry_user, token: ghcr_token}
secrets: {item: $op_item, vault: $op_vault}
targets:
  $2:
    host: $(host_name "$1")
    directory: $(placed_dir "$1" "$2")
    health_timeout: 30s
    stable_for: 1s
YAML
  cat "$lab_home/stacks/$2/target.yml"
}

# on_host NAME: stdin is a script, with the host's Docker and a login that is gone afterwards.
on_host() {
  local config status=0
  config=$(mktemp -d "$root/login.XXXX")
  printf '{"auths": {"%s": {"auth": "%s"}}}' "$registry" \
    "$(printf '%s:%s' "$registry_user" "$(cat "$(registry_password registry)")" | base64 -w 0)" >"$config/config.json"
  env "DOCKER_CONFIG=$config" "DOCKER_HOST=$(engine_url "$1")" sh -se >&2 || status=$?
  rm -rf "$config"
  return "$status"
}

prepare_stack() { # HOST DIRECTORY
  { printf 'cd %s\n' "$2"; sed "s|@REGISTRY@|$registry|g"; } | on_host "$1" || die "could not prepare $2"
}

lab_remove_stack() {
  use_root "$@"
  [ $# -eq 3 ] || { usage >&2; exit 64; }
  local dir
  dir=$(placed_dir "$2" "$3")
  [ -d "$dir" ] || die "$3 is not on $2"
  sed "s|@DIRECTORY@|$dir|" <<'SCRIPT' | on_host "$2" || die "could not remove $3 from $2"
of='{{.Label "com.docker.compose.project.working_dir"}}/ {{.Label "com.docker.compose.project"}}'
for project in $(docker ps -a --format "$of" | sed -n 's|^@DIRECTORY@/[^ ]* ||p' | sort -u); do
  mine="label=com.docker.compose.project=$project"
  docker ps -aq --filter "$mine" | xargs -r docker rm -fv
  docker volume ls -q --filter "$mine" | xargs -r docker volume rm
  docker network ls -q --filter "$mine" | xargs -r docker network rm
done
SCRIPT
  rm -rf "$dir" "$root/hosts/$2/$3.yml"
}
