# Ends what carries this lab's mark and undoes what it did to the kernel. It trusts no daemon to clean up after itself,
# since tests kill daemons.
sweep() {
  local rounds=100 pids addresses slot
  addresses=$(awk 1 "$root"/hosts/*/e/x/containerd/daemon/io.containerd.runtime.v2.task/moby/*/address 2>/dev/null || true)
  while pids=$(marked_processes || true) && [ -n "$pids" ]; do
    rounds=$((rounds - 1))
    [ "$rounds" -gt 0 ] || die "cannot end these processes: $(tr '\n' ' ' <<<"$pids")"
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.02
  done
  # A shim that was killed leaves its socket in /run/containerd/s.
  grep -o '/run/containerd/s/.*' <<<"$addresses" | xargs -r rm -f || true
  unmount_all
  for slot in $(held_slots); do
    [ "$(cat "$slots_dir/$slot" 2>/dev/null)" != "$root" ] || remove_slot_traces "$slot"
  done
  release_slots
}

unmount_all() {
  local mounts
  mounts=$(awk -v root="$root/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
  [ -z "$mounts" ] || xargs -r -d '\n' umount -l <<<"$mounts" 2>/dev/null || true
}

remove_slot_traces() { # SLOT: its bridges (the engine's and Compose's) and its control groups
  local link
  for link in $(ip -o -4 addr show to "$(slot_prefix "$1").0/24" | awk '{ print $2 }') "$(slot_bridge "$1")"; do
    ip link del "$link" 2>/dev/null || true
  done
  find /sys/fs/cgroup -depth -type d -path "*/ktrdr-lab-$1*" -exec rmdir {} + 2>/dev/null || true
}
