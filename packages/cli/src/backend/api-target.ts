import { CommandError } from '../output/errors.ts'

/** A deployed API that commands use instead of the database. */
export interface ApiTarget {
  url: string
  key: string
}

const variableByOption: Readonly<Record<string, string>> = { '--url': 'LEADS_URL', '--key': 'LEADS_API_KEY' }

/**
 * Takes `--url` and `--key` out of the words, wherever they are, and sets LEADS_URL and LEADS_API_KEY. `leads webhook
 * install` has a `--url` with another meaning, and nothing is taken after `--`.
 * @throws CommandError usage if a value is missing
 */
export function takeApiOptions(words: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const rest: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--' || (rest[0] === 'webhook' && index > 0)) return [...rest, ...words.slice(index)]
    const [option = '', ...parts] = word.split('=')
    const variable = variableByOption[option]
    if (variable === undefined) {
      rest.push(word)
      continue
    }
    if (parts.length === 0) index += 1
    const value = parts.length > 0 ? parts.join('=') : words[index]
    if (!value) throw new CommandError('usage', `${option} needs a value, e.g. --url https://leads.example.com.`)
    env[variable] = value
  }
  return rest
}

/** Returns the API that LEADS_URL and LEADS_API_KEY name; null if commands use the database. @throws CommandError */
export function findApiTarget(env: NodeJS.ProcessEnv = process.env): ApiTarget | null {
  const { LEADS_URL, LEADS_API_KEY } = env
  if (!LEADS_URL) return null
  if (!URL.canParse(LEADS_URL) || !/^https?:$/.test(new URL(LEADS_URL).protocol))
    throw new CommandError('configuration', 'LEADS_URL is not a URL. Set it to one such as https://leads.example.com.')
  if (
    new URL(LEADS_URL).protocol === 'http:' &&
    !/^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(LEADS_URL).hostname)
  )
    throw new CommandError('configuration', 'LEADS_URL must begin with https://, because it sends the API key.')
  if (!LEADS_API_KEY)
    throw new CommandError('configuration', 'The API needs a key. Set LEADS_API_KEY, or add --key to the command.')
  return { url: LEADS_URL.replace(/\/+$/, ''), key: LEADS_API_KEY }
}

/** @throws CommandError usage if the command is meant for an API, which it does not support */
export function assertNoApiTarget(): void {
  if (process.env.LEADS_URL)
    throw new CommandError('usage', 'This command needs the database. It does not work with --url and LEADS_URL.')
}
