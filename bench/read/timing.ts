import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { percentile, round } from '../measure.ts'

export interface Timing {
  p50: number
  p95: number
  p99: number
  per_s: number
}

/** Calls `work` again and again, one call at a time, for so long; a tenth as long before, to warm up. */
export async function timeCalls(seconds: number, work: () => Promise<unknown>): Promise<Timing> {
  const warm = performance.now() + seconds * 100
  while (performance.now() < warm) await work()
  const ms: number[] = []
  const started = performance.now()
  while (performance.now() - started < seconds * 1000) {
    const before = performance.now()
    await work()
    ms.push(performance.now() - before)
  }
  const per_s = Math.round(ms.length / ((performance.now() - started) / 1000))
  return {
    p50: round(percentile(ms, 0.5)),
    p95: round(percentile(ms, 0.95)),
    p99: round(percentile(ms, 0.99)),
    per_s,
  }
}

/** What PostgreSQL's own load generator gets out of the query: prepared, one client. Null where it is not installed. */
export async function timePgbench(
  options: { url: string; directory: string; seconds: number },
  query: string,
): Promise<number | null> {
  const { url, directory, seconds } = options
  const file = join(directory, 'query.sql')
  await writeFile(file, `${query.replaceAll('\n', ' ')};\n`)
  const { hostname, port, username, password, pathname } = new URL(url)
  const connection = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)]
  try {
    const { stdout } = await promisify(execFile)(
      'pgbench',
      ['-n', '-M', 'prepared', '-c', '1', '-T', String(seconds), '-f', file, ...connection],
      { env: { ...process.env, PGPASSWORD: password } },
    )
    return Math.round(Number(/tps = ([\d.]+)/.exec(stdout)?.[1]))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  } finally {
    await rm(file, { force: true })
  }
}
