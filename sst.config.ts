/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input.stage === 'production'
    return {
      name: 'sales-leads',
      home: 'aws',
      version: '4.17.1',
      // Data outlives a mistake in production; every other stage leaves nothing behind.
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: { version: '7.20.0', defaultTags: { tags: { app: 'sales-leads', stage: input.stage } } },
        random: '4.16.6',
      },
    }
  },
  async run() {
    const { createStack } = await import('./infra/stack.ts')
    return createStack()
  },
})
