# One sshd a host on a loopback address of its own, and the client's side: a key, known hosts, names.
write_ssh_client() {
  ssh-keygen -q -t ed25519 -N '' -C lab -f "$root/id"
  cp "$root/id.pub" "$root/authorized_keys"
  : >"$root/known_hosts"
  : >"$root/ssh_config"
}

write_sshd() { # NAME
  local dir=$root/hosts/$1 address
  address=$(host_address "$1")
  mkdir -p "$dir/home" "$dir/run" "$dir/tmp"
  # As systemd gives a login one: scratch space that is never on a disk.
  mount -t tmpfs -o size=32m,mode=700 ktrdr-lab "$dir/run"
  ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$dir/host_key"
  cat >"$dir/sshd_config" <<CONFIG
ListenAddress $address:$port
HostKey $dir/host_key
PidFile none
AuthorizedKeysFile $root/authorized_keys
AllowUsers $user
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
LogLevel VERBOSE
SetEnv DOCKER_HOST=$(engine_url "$1") HOME=$dir/home XDG_RUNTIME_DIR=$dir/run TMPDIR=$dir/tmp PATH=/usr/bin:/bin:/usr/sbin:/sbin $owner_mark=$root
CONFIG
  echo "[$address]:$port $(cut -d' ' -f1,2 "$dir/host_key.pub")" >>"$root/known_hosts"
  cat >>"$root/ssh_config" <<CONFIG
Host $(host_name "$1")
  HostName $address
  Port $port
  User $user
  IdentityFile $root/id
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile $root/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
CONFIG
}

start_sshd() { # NAME
  mkdir -p /run/sshd # sshd wants its empty directory, which a service manager would have made
  # shellcheck disable=SC2046 # words
  start_daemon "$root/hosts/$1/sshd.log" $(sshd_mounts "$1") /usr/sbin/sshd -D -e -f "$root/hosts/$1/sshd_config"
  echo "$started" >"$root/hosts/$1/sshd.pid"
}

await_sshd() { wait_for "the sshd of $1" "$root/hosts/$1/sshd.log" port_answers "$(host_address "$1")" "$port"; }
