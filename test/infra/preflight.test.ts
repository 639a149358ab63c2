import { afterAll, describe, expect, test } from 'vitest'
import { refusals } from './refusals.ts'
import type { MockAccount } from './synthesize.ts'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'

afterAll(closeSynthesizer)

const dev = (env: Record<string, string>, account: Partial<MockAccount> = {}) =>
  synthesizeApart({ stage: 'dev', env, account })

describe('A deployment that cannot work is refused before a resource is registered', () => {
  test.each(refusals)('$title is refused with advice', async ({ env, account = {}, message }) => {
    await expect(dev(env, account)).rejects.toThrow(message)
  })

  test.each(refusals)('without its check, $title is not refused', async ({ env, account = {}, message, edit }) => {
    const answer = await synthesizeApart({ stage: 'dev', env, account, edit }).catch(String)
    expect(String(answer)).not.toMatch(message)
    // The edit is one of the program, not one that breaks it.
    expect(String(answer)).not.toMatch(/SyntaxError|does not contain|is no part of the stack/)
  })

  test('one message names every invalid setting', async () => {
    const failed = dev({ CONSUMER_CONCURRENCY: '1', DATABASE: 'oracle', ALARM_EMAIL: 'nobody' })
    await expect(failed).rejects.toThrow(/DATABASE[\s\S]*CONSUMER_CONCURRENCY[\s\S]*ALARM_EMAIL/)
  })

  test('one message names every secret that cannot be used', async () => {
    const failed = dev({ SST_SECRET_DatabaseUrl: '', SST_SECRET_ApifyToken: '', SST_SECRET_ApifyWebhookSecret: 'x' })
    await expect(failed).rejects.toThrow(/DatabaseUrl[\s\S]*ApifyToken[\s\S]*ApifyWebhookSecret/)
  })

  test('a stage whose function names would be too long is refused', async () => {
    await expect(synthesizeApart({ stage: 'a'.repeat(50), env: {} })).rejects.toThrow(/stage name .* is too long/)
  })
})
