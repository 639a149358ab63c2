import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Context } from 'aws-lambda'

/**
 * Runs one `leads` command next to the database. A database that the deployment created has private addresses only, so
 * commands of a laptop run here: `sst shell -- npx leads …` invokes it. Only who may invoke the function can use it; no
 * route leads to it.
 */

export interface AdminEvent {
  words: string[]
  /** Who runs the command, for audit columns. */
  author?: string
}

export interface AdminResponse {
  exit_code: number
  stdout: string
  stderr: string
}

/** Together below the 6 MB of a response, escaped as JSON. */
const OUTPUT_BYTES_MAX = 2_500_000
/** Time to end the command and to answer before Lambda ends the invocation. */
const RESERVE_MS = 8_000
const EXIT_FAILED = 1

export async function handler({ words, author }: AdminEvent, context: Context): Promise<AdminResponse> {
  const root = process.env.LAMBDA_TASK_ROOT ?? '.'
  const child = spawn(process.execPath, [join(root, 'cli/main.mjs'), ...words], {
    env: { ...process.env, NO_COLOR: '1', ...(author && { LEADS_AUTHOR: author }) },
    cwd: '/tmp',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: collect(child.stdout), stderr: collect(child.stderr) }
  let isLate = false
  // The command ends as by Ctrl-C: a sync finishes its page, and running it again continues.
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGINT')
  }, context.getRemainingTimeInMillis() - RESERVE_MS)
  const exit_code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? EXIT_FAILED))
  })
  clearTimeout(timer)
  const note = isLate ? '\nThe command was ended after 15 minutes. Run it again to continue.\n' : ''
  return { exit_code, stdout: output.stdout(), stderr: `${output.stderr()}${note}` }
}

/** Returns the text of a stream, at most OUTPUT_BYTES_MAX of it. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  let isCut = false
  stream.on('data', (chunk: Buffer) => {
    isCut ||= bytes + chunk.length > OUTPUT_BYTES_MAX
    if (isCut) return
    bytes += chunk.length
    chunks.push(chunk)
  })
  return () => `${Buffer.concat(chunks).toString()}${isCut ? '\n… (the rest was too long for one answer)\n' : ''}`
}
