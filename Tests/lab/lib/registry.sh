# A private registry that asks for a password, and the images in it.
registry_user=kpiteira

write_registry() {
  local dir=$root/registry
  mkdir -p "$dir/data" "$root/secrets"
  # Shaped like a real token: long, no shell characters. The nasty values are in the item.
  printf 'ghp_%s' "$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')" >"$root/secrets/registry-password"
  chmod 600 "$root/secrets/registry-password"
  htpasswd -iBn -C 4 "$registry_user" <"$root/secrets/registry-password" >"$dir/htpasswd" 2>/dev/null
  cat >"$dir/config.yml" <<CONFIG
version: 0.1
log: {level: info}
storage:
  filesystem: {rootdirectory: $dir/data}
  delete: {enabled: true}
http: {addr: $registry, secret: lab}
auth:
  htpasswd: {realm: lab, path: $dir/htpasswd}
CONFIG
}

start_registry() {
  start_daemon "$root/registry/log" docker-registry serve "$root/registry/config.yml"
  echo "$started" >"$root/registry/pid"
}

registry_is_up() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$registry/v2/")" = 401 ]; }
await_registry() { wait_for "the registry on $registry" "$root/registry/log" registry_is_up; }

# Each line of stdin is REPO TAG KIND MARKER; prints REPO:TAG and the digest.
push_images() {
  "$python" "$lab_home/lib/images.py" "$registry" "$registry_user" "$root/secrets/registry-password"
}

push_first_images() {
  local repo=$registry_user tag
  {
    for tag in $tags_good; do echo "$repo/ktrdr-backend $tag good $tag"; done
    echo "$repo/ktrdr-backend latest good latest"
    echo "$repo/ktrdr-backend $tag_unhealthy unhealthy first"
    echo "$repo/ktrdr-backend $tag_leaky leaky first"
    echo "$repo/ktrdr-backend $tag_crash crash first"
    echo "$repo/ktrdr-backend $tag_stubborn stubborn first"
    echo "$repo/ktrdr-db 16 good postgres"
    echo "$repo/prometheus v2 good prometheus"
    echo "$repo/grafana v11 good grafana"
    echo "$repo/jaeger v1 good jaeger"
  } | push_images >"$root/images"
}
