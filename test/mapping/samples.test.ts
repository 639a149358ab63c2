import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const run = promisify(execFile)
const folder = resolve('../shared/apify')
const present = existsSync(`${folder}/score-mapping.mjs`)
if (!present) {
  console.warn(
    `NOT SCORED: real samples of Actors are expected in ${folder}; without them only our own fixtures are tested.`,
  )
}

/** The scorer starts the command once a sample, 22 times: seconds on an idle machine, a minute on a busy one. */
const PATIENCE_MS = 240_000

interface Score {
  precision: number
  f1: number
  outcomes: number
}

/** Runs the scorer on `leads map` and reads its last line: `precision 0.998 recall … F1 0.998 · outcomes 67/67 = 1.000`. */
async function score(...options: string[]): Promise<Score> {
  const { stdout } = await run(
    process.execPath,
    [
      `${folder}/score-mapping.mjs`,
      `${folder}/samples`,
      '--',
      process.execPath,
      'packages/cli/bin/leads.js',
      'map',
      ...options,
    ],
    { maxBuffer: 1 << 24, env: { ...process.env, MIN_F1: '0', MIN_OUTCOME: '0' } },
  )
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const [, precision, f1, outcomes] = /precision (\S+) .*F1 (\S+) .*= (\S+)$/.exec(last) ?? []
  return { precision: Number(precision), f1: Number(f1), outcomes: Number(outcomes) }
}

const ofTwentyActors = () => {
  test(
    'are mapped with F1 of 0.97, precision of 0.98 and right outcomes of 0.98 at least',
    async () => {
      const { precision, f1, outcomes } = await score()
      expect(f1).toBeGreaterThanOrEqual(0.97)
      expect(precision).toBeGreaterThanOrEqual(0.98)
      expect(outcomes).toBeGreaterThanOrEqual(0.98)
    },
    PATIENCE_MS,
  )

  test(
    'the general mapper alone, which stands for Actors never seen, reaches F1 of 0.95 and outcomes of 0.95',
    async () => {
      const { f1, outcomes } = await score('--no-presets')
      expect(f1).toBeGreaterThanOrEqual(0.95)
      expect(outcomes).toBeGreaterThanOrEqual(0.95)
    },
    PATIENCE_MS,
  )
}

if (present) describe('real items of twenty Actors', ofTwentyActors)
else {
  test('real samples are absent, and that was said aloud', () => {
    expect(existsSync(`${folder}/score-mapping.mjs`)).toBe(false)
  })
}
