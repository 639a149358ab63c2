import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/**
 * Reads the options of a bench; `--no-NAME` turns one off that is on by default. With `--help` it prints what the file says of itself at its head, and the options with
 * their defaults, and exits.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(file: string, options: Options) {
  if (!process.argv.includes('--help')) return parseArgs({ options, allowNegative: true }).values
  const [, head = ''] = /^\/\*\*\n([\s\S]*?)^ \*\//m.exec(readFileSync(file, 'utf8')) ?? []
  console.log(head.replace(/^ \* ?/gm, ''))
  for (const [name, { type, multiple, default: value }] of Object.entries(options))
    console.log(
      `  --${value === true ? 'no-' : ''}${name}${type === 'string' ? ` VALUE${multiple ? ' …' : ''}` : ''}${describeDefault(value)}`,
    )
  process.exit(0)
}

const describeDefault = (value: unknown): string =>
  typeof value === 'boolean' || value === undefined || `${value}` === '' ? '' : `   (default ${value})`
