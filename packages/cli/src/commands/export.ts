import { type Command, Option } from 'commander'
import type { ExportFlags } from '../export/run-export.ts'
import { addLeadFilters } from '../output/lead-filters.ts'

/** `leads export`: leads as CSV or NDJSON, to a file or a pipe. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description('write leads as CSV or NDJSON')
    .option('-o, --output <file>', 'write to this file, whole or not at all (default: standard output)')
    .addOption(
      new Option('--format <format>', 'by default what the name of the output file says, else csv').choices([
        'csv',
        'ndjson',
      ]),
    )
    .option('--columns <names>', 'comma-separated, in this order; "all" adds raw_data and the other internals')
  addLeadFilters(command)
    .option('--include-deleted', 'deleted leads too')
    .option('--bom', 'begin a CSV file with a byte order mark, so that Excel takes it for UTF-8')
    .addHelpText(
      'after',
      `
Cells that a spreadsheet would run as a formula get an apostrophe before them;
\`leads import\` takes it off again. The columns provider_name and external_id let
an import find the leads again: keep them to round-trip.

Examples:
  $ leads export -o leads.csv
  $ leads export --filter country=Germany --filter lead_score=gte:50 --columns full_name,email,phone > germany.csv
  $ leads export --format ndjson --columns all | gzip > backup.ndjson.gz`,
    )
    .action(async (flags: ExportFlags) => {
      const { runExport } = await import('../export/run-export.ts')
      await runExport(flags)
    })
}
