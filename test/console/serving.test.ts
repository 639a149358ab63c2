import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { handler } from '@leads/functions/handlers/console'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { beforeAll, describe, expect, test } from 'vitest'
import { consoleDirectory, ensureConsole } from '../../infra/build/console.ts'

const FIRST_BYTES_MAX = 150_000
const ALL_BYTES_MAX = 250_000
const STYLE_BYTES_MAX = 20_000

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  handler({
    headers,
    rawPath: path,
    requestContext: { requestId: 'test', http: { method, path } },
  } as unknown as APIGatewayProxyEventV2)

interface Chunk {
  file: string
  imports?: string[]
}

describe('the console’s files', () => {
  let names: string[]
  beforeAll(async () => {
    await ensureConsole()
    names = await readdir(join(consoleDirectory, 'assets'))
  })

  const gzipBytes = async (file: string): Promise<number> =>
    gzipSync(await readFile(join(consoleDirectory, file)), { level: 9 }).length

  test('the first table needs at most 150 KB of script, everything at most 250 KB, the style at most 20 KB', async () => {
    const manifest = JSON.parse(await readFile(join(consoleDirectory, 'manifest.json'), 'utf8')) as Record<
      string,
      Chunk
    >
    const first = new Set<string>()
    const visit = (name: string): void => {
      const chunk = manifest[name]
      if (!chunk || first.has(chunk.file)) return
      first.add(chunk.file)
      for (const each of chunk.imports ?? []) visit(each)
    }
    visit('index.html')
    const sum = async (files: readonly string[]): Promise<number> =>
      (await Promise.all(files.map(gzipBytes))).reduce((total, bytes) => total + bytes, 0)
    expect(await sum([...first].filter((file) => file.endsWith('.js')))).toBeLessThanOrEqual(FIRST_BYTES_MAX)
    const scripts = names.filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`)
    expect(await sum(scripts)).toBeLessThanOrEqual(ALL_BYTES_MAX)
    const styles = names.filter((name) => name.endsWith('.css')).map((name) => `assets/${name}`)
    expect(await sum(styles)).toBeLessThanOrEqual(STYLE_BYTES_MAX)
  })

  test('no file names an address other than Apify’s, whose runs are linked', async () => {
    const found = new Set<string>()
    for (const name of names.filter((each) => /\.(js|css)$/.test(each))) {
      const text = await readFile(join(consoleDirectory, 'assets', name), 'utf8')
      for (const [address] of text.matchAll(/https?:\/\/[a-z0-9.-]+\.[a-z]{2,}/gi)) found.add(address)
    }
    // Names of XML namespaces, and react's explanations of its error codes, are never requested.
    const known = ['https://console.apify.com', 'http://www.w3.org', 'https://react.dev']
    expect([...found].filter((address) => !known.includes(address))).toEqual([])
  })

  test('the page forbids every script but its own, and each text to become code', async () => {
    const answer = await ask('/console/leads', { accept: 'text/html', 'accept-encoding': 'br' })
    expect(answer.statusCode).toBe(200)
    const policy = String(answer.headers?.['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toContain('unsafe')
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-encoding': 'br',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
    const html = await readFile(join(consoleDirectory, 'index.html'), 'utf8')
    expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/)
  })

  test('an unchanged page is answered with 304, and HEAD without a body', async () => {
    const { headers } = await ask('/console')
    const again = await ask('/console', { 'if-none-match': String(headers?.etag) })
    expect(again).toMatchObject({ statusCode: 304, body: '' })
    expect(await ask('/console', {}, 'HEAD')).toMatchObject({ statusCode: 200, body: '' })
  })

  test('assets are compressed in advance and kept for ever; unknown names and paths out of the folder are 404', async () => {
    const script = names.find((name) => name.endsWith('.js'))
    const answer = await ask(`/console/assets/${script}`, { 'accept-encoding': 'gzip' })
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
    })
    const plain = await ask(`/console/assets/${script}`)
    expect(plain.headers?.['content-encoding']).toBeUndefined()
    for (const name of ['nothing.js', '../index.html', '..%2Findex.html', 'x/../../manifest.json', '', 'manifest.json'])
      expect((await ask(`/console/assets/${name}`)).statusCode, name).toBe(404)
    expect((await ask('/console/leads', { accept: 'application/json' })).statusCode).toBe(404)
  })

  test('the address without a path leads to the console', async () => {
    expect(await ask('/')).toMatchObject({ statusCode: 302, headers: { location: '/console' } })
  })
})
