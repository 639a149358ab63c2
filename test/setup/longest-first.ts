import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Seconds on two idle cores, of what takes longer than 20 s. An entry that is missing or wrong costs time, nothing else. */
const seconds: Readonly<Record<string, number>> = {
  'api/fuzz': 23,
  'api/lost-connections': 64,
  'api/read-replica': 23,
  'api/sizes': 43,
  'api/write-leads': 24,
  'bundles/bundles': 81,
  'cli/commands': 106,
  'cli/database': 23,
  'cli/files': 106,
  'cli/interrupts': 33,
  'cli/killed': 220,
  'cli/memory': 40,
  'cli/remote': 88,
  'console/accessibility': 190,
  'console/edits': 58,
  'console/imports': 36,
  'console/large': 66,
  'console/lists': 95,
  'console/screenshots': 90,
  'console/syncs': 57,
  'database/idle-connections': 27,
  'faults/faults': 120,
  'file-imports/import': 27,
  'file-imports/undo': 40,
  'main-job/main-job': 40,
  'stack/child-function': 29,
  'stack/migrate-wait': 20,
  'stack/recursion': 41,
  'syncs/cleanup': 25,
  'syncs/consumer': 43,
  'syncs/dead-letter': 23,
  'syncs/engines': 24,
  'syncs/followed-runs': 28,
  'syncs/killed': 47,
  'syncs/locks': 20,
  'syncs/retry': 21,
  'syncs/run-lives': 22,
}

/**
 * Starts the longest files first, so that none runs alone at the end while the other workers are idle. Vitest itself
 * knows durations only from an earlier run, and takes the largest files for the longest where there was none.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = files.every((file) => this.ctx.cache.getTestSpecificationResult(file))
    const sorted = await super.sort(files)
    return known ? sorted : sorted.toSorted((a, b) => this.#seconds(b) - this.#seconds(a))
  }

  #seconds({ moduleId }: TestSpecification): number {
    return seconds[relative(`${this.ctx.config.root}/test`, moduleId).replace('.test.ts', '')] ?? 0
  }
}
