import type { Command } from 'commander'

/** What may follow a command: its sub-commands and its long options. */
interface Entry {
  path: string
  words: { word: string; description: string }[]
}

function entriesOf(command: Command, path: readonly string[] = []): Entry[] {
  const children = command.commands.filter((child) => child.name() !== 'help')
  const words = [
    ...children.map((child) => ({ word: child.name(), description: child.description() })),
    ...command.options.flatMap(({ long, description }) => (long ? [{ word: long, description }] : [])),
    { word: '--help', description: 'explain a command' },
  ]
  return [{ path: path.join(' '), words }, ...children.flatMap((child) => entriesOf(child, [...path, child.name()]))]
}

/**
 * A completion script without a run of `leads` at each key press: the tree of commands stands in it. Values of options
 * are completed as file names.
 */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const entries = entriesOf(program)
  if (shell === 'bash') return bashScript(entries)
  return shell === 'zsh' ? zshScript(entries) : fishScript(entries)
}

const cases = (entries: readonly Entry[]): string =>
  entries.map(({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`).join('\n')

/** The words before the cursor that name commands, as far as they lead to one. */
const paths = (entries: readonly Entry[]): string => entries.map(({ path }) => `'${path}'`).join('|')

function bashScript(entries: readonly Entry[]): string {
  return `# leads: completion for bash
_leads() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' next word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
      ${paths(entries)}) path="$next" ;;
    esac
  done
  case "$path" in
${cases(entries)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _leads leads
`
}

function zshScript(entries: readonly Entry[]): string {
  const described = entries
    .map(({ path, words }) => {
      const items = words.map(({ word, description }) => `'${zshText(word)}:${zshText(description)}'`).join(' ')
      return `    '${path}') items=(${items}) ;;`
    })
    .join('\n')
  return `#compdef leads
# leads: completion for zsh
_leads() {
  local path_='' next word
  local -a items
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${path_:+$path_ }$word"
    case "$next" in
      ${paths(entries)}) path_="$next" ;;
    esac
  done
  case "$path_" in
${described}
  esac
  _describe 'leads' items || _files
}
if [ "$funcstack[1]" = "_leads" ]; then _leads "$@"; else compdef _leads leads; fi
`
}

const zshText = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:')

function fishScript(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ path, words }) =>
    words.map(({ word, description }) => {
      const condition = `-n '__leads_at "${path}"'`
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c leads ${condition} ${what} -d '${description.replaceAll("'", "\\'")}'`
    }),
  )
  return `# leads: completion for fish
function __leads_at
  set -l path
  for word in (commandline -opc)[2..]
    switch (string join ' ' $path $word)
      case ${entries
        .filter(({ path }) => path !== '')
        .map(({ path }) => `'${path}'`)
        .join(' ')}
        set -a path $word
    end
  end
  test (string join ' ' $path) = "$argv[1]"
end
${lines.join('\n')}
`
}
