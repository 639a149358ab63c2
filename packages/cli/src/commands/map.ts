import { readFile } from 'node:fs/promises'
import type { Preset } from '@leads/core/mapping/preset'
import type { Command } from 'commander'
import { CommandError } from '../output/errors.ts'
import { escapeControls } from '../output/escape.ts'
import { printJson } from '../output/print.ts'

interface MapOptions {
  actor?: string
  presets: boolean
  table?: boolean
  json?: boolean
  explain?: boolean
}

/** `leads map FILE`: maps items of a file without a database. */
export function registerMap(program: Command): void {
  program
    .command('map')
    .description('map dataset items of a file (a JSON array or NDJSON) without a database')
    .argument('<file>', 'file of items, or - for standard input')
    .option('--actor <actor>', 'the Actor that wrote the items (user/name or id)')
    .option('--no-presets', 'use only the general mapper')
    .option('--json', 'print one JSON array instead')
    .option('--table', 'print a table instead of one JSON object per line')
    .option('--explain', 'print which key gave which column, what was not used and why; also for CSV and .xlsx files')
    .addHelpText(
      'after',
      `
Prints one JSON object per line, in item order: index, outcome ("lead" or
"rejected"), reason, lead, company, source.
MAPPINGS_FILE names a JSON file with custom presets (docs/mapping.md).

Examples:
  $ leads map items.json --actor compass/crawler-google-places
  $ leads map items.ndjson --table
  $ leads map items.json --explain
  $ leads map people.csv --explain`,
    )
    .action(async (file: string, options: MapOptions) => {
      await mapFile(file, options)
    })
}

async function mapFile(file: string, options: MapOptions): Promise<void> {
  const [{ createMapper }, { readItems }] = await Promise.all([
    import('@leads/core/mapping/map-item'),
    import('../map/read-items.ts'),
  ])
  if (options.explain === true) {
    await explainFile(file, options)
    return
  }
  const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8')
  const mappings = await readCustomMappings(process.env.MAPPINGS_FILE)
  const mapItem = createMapper({ presets: options.presets, mappings })
  const context = options.actor === undefined ? {} : { actor_id: options.actor }
  const rows = parseItems(file, text, readItems).map((item, index) => {
    const mapped = mapItem(item, context)
    return mapped.outcome === 'lead'
      ? {
          index,
          outcome: mapped.outcome,
          reason: null,
          lead: { ...mapped.lead, external_url: mapped.source.external_url },
          company: mapped.company,
          source: mapped.source,
        }
      : { index, outcome: mapped.outcome, reason: mapped.reason, lead: null, company: null, source: null }
  })
  if (options.table === true) {
    const { printMappedItems } = await import('../map/print-table.ts')
    printMappedItems(rows)
    return
  }
  if (options.json === true) {
    printJson(rows)
    return
  }
  process.stdout.write(escapeControls(rows.map((row) => `${JSON.stringify(row)}\n`).join('')))
}

/** Prints explanations of the items of a JSON file, or of the rows of any other file. */
async function explainFile(file: string, options: MapOptions): Promise<void> {
  const [{ explainItems, explainRows, renderExplanation }, { isJsonText, readItems }] = await Promise.all([
    import('../map/explain.ts'),
    import('../map/read-items.ts'),
  ])
  const mappings = await readCustomMappings(process.env.MAPPINGS_FILE)
  const mapper = { presets: options.presets, mappings }
  const context = options.actor === undefined ? {} : { actor_id: options.actor }
  const bytes = file === '-' ? Buffer.from(await readAll(process.stdin)) : await readFile(file)
  const text = bytes.toString('utf8')
  const explanations = isJsonText(text)
    ? explainItems(parseItems(file, text, readItems), context, mapper)
    : await explainRows(file, mapper)
  if (options.json === true) printJson(explanations)
  else process.stdout.write(explanations.map(renderExplanation).join('\n'))
}

function parseItems(file: string, text: string, read: (text: string) => unknown[]): unknown[] {
  try {
    return read(text)
  } catch (error) {
    throw new CommandError(
      'failed',
      `${file}: ${(error as Error).message}. Write items as a JSON array or NDJSON; for CSV try \`leads import FILE --dry-run\`.`,
      { cause: error },
    )
  }
}

/** Reads custom mappings only if they are configured: loading zod takes longer than mapping a small file. */
async function readCustomMappings(file: string | undefined): Promise<readonly Preset[]> {
  if (file === undefined || file === '') return []
  const { readMappings } = await import('@leads/core/mapping/mappings-file')
  return readMappings(file)
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
