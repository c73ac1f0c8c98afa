# The heads of ledgers that deployments left in the stack's directory, a line each.

# The newest anchor of a ledger, and a newer one of another. Nearly always the last line is this one's.
last_anchor() {
  is_plain .ktrdr-anchors || return 0
  anchor=$(newest_anchor)
  case $anchor in
    *" $1 "*) ;;
    '') return 0 ;;
    *)
      fact foreign-anchor "$anchor"
      anchor=$(recent_anchors | grep -F " $1 " | tail -n 1)
      ;;
  esac
  [ -z "$anchor" ] || fact anchor "$anchor"
}

newest_anchor() {
  anchor=$(tail -c 1000 .ktrdr-anchors)
  printf '%s' "${anchor##*"$line_end"}"
}

# The end of the file, which holds 20,000 anchors: whatever somebody has put into it, it must not fill this host's memory.
recent_anchors() {
  if [ "$(wc -c <.ktrdr-anchors)" -le 4194304 ]; then
    cut -b -1000 .ktrdr-anchors
  else
    # The first line may be the rest of one.
    tail -c 4194304 .ktrdr-anchors | cut -b -1000 | sed 1d
  fi
}

# $1: the ledger's id.
ktrdr_anchors() {
  cd "$directory" 2>/dev/null || return 0
  if [ ! -e .ktrdr-anchors ]; then
    report anchors none
    return 0
  fi
  { is_plain .ktrdr-anchors && [ -r .ktrdr-anchors ]; } || return 0
  report anchors readable
  recent_anchors | grep -F " $1 " | tail -n 5000 | while IFS= read -r line; do report anchor "$line"; done
  foreign=$(recent_anchors | grep -vF " $1 " | tail -n 1)
  [ -z "$foreign" ] || report foreign-anchor "$foreign"
}

# $1: the line to leave.
ktrdr_anchor() {
  if cd "$directory" 2>/dev/null && leave_anchor "$1"; then report anchored; else report anchor-failed; fi
}

# In a directory that a group shares, the file is everybody's who may deploy there.
leave_anchor() {
  make_file .ktrdr-anchors 022 002 || is_plain .ktrdr-anchors || return
  [ -w .ktrdr-anchors ] || copy_anchors || return
  printf '%s\n' "$1" >>.ktrdr-anchors
} 2>/dev/null

# Replaces another account's file, which nobody else may write, by a copy. The lock keeps others away meanwhile.
copy_anchors() {
  rm -f .ktrdr-anchors.new
  make_file .ktrdr-anchors.new 022 002 && cat .ktrdr-anchors >>.ktrdr-anchors.new \
    && mv -f .ktrdr-anchors.new .ktrdr-anchors && return
  rm -f .ktrdr-anchors.new
  return 1
}
