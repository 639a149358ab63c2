import { afterAll, expect, test } from 'vitest'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'
import { stackOf, variants } from './variants.ts'

afterAll(closeSynthesizer)

test('The program means the same when SST bundles it as when Node.js runs it', async () => {
  const names = (stack: Awaited<ReturnType<typeof stackOf>>) =>
    stack.resources
      .filter(({ name }) => !name.startsWith('LambdaEncryptionKey'))
      .map(({ type, name, inputs }) => `${type} ${name} ${Object.keys(inputs).sort().join()}`)
      .sort()
  const bundled = await synthesizeApart({ ...variants.production, bundled: true })
  expect(names(bundled)).toEqual(names(await stackOf('production')))
})
