# The heads of ledgers that deployments left in the stack's directory, a line each.

# The newest anchor of a ledger. Nearly always that is the last line.
last_anchor() {
  is_plain .ktrdr-anchors || return 0
  anchor=$(newest_anchor)
  case $anchor in *" $1 "*) ;; *) anchor=$(recent_anchors | grep -F " $1 " | tail -n 1) ;; esac
  if [ -n "$anchor" ]; then fact anchor "$anchor"; else foreign_anchor; fi
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

foreign_anchor() { [ ! -s .ktrdr-anchors ] || fact foreign-anchor "$(newest_anchor)"; }

# $1: the ledger's id.
ktrdr_anchors() {
  cd "$directory" 2>/dev/null || return 0
  if [ ! -e .ktrdr-anchors ]; then
    report anchors none
    return 0
  fi
  { is_plain .ktrdr-anchors && [ -r .ktrdr-anchors ]; } || return 0
  report anchors readable
  own=$(recent_anchors | grep -F " $1 " | tail -n 5000)
  if [ -n "$own" ]; then
    printf '%s\n' "$own" | while IFS= read -r line; do report anchor "$line"; done
  else
    foreign_anchor
  fi
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
