import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

const widths = process.env.SCREENSHOTS_DIRECTORY ? [1280] : [390, 1024, 1600]

/** For people to view: kept in SCREENSHOTS_DIRECTORY if it is set (docs/console holds some), at one width. */
describeInBrowser('screenshots', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  let run_id = ''
  let lead_id = 0
  let company_id = 0
  let import_batch_id = ''
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    run_id = await stack.addPlaces(3000, 20)
    const people = stack.simulator.state.addRun({
      actor_id: 'LpVuK3Zozwuipa5bp',
      actor_name: 'harvestapi/linkedin-profile-search',
      emit: true,
      dataset: { generator: 'linkedin-people', seed: 7, count: 900 },
      finished_at: Date.now() - 60_000,
      input: { searchQuery: 'head of sales' },
      usage_total_usd: 8,
    })
    await stack.waitForSync(people.id)
    lead_id = await workOnLeads()
    const content =
      'Name,Mail,Firma\nAda Muster,ada@muster.example.com,Muster GmbH\nBo Probe,bo@probe.example.com,Probe KG\n,,\n'
    const batch = await stack.request<{ import_batch_id: string }>('POST', '/imports', {
      content,
      file_name: 'fair-berlin.csv',
    })
    import_batch_id = batch.import_batch_id
    const options = { db: stack.db, log: noopLog, now: () => new Date() }
    await findDuplicates(options)
    await findCompanyDuplicates(options)
    const { data } = await stack.request<{ data: { id: number }[] }>('GET', '/companies?limit=1')
    company_id = data[0]?.id ?? 0
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  /** Some leads in every stage, with scores, tags and notes, as a team leaves them. */
  async function workOnLeads(): Promise<number> {
    const { data } = await stack.request<{ data: { id: number }[] }>(
      'GET',
      '/leads?actor_id=LpVuK3Zozwuipa5bp&limit=60',
    )
    const stages = ['contacted', 'new', 'qualified', 'contacted', 'new', 'converted'] as const
    const tags = [['fair'], [], ['fair', 'berlin'], ['partner'], [], ['priority']]
    const operations = data.map(({ id }, index) => ({
      operation: 'update',
      id,
      patch: {
        lead_status: stages[index % stages.length],
        tags: tags[index % tags.length],
        ...(index % 3 === 0 && { lead_score: 40 + ((index * 13) % 60) }),
      },
    }))
    await stack.request('POST', '/leads/batch', { operations })
    const id = data[2]?.id ?? 0
    await stack.request('PATCH', `/leads/${id}`, { title: 'Head of Sales, EMEA', notes: 'Prefers email.' })
    await stack.request('POST', `/leads/${id}/events`, {
      event_type: 'call_made',
      event_description: 'Asked for an offer.',
    })
    return id
  }

  test.for(['light', 'dark'] as const)(
    'each page is drawn at each width in the %s theme',
    { timeout: 400_000 },
    async (theme) => {
      const directory = process.env.SCREENSHOTS_DIRECTORY ?? join(inject('scratch_directory'), 'screenshots')
      await mkdir(directory, { recursive: true })
      const pages = {
        overview: '',
        leads: '/leads',
        lead: `/leads/${lead_id}`,
        companies: '/companies',
        company: `/companies/${company_id}`,
        syncs: '/syncs',
        sync: `/syncs/${run_id}`,
        imports: '/imports',
        import: `/imports/${import_batch_id}`,
        duplicates: '/duplicates',
        'company-duplicates': '/duplicates?ui.of=companies',
        settings: '/settings/keys',
        service: '/settings/service',
        browser: '/settings/browser',
      }
      const faults: string[] = []
      for (const width of widths) {
        const opened = await browser.open({ theme, width, height: 760 })
        await opened.page.goto(stack.link())
        await opened.page.getByRole('heading', { level: 1 }).waitFor()
        for (const [name, path] of Object.entries(pages)) {
          await opened.page.goto(`${stack.url}/console${path}`)
          await opened.page.getByRole('heading', { level: 1 }).waitFor()
          // Half a second without a request: the page has what it shows. One page leaves an answer unread, which never ends.
          await opened.page.waitForLoadState('networkidle', { timeout: 1200 }).catch(() => {})
          const file = widths.length > 1 ? `${name}-${theme}-${width}.png` : `${name}-${theme}.png`
          await opened.page.screenshot({ path: join(directory, file) })
        }
        faults.push(...opened.faults)
        await opened.context.close()
      }
      expect(faults).toEqual([])
    },
  )
})
