/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    // SST evaluates this file without imports: infra/settings.ts has the same rule, and a test compares the two.
    const isProduction = /^(production|prod|prd|live|main)$/i.test(input.stage)
    const isKept = isProduction && process.env.REMOVE_EVERYTHING !== 'true'
    return {
      name: 'sales-leads',
      home: 'aws',
      version: '4.17.1',
      // Data outlives a mistake in production; every other stage leaves nothing behind.
      removal: isKept ? 'retain' : 'remove',
      protect: isKept,
      providers: {
        aws: {
          version: '7.20.0',
          defaultTags: { tags: { app: 'sales-leads', stage: input.stage } },
          ...(process.env.AWS_REGION && { region: process.env.AWS_REGION as never }),
        },
        random: '4.16.6',
      },
    }
  },
  async run() {
    // Everything that can be refused is refused here, before the first resource is registered.
    const { assertDeployable } = await import('./infra/preflight.ts')
    await assertDeployable()
    const { createStack } = await import('./infra/stack.ts')
    return createStack()
  },
})
