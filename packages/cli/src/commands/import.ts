import { type Command, Option } from 'commander'
import type { ImportFlags } from '../import/run-import.ts'
import { parseColumnOverride, parseDelimiter, parseLimit, parseQuote } from './option-parsers.ts'

/** `leads import FILE`, and its batches: `list`, `show`, `undo`. */
export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .description('bring the leads of a CSV or NDJSON file into the database')
    .argument('<file>', 'the file, or - for standard input')
    .usage('[options] <file>')
    // Options after `list`, `show` and `undo` are theirs, also where both know them.
    .enablePositionalOptions()
    .option(
      '-m, --map <column=lead-column>',
      'read a column of the file as this lead column; "column=" leaves it out (may be repeated)',
      parseColumnOverride,
      {},
    )
    .option('-n, --dry-run', 'show how the file is read and what would happen; change nothing')
    .addOption(
      new Option('--on-duplicate <what>', 'what to do with leads that are there already').choices(['merge', 'skip']),
    )
    .option('--delimiter <character>', 'what separates the cells; found out by default (, ; tab |)', parseDelimiter)
    .option('--encoding <name>', 'e.g. windows-1252, utf-16le, shift_jis; found out by default')
    .option('--quote <character>', 'what quotes a cell; none = quotes are plain text', parseQuote)
    .option('--rejects <file>', 'where rows that are no leads go, with reasons (default: FILE.rejected.csv)')
    .option('--batch <name>', 'the name of this import; made of the file by default')
    .option('--again', 'import a file once more that was imported to its end')
    .option('--json', 'print one JSON object')
    .addHelpText('after', importHelp)
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import('../import/run-import.ts')
      await runImport(file, flags)
    })

  command
    .command('list')
    .description('list imports, newest first')
    .option('--limit <rows>', 'how many', parseLimit, 20)
    .option('--json', 'print one JSON array')
    .action(async (flags: { limit: number; json?: boolean }) => {
      const { showImports } = await import('../import/show-imports.ts')
      await showImports(flags)
    })

  command
    .command('show')
    .description('show one import: its counts, how columns were read, what was rejected, what an undo kept')
    .argument('<batch>', 'name of the import')
    .option('--json', 'print one JSON object')
    .action(async (batch: string, flags: { json?: boolean }) => {
      const { showImport } = await import('../import/show-imports.ts')
      await showImport(batch, flags)
    })

  command
    .command('undo')
    .description('take an import back: delete what it created, restore what it changed, keep what was edited since')
    .argument('<batch>', 'name of the import')
    .option('--json', 'print one JSON object')
    .action(async (batch: string, flags: { json?: boolean }) => {
      const { runUndo } = await import('../import/run-undo.ts')
      await runUndo(batch, flags)
    })
}

const importHelp = `
Delimiter, encoding and quoting are found out, and columns are matched by their
names in English, German, French, Spanish and Italian. Leads are normalised,
de-duplicated and merged like Apify items; values that people edited stay. An
import that was stopped goes on when the same command is run again. A file that
\`leads export\` wrote changes nothing but the cells that were edited; an emptied
cell empties nothing.

Examples:
  $ leads import fair-2026.csv --dry-run
  $ leads import kunden.csv --map "Firmenname=company_name" --map "Notiz="
  $ leads import undo import-1a2b3c4d`
