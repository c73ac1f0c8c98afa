# A slot is a number that one engine has for itself on this machine: its bridge and its subnet (of 198.18.0.0/15,
# which RFC 2544 sets aside for tests, so no real network is shadowed). A lab's port is that of its first slot.
slots_dir=/tmp/ktrdr-lab-slots
slots_most=511

slot_prefix() { if [ "$1" -lt 256 ]; then echo "198.18.$1"; else echo "198.19.$(($1 - 256))"; fi; }
slot_bridge() { echo "klab$1"; }
slot_port() { echo $((20000 + $1)); }

slot_is_free() {
  local owner
  if owner=$(cat "$slots_dir/$1" 2>/dev/null); then
    # A lab that was removed by hand leaves its claim behind.
    [ ! -e "$owner/slots" ] || return 1
  fi
  [ ! -e "/sys/class/net/$(slot_bridge "$1")" ] || return 1
  [ -z "$(ss -ltnH "sport = :$(slot_port "$1")")" ]
}

claim_slots() { # COUNT: sets $slots
  local slot
  slots=
  mkdir -p "$slots_dir"
  exec 9>"$slots_dir/lock"
  flock 9
  for ((slot = 1; slot <= slots_most; slot++)); do
    [ "$(wc -w <<<"$slots")" -lt "$1" ] || break
    slot_is_free "$slot" || continue
    # First what is to be given back, so that a start that is stopped here gives it back.
    slots="$slots $slot"
    echo "$slots" >"$root/slots"
    echo "$root" >"$slots_dir/$slot"
  done
  exec 9>&-
  [ "$(wc -w <<<"$slots")" -eq "$1" ] || die "only $slots_most engines fit on one machine, and other labs hold the rest"
}

held_slots() { cat "$root/slots" 2>/dev/null || true; }

release_slots() {
  local slot
  for slot in $(held_slots); do
    [ "$(cat "$slots_dir/$slot" 2>/dev/null)" != "$root" ] || rm -f "$slots_dir/$slot"
  done
  rm -f "$root/slots"
}

host_slot() { # NAME
  local name index=0 all
  read -ra all <<<"$slots"
  for name in $hosts; do
    [ "$name" != "$1" ] || { echo "${all[index]}"; return; }
    index=$((index + 1))
  done
  die "no host '$1' in this lab; its hosts are: $hosts"
}
