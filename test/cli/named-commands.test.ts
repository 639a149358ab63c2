import { globSync, readFileSync } from 'node:fs'
import { createProgram, expandShortcuts } from '@leads/cli/program'
import type { Command } from 'commander'
import { beforeAll, describe, expect, test } from 'vitest'
import { document } from '../api/document.ts'

/** Every command and every API address that a message, help text, alarm or page of the docs names must exist. */

const root = new URL('../../', import.meta.url).pathname
const files = globSync(
  [
    '{README,CONTRIBUTING,CHANGELOG}.md',
    'docs/**/*.md',
    'functions/**/*.ts',
    'infra/**/*.ts',
    'scripts/**/*.ts',
    'packages/{cli,console,core}/src/**/*.{ts,tsx}',
    'sst.config.ts',
  ],
  { cwd: root, exclude: (path) => path.includes('node_modules') },
).toSorted()

interface Mention {
  file: string
  text: string
}

/** The text of a file without comments of code. Escaped backticks of template strings count as backticks. */
function readText(file: string): string {
  const text = readFileSync(`${root}${file}`, 'utf8').replaceAll('\\`', '`')
  return file.endsWith('.md') ? text : text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '')
}

/** Returns every match of the first group, with the file. */
function findMentions(pattern: RegExp): Mention[] {
  return files.flatMap((file) => {
    const text = readText(file)
    return [...text.matchAll(pattern)].map((match) => ({ file, text: (match[1] ?? '').trim() }))
  })
}

const CALL = '(?:(?:npx )?sst shell (?:--stage \\S+ )?(?:-- )?)?(?:npx )?(?:leads|npm run leads --)'
const mentionedCommands = [
  // In prose and messages: `leads syncs list`.
  ...findMentions(new RegExp(`\`(?:[A-Z_]+=\\S+ )*${CALL} ([a-z][^\`\\n]*)\``, 'g')),
  // In examples: $ leads syncs list
  ...findMentions(new RegExp(`^\\s*\\$ (?:[A-Z_]+=\\S+ )*${CALL} ([^|>\\n\`]+)`, 'gm')),
  // In code blocks of the docs: npx leads syncs list
  ...findMentions(/^\s*(?:[A-Z_]+=\S+ )*(?:npx sst shell \S+ \S+ -- )?(?:npx leads|npm run leads --) ([^|>#\n`]+)/gm),
]

/** Throws unless the words name a command with these options. */
function resolveCommand(program: Command, text: string): void {
  const words = expandShortcuts(text.split(/\s+/).filter((word) => word !== '…' && word !== '...'))
  let command = program
  let position = 0
  for (; position < words.length; position += 1) {
    const child = command.commands.find((each) => each.name() === words[position])
    if (!child) break
    command = child
  }
  const rest = words.slice(position)
  const options = [...command.options, ...program.options].flatMap(({ short, long }) => [short, long])
  for (const word of rest) {
    const option = /^(--?[a-z][a-z-]*)/.exec(word)?.[1]
    if (option && !options.includes(option) && option !== '--help') throw new Error(`unknown option ${option}`)
  }
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0
  const [next = ''] = rest
  // `leads keys create | list`: alternatives of a group; upper case and <name> are placeholders.
  if (isGroup && /^[a-z]/.test(next)) throw new Error(`unknown command ${next}`)
}

let program: Command
beforeAll(async () => {
  program = await createProgram()
})

const operations = readOperations()

/** Query parameters by `METHOD /path`, with `{}` for path variables. */
function readOperations(): Map<string, Set<string>> {
  const paths = document.paths as Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>
  const found = new Map([['POST /webhooks/apify', new Set(['token'])]])
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { parameters = [] }] of Object.entries(methods))
      found.set(
        `${method.toUpperCase()} ${path.replaceAll(/\{[^}]+\}/g, '{}')}`,
        new Set(parameters.filter((each) => each.in === 'query').map(({ name }) => name)),
      )
  return found
}

describe('commands named in messages, docs and alarms', () => {
  test('are found by the patterns of this test', () => {
    expect(mentionedCommands.length).toBeGreaterThan(100)
  })

  test('exist with the options that are named', () => {
    const wrong = mentionedCommands.flatMap(({ file, text }) => {
      try {
        resolveCommand(program, text)
        return []
      } catch (error) {
        return [`${file}: leads ${text}: ${(error as Error).message}`]
      }
    })
    expect(wrong).toEqual([])
  })

  test('would be reported if they did not exist', () => {
    expect(() => resolveCommand(program, 'replay RUN')).toThrow('unknown command replay')
    expect(() => resolveCommand(program, 'syncs list --nix')).toThrow('unknown option --nix')
  })
})

test('npm scripts named in messages, docs and alarms exist', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
  const unknown = findMentions(/\bnpm run (?:-s )?([a-z][\w:-]*\w)(?!:)\b/g).filter(
    ({ text }) => !Object.hasOwn(scripts, text),
  )
  expect(unknown).toEqual([])
})

describe('API addresses named in messages, docs and alarms', () => {
  // Apify's API and the Lambda Runtime API are not ours.
  const addresses = findMentions(/\b((?:GET|POST|PUT|PATCH|DELETE) \/[^\s`'",;)]*[^\s`'",;).:*])/g).filter(
    ({ text }) => !/ \/(v2|2018-06-01|acts|actor-runs|datasets)\b/.test(text),
  )

  const resolveAddress = (text: string): void => {
    const [method = '', target = ''] = text.split(' ')
    const [path = '', query = ''] = target.split('?')
    const plain = path.replaceAll(/\$?\{[^}]+\}|\d+|(?<=\/)[A-Z_]+\b/g, '{}').replace(/(?<=.)\/$/, '')
    const parameters = operations.get(`${method} ${plain}`)
    if (!parameters) throw new Error('no such route')
    for (const name of new URLSearchParams(query).keys())
      if (!parameters.has(name)) throw new Error(`no parameter ${name}`)
  }

  test('exist with the parameters that are named', () => {
    expect(addresses.length).toBeGreaterThan(20)
    const wrong = addresses.flatMap(({ file, text }) => {
      try {
        resolveAddress(text)
        return []
      } catch (error) {
        return [`${file}: ${text}: ${(error as Error).message}`]
      }
    })
    expect(wrong).toEqual([])
  })

  test('would be reported if they did not exist', () => {
    expect(() => resolveAddress('GET /syncs?status=failed')).toThrow('no parameter status')
    expect(() => resolveAddress('GET /sync')).toThrow('no such route')
  })
})
