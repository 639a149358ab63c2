import { parseArgs } from 'node:util'
import { addRunOptions } from './runs/options.ts'
import { startApifySimulator } from './server.ts'

const HELP = `Starts the local Apify simulator and prints one JSON line {"url", "token", "pid"} when it is ready.

  --port N           port on 127.0.0.1 (default 0: a free one)
  --token TEXT       the API token it accepts
  --clock-skew-ms N  how far its clock is ahead of this machine's (negative: behind)
  --no-gzip          answers without gzip even if the client accepts it
  --time-scale X     real ms that a simulated one lasts (default 1; 0.001 makes Apify's retries 1,000 times faster)
  --run JSON         adds a run, as POST /simulator/runs takes it (may be repeated)
  --webhook URL      adds a webhook for the final events of every run (may be repeated)
  --webhook-headers JSON   headers template of these webhooks, e.g. {"Authorization": "Bearer secret"}
`

const FINAL_EVENTS = [
  'ACTOR.RUN.SUCCEEDED',
  'ACTOR.RUN.FAILED',
  'ACTOR.RUN.ABORTED',
  'ACTOR.RUN.TIMED_OUT',
  'ACTOR.RUN.RESURRECTED',
] as const

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      token: { type: 'string' },
      'clock-skew-ms': { type: 'string', default: '0' },
      'no-gzip': { type: 'boolean', default: false },
      'time-scale': { type: 'string', default: '1' },
      run: { type: 'string', multiple: true, default: [] },
      webhook: { type: 'string', multiple: true, default: [] },
      'webhook-headers': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const port = Number(values.port)
  const time_scale = Number(values['time-scale'])
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port} is no port number.`)
  if (!(time_scale > 0)) throw new Error(`--time-scale ${values['time-scale']} is no positive number.`)
  const skew_ms = Number(values['clock-skew-ms'])
  if (!Number.isFinite(skew_ms)) throw new Error(`--clock-skew-ms ${values['clock-skew-ms']} is not a number.`)
  // Read before the server starts, so that a mistyped option stops the command instead of half of it working.
  const runs = values.run.map((text) => addRunOptions.parse(JSON.parse(text)))

  const simulator = await startApifySimulator({
    port,
    time_scale,
    gzip: !values['no-gzip'],
    ...(values.token === undefined ? {} : { token: values.token }),
  })
  simulator.state.time.skew_ms = skew_ms
  const headersTemplate = values['webhook-headers'] ?? null
  for (const requestUrl of values.webhook) {
    simulator.state.addWebhook({ requestUrl, eventTypes: [...FINAL_EVENTS], headersTemplate })
  }
  for (const run of runs) simulator.state.addRun(run)

  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      void simulator.close().then(() => process.exit(0))
    })
  }
  process.stdout.write(`${JSON.stringify({ url: simulator.url, token: simulator.token, pid: process.pid })}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`apify-simulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
