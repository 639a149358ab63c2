import type { Argument, Command } from 'commander'
import { leadShortcuts } from '../lead-shortcuts.ts'

/** What can follow a command: subcommands, long options, and values of its first argument. */
interface CommandEntry {
  path: string
  words: { word: string; description: string }[]
  /** Options with a value, and their choices (none: a file name or free text). */
  valued: { option: string; choices: readonly string[] }[]
  takesFile: boolean
}

const isShown = (command: Command): boolean => command.name() !== 'help'
const listChoices = (argument: Argument): readonly string[] => argument.argChoices ?? []

function toEntries(command: Command, path: readonly string[] = []): CommandEntry[] {
  const children = command.commands.filter(isShown)
  const words = [
    ...children.map((child) => ({ word: child.name(), description: child.description() })),
    ...command.registeredArguments.flatMap(listChoices).map((word) => ({ word, description: '' })),
    ...command.options.flatMap(({ long, description }) => (long ? [{ word: long, description }] : [])),
    { word: '--help', description: 'explain a command' },
  ]
  const valued = command.options.flatMap(({ long, required, optional, argChoices }) =>
    long && (required || optional) ? [{ option: long, choices: argChoices ?? [] }] : [],
  )
  const takesFile = command.registeredArguments.some((argument) => argument.name() === 'file')
  const own = { path: path.join(' '), words, valued, takesFile }
  return [own, ...children.flatMap((child) => toEntries(child, [...path, child.name()]))]
}

/** Adds `leads list` for `leads leads list`, with the same completions. */
function withShortcuts(entries: readonly CommandEntry[]): CommandEntry[] {
  const short = entries
    .filter(({ path }) => leadShortcuts.some((verb) => path === `leads ${verb}`))
    .map((entry) => ({ ...entry, path: entry.path.replace(/^leads /, '') }))
  return [...entries, ...short]
}

/** Renders a completion script that contains the command tree, so that `leads` does not run at each key press. */
export function renderCompletionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const entries = withShortcuts(toEntries(program))
  if (shell === 'bash') return renderBashScript(entries)
  return shell === 'zsh' ? renderZshScript(entries) : renderFishScript(entries)
}

const quote = (path: string): string => `'${path}'`

/** Shell pattern of all command paths. */
const renderPaths = (entries: readonly CommandEntry[]): string =>
  entries
    .map(({ path }) => path)
    .filter(Boolean)
    .map(quote)
    .join('|')

/** Renders the arms of a `case` over "path option": options with choices, then options whose value may be a file. */
function renderValueCases(
  entries: readonly CommandEntry[],
  chosen: (choices: readonly string[]) => string,
  file: string,
): string {
  const all = entries.flatMap(({ path, valued }) =>
    valued.map(({ option, choices }) => ({ at: quote(`${path} ${option}`), choices })),
  )
  const arms = all
    .filter(({ choices }) => choices.length > 0)
    .map(({ at, choices }) => `    ${at}) ${chosen(choices)} ;;`)
  const free = all.filter(({ choices }) => choices.length === 0).map(({ at }) => at)
  return [...arms, `    ${free.join('|')}) ${file} ;;`].join('\n')
}

const renderFilePaths = (entries: readonly CommandEntry[]): string =>
  entries
    .filter(({ takesFile }) => takesFile)
    .map(({ path }) => quote(path))
    .join('|')

function renderBashScript(entries: readonly CommandEntry[]): string {
  const words = entries.map(({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`)
  return `# leads: completion for bash
_leads() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' next word files=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
      ${renderPaths(entries)}) path="$next" ;;
    esac
  done
  case "$path" in
${words.join('\n')}
  esac
  case "$path" in
    ${renderFilePaths(entries)}) files=1 ;;
  esac
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${renderValueCases(entries, (choices) => `words='${choices.join(' ')}' files=''`, `words='' files=1`)}
  esac
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  IFS=$'\\n'
  if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _leads leads
`
}

function renderZshScript(entries: readonly CommandEntry[]): string {
  const described = entries.map(({ path, words }) => {
    const items = words.map(({ word, description }) => `'${escapeZsh(word)}:${escapeZsh(description)}'`).join(' ')
    return `    '${path}') items=(${items}) ;;`
  })
  return `#compdef leads
# leads: completion for zsh
_leads() {
  local path_='' next word files=''
  local -a items
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${path_:+$path_ }$word"
    case "$next" in
      ${renderPaths(entries)}) path_="$next" ;;
    esac
  done
  case "$path_" in
${described.join('\n')}
  esac
  case "$path_" in
    ${renderFilePaths(entries)}) files=1 ;;
  esac
  case "$path_ \${words[CURRENT-1]}" in
${renderValueCases(entries, (choices) => `items=(${choices.map(quote).join(' ')}) files=''`, 'items=() files=1')}
  esac
  if (( \${#items} )); then _describe 'leads' items; fi
  if [[ -n "$files" ]]; then _files; fi
}
if [ "$funcstack[1]" = "_leads" ]; then _leads "$@"; else compdef _leads leads; fi
`
}

const escapeZsh = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:')

const escapeFish = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")

function renderFishScript(entries: readonly CommandEntry[]): string {
  const lines = entries.flatMap(({ path, words, valued, takesFile }) => {
    const at = `complete -c leads -n '__leads_at "${path}"'`
    const own = words.map(({ word, description }) => {
      const value = valued.find(({ option }) => option === word)
      const needs =
        value === undefined ? '' : value.choices.length > 0 ? ` -x -a '${value.choices.join(' ')}'` : ' -r -F'
      const what = word.startsWith('--') ? `-l ${word.slice(2)}${needs}` : `-a ${word}`
      return `${at} ${what}${description === '' ? '' : ` -d '${escapeFish(description)}'`}`
    })
    return takesFile ? [...own, `${at} -F`] : own
  })
  return `# leads: completion for fish
function __leads_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$at $word")
    switch $next
      case ${entries
        .map(({ path }) => path)
        .filter(Boolean)
        .map(quote)
        .join(' ')}
        set at $next
    end
  end
  test "$at" = "$argv[1]"
end
complete -c leads -f
${lines.join('\n')}
`
}
