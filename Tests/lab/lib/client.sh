# The operator's side: commands first in PATH, the inventory, the environment, the facts for the tests.
write_client() {
  mkdir -p "$root/bin" "$root/home" "$root/state" "$root/config"
  cp "$lab_home/op" "$root/bin/op"
  # OpenSSH takes ~ from the password database, whatever HOME says.
  printf '#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config "$@"\n' "$root" >"$root/bin/ssh"
  chmod 755 "$root/bin/op" "$root/bin/ssh"
  inventory >"$root/ktrdr.yml"
  environment >"$root/env"
}

write_facts() { # for the commands and the shell, and as JSON for the tests
  facts >"$root/facts"
  "$python" "$lab_home/lib/facts.py" "$root/images" <"$root/facts" >"$root/lab.json"
}

inventory() {
  local name node
  cat <<YAML
registry: {server: $registry, username: $registry_user, token: ghcr_token}
secrets: {item: $op_item, vault: $op_vault}
targets:
YAML
  for name in $hosts; do
    printf '  %s:\n' "$name"
    if [ "$name" != core ]; then
      node=${name##*-}
      printf '    group: workers\n    node: %s\n' "\"${node^^}\""
    fi
    printf '    host: %s\n    directory: %s\n' "$(host_name "$name")" "$(stack_dir "$name")"
    if [ "$name" = core ]; then
      cat <<'YAML'
    compose_files: [docker-compose.core.yml]
    services: [backend, db]
    environment: {DB_NAME: ktrdr}
    secrets:
      DB_USER: {field: db_username, sensitive: false}
      DB_PASSWORD: db_password
      JWT_SECRET: jwt_secret
      GF_ADMIN_PASSWORD: grafana_password
    health_timeout: 20s
YAML
    else
      cat <<'YAML'
    profiles: [scale-2, scale-3]
    secrets: {DB_USER: {field: db_username, sensitive: false}, DB_PASSWORD: db_password}
    health_timeout: 20s
YAML
    fi
  done
}

environment() {
  local name
  cat <<ENV
export PATH=$root/bin:\$PATH
export HOME=$root/home
export XDG_STATE_HOME=$root/state
export XDG_CONFIG_HOME=$root/config
export KTRDR_CONFIG=$root/ktrdr.yml
export KTRDR_LEDGER=$root/state/ledger.db
export KTRDR_OPERATOR=lab@example.org
export KTRDR_LAB=$root
export OP_LAB=$root/op
ENV
  for name in $hosts; do
    printf 'export LAB_%s_DOCKER_HOST=%s\n' "$(tr 'a-z.-' 'A-Z__' <<<"$name")" "$(engine_url "$name")"
  done
}

facts() {
  local name
  cat <<FACTS
root='$root'
hosts='$hosts'
slots='$slots'
port='$port'
registry='$registry'
registry_user='$registry_user'
second_registry='$second_registry'
second_registry_user='$second_registry_user'
repository='$root/repo'
commits='${commits# }'
tags_good='${tags_good# }'
tag_unhealthy='$tag_unhealthy'
tag_leaky='$tag_leaky'
tag_crash='$tag_crash'
tag_stubborn='$tag_stubborn'
item='$op_item'
second_engine_hosts='$second_engine_hosts'
FACTS
  # In the order of the hosts.
  echo "names='$(for name in $hosts; do host_name "$name"; done | xargs)'"
  echo "addresses='$(for name in $hosts; do echo "$(host_address "$name"):$port"; done | xargs)'"
  echo "directories='$(for name in $hosts; do stack_dir "$name"; done | xargs)'"
  echo "engines='$(for name in $hosts; do host_engine "$name"; done | xargs)'"
  echo "sockets='$(for name in $hosts; do engine_socket "$name"; done | xargs)'"
}
