import type { Command } from 'commander'

/** The documentation of the commands, made from their help: the two cannot differ. */

const visible = (command: Command): Command[] => command.commands.filter((child) => child.name() !== 'help')

/** Commands that do something, with the words before them. */
function leaves(command: Command, path: readonly string[] = []): { path: string; command: Command }[] {
  return visible(command).flatMap((child) => {
    const words = [...path, child.name()]
    const own = visible(child).length === 0 || child.registeredArguments.length > 0
    return [...(own ? [{ path: words.join(' '), command: child }] : []), ...leaves(child, words)]
  })
}

const argumentsOf = (command: Command): string =>
  command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`.toUpperCase()
      return argument.required ? name : `[${name}]`
    })
    .join(' ')

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The README's table: each command in a line. */
export function renderCommandTable(program: Command): string {
  const rows = leaves(program).map(({ path, command }) => {
    const call = `leads ${path} ${argumentsOf(command)}`.trim()
    return `| \`${cell(call)}\` | ${cell(command.description())} |`
  })
  return ['| command | what it does |', '|---|---|', ...rows].join('\n')
}

/** docs/cli.md: the help of every command, as the terminal shows it. */
export function renderReference(program: Command): string {
  const sections = sectionsOf(program, ['leads'])
  const head = `# The \`leads\` command

Every command with its options, as \`leads <command> --help\` prints it. This file is made by \`npm run docs\`; a test
compares it with the help.

In the project call it as \`npx leads …\` or \`npm run leads -- …\`.
`
  return `${head}\n${sections.join('\n\n')}\n`
}

function sectionsOf(command: Command, path: readonly string[]): string[] {
  const title = path.length === 1 ? '## leads' : `${path.length === 2 ? '##' : '###'} ${path.join(' ')}`
  const own = `${title}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``
  return [own, ...visible(command).flatMap((child) => sectionsOf(child, [...path, child.name()]))]
}

/** The help with what is added after it (examples), 80 columns wide wherever it is made. */
function helpOf(command: Command): string {
  let text = ''
  const root = rootOf(command)
  const before = root.configureOutput()
  const capture = {
    writeOut: (part: string) => (text += part),
    getOutHelpWidth: () => 80,
    getOutHasColors: () => false,
  }
  for (const each of everyCommand(root)) {
    each.configureOutput({ ...each.configureOutput(), ...capture })
    each.configureHelp({ ...each.configureHelp(), helpWidth: 80 })
  }
  command.outputHelp()
  for (const each of everyCommand(root)) each.configureOutput(before)
  return text.trimEnd()
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent))

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)]

const START = '<!-- commands:start -->'
const END = '<!-- commands:end -->'

/** The README with its table replaced. @throws Error where the markers are missing */
export function fillReadme(readme: string, table: string): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start < 0 || end < start) throw new Error(`README.md must hold ${START} and ${END}, each in a line of its own.`)
  return `${readme.slice(0, start + START.length)}\n${table}\n${readme.slice(end)}`
}
