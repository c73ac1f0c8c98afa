#compdef ktrdr
# Completes the words of ktrdr in zsh. ktrdr itself says what can come next; a line "/" stands for the name of a file.
_ktrdr() {
  local program=${${(Q)words[1]}/#\~\//$HOME/} line word note
  local -a answer described
  [[ -n ${commands[$program]} || -x $program ]] || program=ktrdr
  answer=("${(@f)$("$program" ---complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  compset -P '--*='
  if [[ ${answer[1]} = / ]]; then
    _files
    return
  fi
  for line in "${answer[@]}"; do
    [[ -n $line ]] || continue
    word=${line%%$'\t'*} note=${line#*$'\t'}
    described+=("${word//:/\\:}${${line:#$word}:+:$note}")
  done
  (( $#described )) && _describe -V '' described
}
# Read by a shell that is running, or loaded from a directory of its completions.
if [[ ${funcstack[1]} = _ktrdr ]]; then _ktrdr "$@"; else compdef _ktrdr ktrdr; fi
