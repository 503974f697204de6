/**
 * The completion script for bash. The library's own script needs the package bash-completion, cannot be sourced twice and
 * evaluates the words of the command line; this one only passes them to the command.
 * Lines of the answer are `value<tab>description`; the last is `:` and a number whose bit 4 means: no file names.
 */
export const BASH_SCRIPT = `# bash completion for muster
_muster_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word line files=1
  local -a words=()
  # bash splits --phase=waiting into three words.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == '=' ]] || words+=("$word")
  done
  [[ $current == '=' ]] && current='' && words+=('')
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) (( \${line#:} & 4 )) && files=0 ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(muster complete -- "\${words[@]}" 2>/dev/null)
  if (( files )); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  fi
}
complete -F _muster_complete muster`;
