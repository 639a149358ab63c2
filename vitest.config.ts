import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/setup/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need SST's platform: `npm run infra:check` installs it and runs them.
    exclude: ['test/infra/**'],
    globalSetup: ['test/setup/servers.ts'],
    // Real servers and real processes: files share two cores, so give a slow machine room before calling it a failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // The functions' own log lines would bury what the tests say; a failure shows its error anyway.
    env: { LOG_LEVEL: 'CRITICAL', POWERTOOLS_METRICS_DISABLED: 'true' },
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
})
