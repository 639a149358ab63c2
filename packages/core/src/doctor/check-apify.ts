import { readConfig } from '../config/read-config.ts'
import { CHECK_TIMEOUT_MS, type Env, type Finding, failed, ok, warning } from './finding.ts'

/** A larger difference makes signatures and schedules fail. */
const CLOCK_SKEW_MAX_MS = 60_000

export async function checkApify(env: Env): Promise<Finding[]> {
  if (!env.APIFY_TOKEN)
    return [
      warning(
        'apify',
        'APIFY_TOKEN is not set: no run can be read.',
        'Copy it from the Apify Console, Settings → API & Integrations.',
      ),
    ]
  const { createApifyApi } = await import('../apify/apify-api.ts')
  const config = readConfig(['apify'], env)
  try {
    const { username: user } = await createApifyApi(config).getAccount()
    return [ok('apify', `The token is valid; the account is ${user}.`), await checkClock(config.APIFY_API_BASE_URL)]
  } catch (error) {
    const isRefused = (error as Error).name === 'ApifyPermanentError'
    const advice = isRefused
      ? 'Copy it from the Apify Console, Settings → API & Integrations.'
      : 'Is this machine online, and APIFY_API_BASE_URL correct?'
    return [failed('apify', (error as Error).message, advice)]
  }
}

async function checkClock(base_url: string): Promise<Finding> {
  const response = await fetch(base_url, { method: 'HEAD', signal: AbortSignal.timeout(CHECK_TIMEOUT_MS / 2) })
  const theirs = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return warning('clock', 'Apify states no time to compare with.', 'Nothing to do.')
  const skew_ms = Date.now() - theirs
  const seconds = (Math.abs(skew_ms) / 1000).toFixed(0)
  return Math.abs(skew_ms) > CLOCK_SKEW_MAX_MS
    ? failed('clock', `This machine's clock is ${seconds} s ${skew_ms > 0 ? 'ahead' : 'behind'}.`, 'Set it by NTP.')
    : ok('clock', `This machine's clock agrees with Apify's within ${seconds} s.`)
}

export async function checkWebhookSecret(env: Env): Promise<Finding[]> {
  if (!env.APIFY_WEBHOOK_SECRET)
    return [
      warning(
        'webhook',
        'APIFY_WEBHOOK_SECRET is not set.',
        '`npm start` generates and stores one. Elsewhere set one, e.g. from `openssl rand -hex 32`.',
      ),
    ]
  readConfig(['webhook'], env)
  return [ok('webhook', 'The webhook secret is set and long enough.')]
}
