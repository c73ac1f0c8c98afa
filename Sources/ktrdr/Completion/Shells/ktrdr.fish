# Completes the words of ktrdr in fish. ktrdr itself says what can come next; a line "/" stands for the name of a file.
function __ktrdr_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    type -fq -- $program; or set program ktrdr
    set -l answer ($program ---complete fish $words[2..] "$current" 2>/dev/null </dev/null)
    if test "$answer[1]" = /
        set -l option (string match -r -- '^--[^=]+=' "$current")
        printf '%s\n' "$option"(__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
    else if set -q answer[1]
        printf '%s\n' $answer
    end
end
complete -c ktrdr -f -k -a '(__ktrdr_complete)'
