import { parseArgs } from 'node:util'
import { createSmokeChecks, type SmokeCheck } from './checks.ts'

/**
 * `npm run smoke -- URL KEY`: tries a deployed API from outside and leaves its data as it was. KEY needs scope admin.
 * APIFY_WEBHOOK_SECRET in the environment tests the webhook's secret, too.
 */
const USAGE = `npm run smoke -- URL KEY [--run RUN_ID [--long]] [--origin ORIGIN] [--stage STAGE]
  --run      send the webhook of this Apify run and follow it to the end; with --long for over 10 minutes
  --origin   an origin in CORS_ORIGINS
  --stage    check functions and queues of this stage too; needs AWS credentials`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    run: { type: 'string' },
    long: { type: 'boolean', default: false },
    origin: { type: 'string' },
    stage: { type: 'string' },
  },
})
const [url = '', key = ''] = positionals
if (!URL.canParse(url) || key === '') {
  console.error(USAGE)
  process.exit(2)
}

const checks: SmokeCheck[] = createSmokeChecks({
  url,
  key,
  webhook_secret: process.env.APIFY_WEBHOOK_SECRET,
  origin: values.origin,
  run_id: values.run,
  is_long: values.long,
})
if (values.stage) checks.push(...(await import('./aws-checks.ts')).createAwsChecks(values.stage))

let failed = 0
for (const { name, run } of checks) {
  try {
    const figures = await run()
    console.log(`✓ ${name}${figures ? ` (${figures})` : ''}`)
  } catch (error) {
    failed += 1
    const { message, cause } = error as Error
    console.log(`✗ ${name}\n  ${message}${cause ? ` (${(cause as Error).message})` : ''}`)
  }
}
console.log(failed === 0 ? `\n${checks.length} checks passed.` : `\n${failed} of ${checks.length} checks failed.`)
process.exitCode = failed === 0 ? 0 : 1
