import { globSync, readFileSync } from 'node:fs'
import { PRODUCT_VERSION } from '@leads/functions/http/version'
import { expect, test } from 'vitest'

test('packages, API and the newest heading of the changelog have one version', () => {
  const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? []
  const files = ['package.json', 'functions/package.json', ...globSync('packages/*/package.json')]
  const versions = files.map((file) => [file, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version])
  expect(versions).toEqual(files.map((file) => [file, newest]))
  expect(PRODUCT_VERSION).toBe(newest)
})
