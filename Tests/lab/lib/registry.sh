# Private registries that ask for a password, and the images in the first. The second, with a user and a password of its own, is
# started by who needs it.
registry_user=kpiteira
second_registry_user=homelab

registry_dir() { echo "$root/$1"; }                        # NAME: registry, second-registry
registry_address() { if [ "$1" = registry ]; then echo "$registry"; else echo "$second_registry"; fi; }
registry_login() { if [ "$1" = registry ]; then echo "$registry_user"; else echo "$second_registry_user"; fi; }
registry_password() { echo "$root/secrets/$1-password"; } # a file

write_registry() { # NAME
  local dir
  dir=$(registry_dir "$1")
  mkdir -p "$dir/data" "$root/secrets"
  # Shaped like a real token: long, no shell characters. The nasty values are in the item.
  printf 'ghp_%s' "$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')" >"$(registry_password "$1")"
  chmod 600 "$(registry_password "$1")"
  htpasswd -iBn -C 4 "$(registry_login "$1")" <"$(registry_password "$1")" >"$dir/htpasswd" 2>/dev/null
  cat >"$dir/config.yml" <<CONFIG
version: 0.1
log: {level: info}
storage:
  filesystem: {rootdirectory: $dir/data}
  delete: {enabled: true}
http: {addr: $(registry_address "$1"), secret: lab}
auth:
  htpasswd: {realm: lab, path: $dir/htpasswd}
CONFIG
}

start_registry() { # NAME
  local dir
  dir=$(registry_dir "$1")
  start_daemon "$dir/log" docker-registry serve "$dir/config.yml"
  echo "$started" >"$dir/pid"
}

registry_is_up() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$1/v2/")" = 401 ]; }
await_registry() { # NAME
  local address
  address=$(registry_address "$1")
  wait_for "the registry on $address" "$(registry_dir "$1")/log" registry_is_up "$address"
}

# push_images NAME: each line of stdin is REPO TAG KIND PLATFORMS MARKER; prints REPO:TAG and the digest.
push_images() {
  "$python" "$lab_home/lib/images.py" "$(registry_address "$1")" "$(registry_login "$1")" "$(registry_password "$1")"
}

push_first_images() {
  local repo=$registry_user tag
  {
    for tag in $tags_good; do echo "$repo/ktrdr-backend $tag good - $tag"; done
    echo "$repo/ktrdr-backend latest good - latest"
    echo "$repo/ktrdr-backend $tag_unhealthy unhealthy - first"
    echo "$repo/ktrdr-backend $tag_leaky leaky - first"
    echo "$repo/ktrdr-backend $tag_crash crash - first"
    echo "$repo/ktrdr-backend $tag_stubborn stubborn - first"
    echo "$repo/ktrdr-db 16 good - postgres"
    echo "$repo/prometheus v2 good - prometheus"
    echo "$repo/grafana v11 good - grafana"
    echo "$repo/jaeger v1 good - jaeger"
  } | push_images registry >"$root/images"
}
