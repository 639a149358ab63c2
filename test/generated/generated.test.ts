import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generatedTexts, root } from '../../scripts/generate/texts.ts'

/** Biome formats generated code when it is written, so only the tokens are compared. */
const toTokens = (path: string, text: string): string =>
  path.endsWith('.ts') ? text.replaceAll(/[\s;,'"|()]/g, '') : text

test.each(Object.keys(generatedTexts))('%s is what npm run generate writes', async (path) => {
  const generated = await generatedTexts[path]?.()
  const committed = await readFile(new URL(path, root), 'utf8')
  // Not the texts themselves: their difference would fill the screen.
  const isFresh = toTokens(path, committed) === toTokens(path, generated ?? '')
  expect(isFresh, 'refresh with: npm run generate').toBe(true)
})
