# A git repository with three commits on main, all on a remote branch. Dates are fixed, so every lab has the same ones.
write_repository() {
  local name
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
  git init -q --bare -b main "$root/origin.git"
  git init -q -b main "$root/repo"
  git -C "$root/repo" config user.name Lab
  git -C "$root/repo" config user.email lab@example.org
  git -C "$root/repo" remote add origin "$root/origin.git"
  commits=
  local day=1
  for name in A B C; do
    echo "version $name" >"$root/repo/version"
    git -C "$root/repo" add version
    GIT_AUTHOR_DATE="2026-01-0${day}T00:00:00Z" GIT_COMMITTER_DATE="2026-01-0${day}T00:00:00Z" \
      git -C "$root/repo" commit -q -m "Version $name"
    commits="$commits $(git -C "$root/repo" rev-parse HEAD)"
    day=$((day + 1))
  done
  git -C "$root/repo" push -q -u origin main
  tags_good=
  for name in $commits; do tags_good="$tags_good sha-${name:0:7}"; done
}
