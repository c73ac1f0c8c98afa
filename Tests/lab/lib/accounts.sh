# More accounts on a host, beside the one that the lab runs as. Only the host's sshd and what it starts can see them: they are in
# copies of /etc/passwd and /etc/group in mounts of that sshd's own, so this machine's files stay as they are.
# Each account may use Docker, and is in the group `deployers`, which the stack's directory belongs to, with setgid.
accounts_first=61000 # uid and gid; that of `deployers`

accounts_dir() { echo "$root/hosts/$1/accounts"; }

# What a host's sshd is started through.
sshd_mounts() { # NAME
  [ ! -d "$(accounts_dir "$1")" ] || echo "unshare --mount $(accounts_dir "$1")/enter"
}

lab_add_accounts() {
  use_root "$@"
  [ $# -ge 3 ] || { usage >&2; exit 64; }
  local host=$2 dir host_dir id=$accounts_first name docker_group
  shift 2
  host_address "$host" >/dev/null
  dir=$(accounts_dir "$host")
  host_dir=$root/hosts/$host
  [ ! -e "$dir" ] || die "$host has accounts; remove them first: lab remove-accounts $root $host"
  docker_group=$(stat -c %g "$(engine_socket "$host")")
  mkdir "$dir"
  cp "$host_dir/sshd_config" "$dir/sshd_config.before"
  cp /etc/passwd "$dir/passwd"
  awk -F: -v OFS=: -v id="$docker_group" -v names="$(tr ' ' , <<<"$*")" \
    '$3 == id { $4 = $4 ($4 == "" ? "" : ",") names } { print }' /etc/group >"$dir/group"
  echo "deployers:x:$id:$(tr ' ' , <<<"$*")" >>"$dir/group"
  sed -i "s/^AllowUsers .*/& $*/" "$host_dir/sshd_config"
  printf '#!/bin/sh\nset -e\nmount --bind %s/passwd /etc/passwd\nmount --bind %s/group /etc/group\n' "$dir" "$dir" >"$dir/enter"
  for name; do
    id=$((id + 1))
    add_account "$host" "$name" "$id"
  done
  # shellcheck disable=SC2016 # for the script
  echo 'exec "$@"' >>"$dir/enter"
  chmod 755 "$dir/enter"
  chgrp -R "$accounts_first" "$(stack_dir "$host")"
  chmod -R g+w "$(stack_dir "$host")"
  chmod 2775 "$(stack_dir "$host")"
  restart_sshd "$host"
}

add_account() { # HOST NAME ID
  local dir home
  dir=$(accounts_dir "$1")
  home=$dir/$2
  echo "$2:*:$3:$3::$home:/bin/sh" >>"$dir/passwd"
  echo "$2:x:$3:" >>"$dir/group"
  mkdir -p "$home/run" "$home/tmp"
  chown -R "$3:$3" "$home"
  echo "mount -t tmpfs -o size=32m,mode=700,uid=$3,gid=$3 ktrdr-lab $home/run" >>"$dir/enter"
  cat >>"$root/hosts/$1/sshd_config" <<CONFIG
Match User $2
  SetEnv DOCKER_HOST=$(engine_url "$1") XDG_RUNTIME_DIR=$home/run TMPDIR=$home/tmp PATH=/usr/bin:/bin $owner_mark=$root
CONFIG
  # The client's side: the same hosts, under another name.
  mkdir -p "$root/accounts/$2/bin"
  printf '#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config -l %s "$@"\n' "$root" "$2" >"$root/accounts/$2/bin/ssh"
  chmod 755 "$root/accounts/$2/bin/ssh"
}

lab_remove_accounts() {
  use_root "$@"
  [ $# -eq 2 ] || { usage >&2; exit 64; }
  local dir
  dir=$(accounts_dir "$2")
  [ -d "$dir" ] || die "$2 has no accounts"
  lab_kill_host "$root" "$2" sshd
  cp "$dir/sshd_config.before" "$root/hosts/$2/sshd_config"
  rm -rf "$dir"
  chown -R "$user:" "$(stack_dir "$2")"
  chmod -R g-w,g-s "$(stack_dir "$2")"
  start_sshd "$2"
  await_sshd "$2"
}

restart_sshd() { # NAME
  lab_kill_host "$root" "$1" sshd
  start_sshd "$1"
  await_sshd "$1"
}
