import { type Command, Option } from 'commander'
import type { ExportFlags } from '../export/run-export.ts'
import { addLeadFilters } from '../output/lead-filters.ts'

/** `leads export`: writes leads as CSV or NDJSON to a file or a pipe. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description('write leads as CSV or NDJSON')
    .option('-o, --output <file>', 'write to this file, completely or not at all (default: standard output)')
    .addOption(
      new Option('--format <format>', 'default: from the name of the output file, else csv').choices(['csv', 'ndjson']),
    )
    .option('--columns <names>', 'comma-separated columns in this order; "all" adds raw_data and internal columns')
  addLeadFilters(command)
    .option('--include-deleted', 'include deleted leads')
    .option('--bom', 'start a CSV file with a byte order mark, so that Excel reads it as UTF-8')
    .addOption(
      new Option('--delimiter <name>', 'separator of a CSV file (default: comma)').choices([
        'comma',
        'semicolon',
        'tab',
      ]),
    )
    .option('--excel', 'write a CSV file that Excel opens with a double click: --bom --delimiter semicolon')
    .addHelpText(
      'after',
      `
Cells that a spreadsheet would run as a formula are prefixed with an apostrophe;
\`leads import\` removes it. An import recognizes exported leads by the columns
provider_name and external_id: keep them for a round trip.

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
