import { afterAll, describe, expect, test } from 'vitest'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'

afterAll(closeSynthesizer)

const dev = (env: Record<string, string>) => synthesizeApart({ stage: 'dev', env })

describe('A deployment that cannot work stops before it begins', () => {
  test('names every bad setting in one message', async () => {
    const failed = dev({ CONSUMER_CONCURRENCY: '1', DATABASE: 'oracle', ALARM_EMAIL: 'nobody' })
    await expect(failed).rejects.toThrow(/DATABASE[\s\S]*CONSUMER_CONCURRENCY[\s\S]*ALARM_EMAIL/)
  })

  test('refuses a database that only lives in a file', async () => {
    await expect(dev({ SST_SECRET_DatabaseUrl: 'sqlite:leads.db' })).rejects.toThrow(
      /must begin with postgres:\/\/ or mysql:/,
    )
  })

  test('refuses a setting that no function would start with', async () => {
    await expect(dev({ RETENTION_DAYS: 'for ever' })).rejects.toThrow(/RETENTION_DAYS/)
  })

  test('refuses a stage whose names would be too long', async () => {
    await expect(synthesizeApart({ stage: 'a'.repeat(50), env: {} })).rejects.toThrow(/stage name .* is too long/)
  })
})
