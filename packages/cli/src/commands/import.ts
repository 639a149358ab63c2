import { type Command, Option } from 'commander'
import type { ImportFlags } from '../import/run-import.ts'
import {
  parseColumnOverride,
  parseDelimiter,
  parseLimit,
  parseLineNumber,
  parseQuote,
  parseSource,
} from './option-parsers.ts'

/** `leads import FILE`, and its subcommands `list`, `show` and `undo`. */
export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .description('import leads from a CSV, Excel (.xlsx), JSON or NDJSON file, also gzipped')
    .argument('<file>', 'the file, or - for standard input')
    .usage('[options] <file>')
    // Options after `list`, `show` and `undo` belong to the subcommand, even if both have them.
    .enablePositionalOptions()
    .option(
      '-m, --map <column=lead-column>',
      'read a column of the file as this lead column; "column=" skips it (repeatable)',
      parseColumnOverride,
      {},
    )
    .option('-n, --dry-run', 'show how the file is read and what would change, without changing it')
    .addOption(new Option('--on-duplicate <what>', 'how to handle existing leads').choices(['merge', 'skip']))
    .option('--delimiter <character>', 'cell separator; detected by default (, ; tab |)', parseDelimiter)
    .option('--encoding <name>', 'e.g. windows-1252, utf-16le, shift_jis, cp850; detected by default')
    .option('--quote <character>', 'quote character; none = quotes are plain text', parseQuote)
    .option('--header-line <number>', 'line of the header, if it is not found below a title or notice', parseLineNumber)
    .option(
      '--source <name>',
      'system that the file is from, e.g. hubspot: its record ids join files of one source',
      parseSource,
    )
    .option('--rejects <file>', 'file for rejected rows with their reasons (default: FILE.rejected.csv)')
    .option('--batch <name>', 'name of this import; derived from the file by default')
    .option('--again', 'import a file again that was already imported completely')
    .option('--json', 'print one JSON object')
    .addHelpText('after', importHelp)
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import('../import/run-import.ts')
      await runImport(file, flags)
    })

  registerBatches(command)
}

function registerBatches(command: Command): void {
  command
    .command('list')
    .description('list imports, newest first')
    .option('--limit <rows>', 'how many to show', parseLimit, 20)
    .option('--json', 'print one JSON array')
    .action(async (flags: { limit: number; json?: boolean }) => {
      const { showImports } = await import('../import/show-imports.ts')
      await showImports(flags)
    })

  command
    .command('show')
    .description('show one import: counts, column matches, rejections, and leads that an undo kept')
    .argument('<batch>', 'name of the import')
    .option('--json', 'print one JSON object')
    .action(async (batch: string, flags: { json?: boolean }) => {
      const { showImport } = await import('../import/show-imports.ts')
      await showImport(batch, flags)
    })

  command
    .command('undo')
    .description('undo an import: delete leads it created, revert leads it changed, keep later edits')
    .argument('<batch>', 'name of the import')
    .option('--json', 'print one JSON object')
    .action(async (batch: string, flags: { json?: boolean }) => {
      const { runUndo } = await import('../import/run-undo.ts')
      await runUndo(batch, flags)
    })
}

const importHelp = `
Delimiter, encoding, quoting and the header are detected. Columns are matched by
their names in eight languages: English, German, French, Spanish, Italian,
Portuguese, Dutch and Polish. Columns about owners, assistants, fax numbers and
the like are kept in raw_data and not read. Leads are normalized, de-duplicated
and merged like Apify items; edited values are kept. Run the same command again
to resume an import that was stopped. Importing a file written by
\`leads export\` changes only the edited cells; an emptied cell changes nothing.

Examples:
  $ leads import fair-2026.csv --dry-run
  $ leads import kunden.csv --map "Firmenname=company_name" --map "Notiz="
  $ leads import undo import-1a2b3c4d`
