# The heads of ledgers that deployments left in the stack's directory, a line each.

# The newest anchor of a ledger. Nearly always that is the last line.
last_anchor() {
  anchor=$(tail -n 1 .ktrdr-anchors)
  case $anchor in *" $1 "*) ;; *) anchor=$(grep -F " $1 " .ktrdr-anchors | tail -n 1) ;; esac
  if [ -n "$anchor" ]; then fact anchor "$anchor"; else foreign_anchor; fi
}

foreign_anchor() { [ ! -s .ktrdr-anchors ] || fact foreign-anchor "$(tail -n 1 .ktrdr-anchors)"; }

# $1: the ledger's id.
ktrdr_anchors() {
  cd "$directory" 2>/dev/null || return 0
  if [ ! -e .ktrdr-anchors ]; then
    report anchors none
    return 0
  fi
  [ -r .ktrdr-anchors ] || return 0
  report anchors readable
  if ! grep -qF " $1 " .ktrdr-anchors; then
    foreign_anchor
    return 0
  fi
  grep -F " $1 " .ktrdr-anchors | tail -n 10000 | while read -r line; do report anchor "$line"; done
}

# $1: the line to leave.
ktrdr_anchor() {
  if cd "$directory" && (umask 022 && printf '%s\n' "$1" >>.ktrdr-anchors) 2>/dev/null; then
    report anchored
  else
    report anchor-failed
  fi
}
