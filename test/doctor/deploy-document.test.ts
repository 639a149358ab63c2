import { existsSync, readFileSync } from 'node:fs'
import { deploymentSettingNames } from '@leads/core/config/deployment-settings'
import { findDeploymentProblemsOfUrl } from '@leads/core/database/deployable-url'
import { functionManifest } from '@leads/functions/runtime/manifest'
import { describe, expect, test } from 'vitest'

/** What docs/deploy.md tells a stranger to type, and what it says they see. */
const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const guide = read('docs/deploy.md')

function section(title: string): string {
  const start = guide.indexOf(`\n## ${title}\n`)
  expect(start, title).toBeGreaterThan(0)
  const end = guide.indexOf('\n## ', start + 1)
  return guide.slice(start, end < 0 ? undefined : end)
}

const firstLead = section('From account to first lead')
const steps = firstLead.split(/\n(?=\d\. \*\*)/).slice(1)
const all = (pattern: RegExp, text = guide): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
const unique = (texts: string[]): string[] => [...new Set(texts)].toSorted()

describe('The guide to a deployment', () => {
  test('says for each step what to type, what is seen, and what to do if not', () => {
    expect(steps).toHaveLength(9)
    for (const step of steps) {
      const title = step.split('\n')[0]
      expect([title, /```sh|`npm run /.test(step)]).toEqual([title, true])
      // Settings are only written down; the check of step 4 shows whether they are right.
      if (step.startsWith('2.')) expect(step).toContain('Nothing to see yet: step 4')
      else expect([title, step.includes('| you see | do |')]).toEqual([title, true])
    }
  })

  test('names each choice of a database in the settings, the secrets and the check', () => {
    const [settings = '', secrets = '', check = ''] = [steps[1], steps[2], steps[3]]
    for (const name of ['Supabase', 'Neon', 'PlanetScale', 'RDS']) {
      expect([name, settings.includes(name)]).toEqual([name, true])
      expect([name, secrets.includes(`| ${name}`)]).toEqual([name, true])
      expect([name, check.includes(name)]).toEqual([name, true])
    }
    for (const kind of ['postgres', 'aurora']) expect(settings).toContain(`| \`DATABASE=${kind}\``)
  })

  test('types only scripts of the project and commands of SST', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(unique(all(/npm run ([a-z:]+)/g)).filter((name) => !(name in scripts))).toEqual([])
    const sst = ['deploy', 'diff', 'remove', 'secret list', 'secret set', 'shell', 'unlock']
    expect(unique(all(/npx sst ((?:secret )?[a-z]+)/g))).toEqual(sst)
    // A stage that is left out is a personal one of SST's.
    const commands = all(/^ *((?:REMOVE_EVERYTHING=true )?npx sst .*)$/gm)
    expect(commands.length).toBeGreaterThan(8)
    expect(commands.filter((command) => !command.includes('--stage '))).toEqual([])
  })

  test('names secrets, settings and log groups that exist', () => {
    const config = read('infra/secrets.ts') + read('infra/database.ts')
    for (const secret of unique(all(/npx sst secret set (\w+)/g))) expect(config).toContain(`Secret('${secret}')`)
    const table = section('Settings')
    const named = unique(all(/`([A-Z][A-Z_]+)`/g, table))
    const known = new Set<string>([...deploymentSettingNames, ...documentedSettings()])
    expect(named.filter((name) => !known.has(name))).toEqual([])
    const missing = deploymentSettingNames.filter((name) => !named.includes(name))
    expect(missing).toEqual([])
    for (const name of all(/aws\/lambda\/sales-leads-[a-z]+-([a-z-]+)`/g))
      expect([name, name in functionManifest]).toEqual([name, true])
  })

  test('quotes messages of the program', () => {
    const problems = [
      ...findDeploymentProblemsOfUrl('postgres://leads:x@localhost/leads', false),
      ...findDeploymentProblemsOfUrl('postgresql://postgres:x@db.abc.supabase.co:5432/postgres', false),
      ...findDeploymentProblemsOfUrl('leads.c0ffee123456.eu-central-1.rds.amazonaws.com', false),
      ...findDeploymentProblemsOfUrl("psql 'postgresql://a:b@ep-a.eu.aws.neon.tech/neondb'", false),
      ...findDeploymentProblemsOfUrl('postgresql://a:********@ep-a.eu.aws.neon.tech/neondb', false),
      ...findDeploymentProblemsOfUrl(
        'postgres://a:b@leads.cluster-ro-c0ffee123456.eu-central-1.rds.amazonaws.com/x',
        true,
      ),
      ...findDeploymentProblemsOfUrl('postgres://a:b@ep-a-pooler.eu.aws.neon.tech/neondb?search_path=crm', false),
    ].join('\n')
    const quoted = all(/\| `✗ database … ([^`]+)`/g).flatMap((text) => text.split(' … '))
    expect(quoted.filter((text) => text !== 'no answer' && !problems.includes(text))).toEqual([])
    const webhook = read('packages/cli/src/webhook/run-webhook.ts')
    for (const text of ['The webhook was created.', 'The webhook existed', 'This Actor has webhooks to other URLs'])
      expect([text, webhook.includes(text) && guide.includes(text)]).toEqual([text, true])
    const apify = read('packages/core/src/apify/apify-errors.ts')
    for (const text of ['Apify does not know', 'Apify refused the token']) {
      expect([text, apify.includes(text) && guide.includes(text)]).toEqual([text, true])
    }
    const outputs = read('infra/stack.ts')
    for (const name of ['account', 'api', 'webhook', 'dashboard', 'concurrency_note'])
      expect([name, outputs.includes(`${name}`)]).toEqual([name, true])
  })

  test('counts the checks of the smoke test', () => {
    const checks = read('scripts/smoke/checks.ts').match(/^ {4}check\(/gm) ?? []
    const inAccount = read('scripts/smoke/aws-checks.ts').match(/^ {4}\{ name: /gm) ?? []
    expect(firstLead).toContain(`\`${checks.length} checks passed.\``)
    expect(firstLead).toContain(
      `adds ${['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'][inAccount.length]} with`,
    )
  })

  test('refers to files that exist', () => {
    for (const path of all(/(docs\/[a-z-]+\.md)/g))
      expect([path, existsSync(new URL(path, root))]).toEqual([path, true])
  })
})

/** Settings of the functions, which a deployment hands on. */
const documentedSettings = (): string[] => all(/`([A-Z][A-Z_]+)`/g, read('docs/configuration.md'))
