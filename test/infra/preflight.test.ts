import { afterAll, describe, expect, test } from 'vitest'
import type { MockAccount } from './synthesize.ts'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'

afterAll(closeSynthesizer)

const dev = (env: Record<string, string>, account: Partial<MockAccount> = {}) =>
  synthesizeApart({ stage: 'dev', env, account })

/** A setting or secret that cannot work, and what the refusal says. */
const refused: [title: string, env: Record<string, string>, message: RegExp][] = [
  ['a database in a file', { SST_SECRET_DatabaseUrl: 'sqlite:leads.db' }, /DatabaseUrl: is a file, not a server/],
  ['a database on this machine', { SST_SECRET_DatabaseUrl: 'postgres://leads:x@localhost/leads' }, /cannot reach/],
  ['no database', { SST_SECRET_DatabaseUrl: '' }, /DatabaseUrl: is not set[\s\S]*sst secret set DatabaseUrl/],
  ['a token that is missing', { SST_SECRET_ApifyToken: '' }, /ApifyToken: is not set/],
  ['a webhook secret that is too short', { SST_SECRET_ApifyWebhookSecret: 'short' }, /fewer than 16 characters/],
  ['no region', { AWS_REGION: '' }, /AWS_REGION: is missing/],
  ['no choice of Actors', { APIFY_ACTOR_IDS: '' }, /APIFY_ACTOR_IDS=\*/],
  ['a setting that no function would start with', { RETENTION_DAYS: 'for ever' }, /RETENTION_DAYS/],
  ['a mappings file that is missing', { MAPPINGS_FILE: 'no/such.json' }, /MAPPINGS_FILE: .*no\/such\.json/],
  ['capacity units between steps', { DATABASE_ACU_MIN: '0.7' }, /DATABASE_ACU_MIN: .*steps of 0\.5/],
  ['a minimum above the maximum', { DATABASE_ACU_MIN: '8', DATABASE_ACU_MAX: '4' }, /is greater than DATABASE_ACU_MAX/],
  ['a disk that cannot grow', { DATABASE_STORAGE_GB: '100' }, /DATABASE_STORAGE_MAX_GB: .*cannot grow/],
  ['a restore without a created database', { DATABASE_RESTORE: 'snapshot:last' }, /DATABASE=postgres/],
  [
    'a certificate of another region',
    {
      API_DOMAIN: 'leads.example.com',
      API_DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d',
    },
    /API_DOMAIN_CERTIFICATE_ARN: is in us-east-1; API Gateway needs a certificate in eu-central-1/,
  ],
]

describe('A deployment that cannot work is refused before a resource is registered', () => {
  test.each(refused)('%s is refused with advice', async (_title, env, message) => {
    await expect(dev(env)).rejects.toThrow(message)
  })

  test('one message names every invalid setting', async () => {
    const failed = dev({ CONSUMER_CONCURRENCY: '1', DATABASE: 'oracle', ALARM_EMAIL: 'nobody' })
    await expect(failed).rejects.toThrow(/DATABASE[\s\S]*CONSUMER_CONCURRENCY[\s\S]*ALARM_EMAIL/)
  })

  test('one message names every secret that cannot be used', async () => {
    const failed = dev({ SST_SECRET_DatabaseUrl: '', SST_SECRET_ApifyToken: '', SST_SECRET_ApifyWebhookSecret: 'x' })
    await expect(failed).rejects.toThrow(/DatabaseUrl[\s\S]*ApifyToken[\s\S]*ApifyWebhookSecret/)
  })

  test.each([
    ['url', 'postgres'],
    ['aurora', 'postgres'],
    ['postgres', 'aurora'],
  ])('DATABASE=%s is refused on a stage that has a database by DATABASE=%s', async (kind, created_database) => {
    await expect(dev({ DATABASE: kind }, { created_database })).rejects.toThrow(/DATABASE: .*would be\s+removed/)
  })

  test('a stage whose function names would be too long is refused', async () => {
    await expect(synthesizeApart({ stage: 'a'.repeat(50), env: {} })).rejects.toThrow(/stage name .* is too long/)
  })
})
