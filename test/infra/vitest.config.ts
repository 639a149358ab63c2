import { defineConfig } from 'vitest/config'

/** Apart from the other tests: these need SST's platform (`npm run infra:check` installs it), and no database. */
export default defineConfig({
  test: {
    root: new URL('../../', import.meta.url).pathname,
    include: ['test/infra/**/*.test.ts'],
    globalSetup: ['test/infra/bundle-platform.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 100,
    // Stacks are synthesized two at a time; a test also waits for its turn.
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
})
