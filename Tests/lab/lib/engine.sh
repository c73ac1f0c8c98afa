# One Docker Engine a host, so that fixed container names do not meet. Nothing publishes ports and nothing leaves the
# machine, so the engines need no iptables rules and must not switch on forwarding for the whole machine; they are shown
# that it is on, or they would warn of it at every container. Their mounts are in a namespace that ends with them.
#
# There are two engines: Debian 12's own, and 26 of Debian 13, which keeps its images in containerd's store: there the id of an
# image is the digest of its manifest. Each starts the containerd that it finds in its PATH.
# shellcheck disable=SC2016 # for the shell that is started with it
in_own_mounts='mount --bind "$0" /proc/sys/net/ipv4/ip_forward && exec "$@"'

second_engine=/usr/local/lib/ktrdr-lab/engine-26 # where scripts/setup puts it
second_engine_hosts=workers-c                    # unless `lab up` is told otherwise

engine_dir() { echo "$root/hosts/$1/e"; }
engine_socket() { echo "$root/hosts/$1/docker.sock"; }
engine_url() { echo "unix://$(engine_socket "$1")"; }

host_engine() { # NAME: the version
  case " $second_engine_hosts " in *" $1 "*) echo 26 ;; *) echo 20 ;; esac
}

storage_driver() { # NAME: neither engine's overlay can stand on an overlay
  case $(stat -f -c %T "$root")-$(host_engine "$1") in
    overlayfs-26 | nfs-26 | fuseblk-26) echo native ;;
    overlayfs-* | nfs-* | fuseblk-*) echo vfs ;;
    *-26) echo overlayfs ;;
    *) echo overlay2 ;;
  esac
}

engine_path() { # NAME: what comes before the machine's own
  [ "$(host_engine "$1")" = 20 ] || printf '%s:' "$second_engine"
}

engine_settings() { # NAME; without a file the machine's own /etc/docker/daemon.json is read
  if [ "$(host_engine "$1")" = 20 ]; then echo '{}'; else echo '{"features": {"containerd-snapshotter": true}}'; fi
}

start_engine() { # NAME
  local dir bridge prefix slot
  dir=$(engine_dir "$1")
  slot=$(host_slot "$1")
  bridge=$(slot_bridge "$slot")
  prefix=$(slot_prefix "$slot")
  mkdir -p "$dir/tmp" # runc puts the environment of a health check into a file there for a moment
  engine_settings "$1" >"$dir/config.json"
  if [ ! -e "/sys/class/net/$bridge" ]; then
    ip link add name "$bridge" type bridge
    ip addr add "$prefix.1/28" dev "$bridge"
    ip link set "$bridge" up
  fi
  echo 1 >"$dir/forwarding"
  rm -f "$dir/pid" "$dir/x/containerd/containerd.pid" # of an engine that was killed, whose zombie may still be there
  start_daemon "$root/hosts/$1/engine.log" env "TMPDIR=$dir/tmp" "PATH=$(engine_path "$1")$PATH" \
    unshare --mount --propagation slave \
    sh -c "$in_own_mounts" "$dir/forwarding" dockerd --data-root "$dir/data" --exec-root "$dir/x" --pidfile "$dir/pid" \
    --host "$(engine_url "$1")" --storage-driver "$(storage_driver "$1")" --bridge "$bridge" \
    --default-address-pool "base=$prefix.128/25,size=28" --cgroup-parent "/ktrdr-lab-$slot" --config-file "$dir/config.json" \
    --iptables=false --ip-masq=false --ip-forward=false --userland-proxy=false
  echo "$started" >"$root/hosts/$1/engine.pid"
}

engine_is_up() { [ "$(curl -s --unix-socket "$(engine_socket "$1")" http://engine/_ping)" = OK ]; }
await_engine() { wait_for "the engine of $1" "$root/hosts/$1/engine.log" engine_is_up "$1"; }
