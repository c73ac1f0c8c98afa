# Completes the words of ktrdr in bash. ktrdr itself says what can come next; a line "/" stands for the name of a file.
# shellcheck shell=bash
_ktrdr() {
  local program line
  program=$(type -P -- "${1/#\~\//$HOME/}") || program=ktrdr
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = / ]; then
      compopt -o default
    else
      COMPREPLY+=("$line")
    fi
  done < <("$program" ---complete bash "${COMP_WORDS[@]:1:COMP_CWORD-1}" "$2" 2>/dev/null </dev/null)
}
# An older bash sorts what it is given.
complete -o nosort -F _ktrdr ktrdr 2>/dev/null || complete -F _ktrdr ktrdr
