import { ConfigError, configParts, keepConfig, readConfig } from '@leads/core/config/read-config'
import { describe, expect, test } from 'vitest'

describe('readConfig', () => {
  test('an empty environment is valid: SQLite, merge, 90 days', () => {
    expect(readConfig(['database', 'sync', 'cleanup', 'server', 'log'], {})).toMatchObject({
      DATABASE_URL: 'sqlite:.data/leads.db',
      ON_DUPLICATE: 'merge',
      RETENTION_DAYS: 90,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'INFO',
    })
  })

  test('every invalid variable is listed in one message with its fix', () => {
    const env = {
      DATABASE_URL: 'oracle://x',
      PORT: 'http',
      RETENTION_DAYS: '-1',
      ON_DUPLICATE: 'maybe',
      LOG_LEVEL: 'LOUD',
    }
    let error: unknown
    try {
      readConfig(['database', 'server', 'cleanup', 'sync', 'log', 'webhook', 'apify', 'queue'], env)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConfigError)
    const { message, problems } = error as ConfigError
    for (const variable of [...Object.keys(env), 'APIFY_WEBHOOK_SECRET', 'APIFY_TOKEN', 'SYNC_QUEUE_URL'])
      expect(message).toContain(`${variable}: `)
    expect(problems).toHaveLength(8)
    expect(message).toContain('openssl rand')
  })

  test('an empty variable counts as not set', () => {
    expect(readConfig(['database'], { DATABASE_URL: '' }).DATABASE_URL).toBe('sqlite:.data/leads.db')
  })

  test('the message never contains a value, which may be a secret', () => {
    expect(() => readConfig(['webhook'], { APIFY_WEBHOOK_SECRET: 'hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }) as Error,
    )
    expect(() => readConfig(['database'], { DATABASE_URL: 'postgres://u:hunter2@h:port/x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }) as Error,
    )
  })

  test('lists and numbers are parsed', () => {
    const config = readConfig(['apify', 'server'], { APIFY_TOKEN: 't', APIFY_ACTOR_IDS: 'a/b, c ,', PORT: '8080' })
    expect(config.APIFY_ACTOR_IDS).toEqual(['a~b', 'c'])
    expect(config.PORT).toBe(8080)
  })

  test('while it is kept, the environment of the process is read once, and another one as it is', () => {
    const before = process.env.RETENTION_DAYS
    const read = (env?: Record<string, string>) => readConfig(['cleanup'], env).RETENTION_DAYS
    process.env.RETENTION_DAYS = '7'
    const stopKeeping = keepConfig()
    try {
      expect(read({ RETENTION_DAYS: '9' })).toBe(9)
      expect(read()).toBe(7)
      process.env.RETENTION_DAYS = '8'
      expect(read()).toBe(7)
      stopKeeping()
      expect(read()).toBe(8)
    } finally {
      if (before === undefined) delete process.env.RETENTION_DAYS
      else process.env.RETENTION_DAYS = before
    }
  })

  test('each variable belongs to one part only', () => {
    const names = Object.values(configParts).flatMap((part) => Object.keys(part.shape))
    expect(new Set(names).size).toBe(names.length)
  })
})
