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

/** The scorer starts the command once per sample, up to 31 times: seconds on an idle machine, minutes on a busy one. */
const SCORE_TIMEOUT_MS = 480_000

interface Score {
  f1: number
  outcomes: number
}

/** Runs the scorer on `leads map` and reads its last line: `precision 0.998 recall … F1 0.998 · outcomes 67/67 = 1.000`. */
async function score(set: string, ...options: string[]): Promise<Score> {
  const { stdout } = await run(
    process.execPath,
    [
      `${folder}/score-mapping.mjs`,
      `${folder}/${set}`,
      '--',
      process.execPath,
      'packages/cli/bin/leads.js',
      'map',
      ...options,
    ],
    { maxBuffer: 1 << 24, env: { ...process.env, MIN_F1: '0', MIN_OUTCOME: '0' } },
  )
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const [, f1, outcomes] = /F1 (\S+) .*= (\S+)$/.exec(last) ?? []
  return { f1: Number(f1), outcomes: Number(outcomes) }
}

const testSamples = () => {
  test.each([
    ['samples', 0.99, 0.98],
    ['samples-2', 0.97, 0.97],
  ])(
    'items of %s are mapped with an F1 of at least %d and right outcomes of at least %d, with and without presets',
    async (set, f1_min, outcomes_min) => {
      const withPresets = await score(set)
      const general = await score(set, '--no-presets')
      for (const { f1, outcomes } of [withPresets, general]) {
        expect(f1).toBeGreaterThanOrEqual(f1_min)
        expect(outcomes).toBeGreaterThanOrEqual(outcomes_min)
      }
      expect(Math.abs(withPresets.f1 - general.f1)).toBeLessThanOrEqual(0.01)
    },
    SCORE_TIMEOUT_MS,
  )
}

if (present) describe('real items of Actors', testSamples)
else {
  test('absent samples are reported on the console instead of being scored', () => {
    expect(existsSync(`${folder}/score-mapping.mjs`)).toBe(false)
  })
}
