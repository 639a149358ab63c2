import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

describeInBrowser('syncs', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(300)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  test('a run is watched until it is completed, and its numbers add up on screen', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/syncs'))
    await page.getByText('That is all of 1 sync').waitFor()
    const run_id = await stack.addPlaces(3000, 8)
    const row = page.getByRole('row').filter({ hasText: run_id.slice(0, 8) })
    await row.getByText(/^Completed/).waitFor()
    const numbers = (await row.innerText()).match(
      /([\d,]+)\s*read\s*=\s*([\d,]+) new\s*\+\s*([\d,]+) duplicate\s*\+\s*([\d,]+) rejected/,
    )
    const [read, created, duplicate, rejected] = (numbers ?? [])
      .slice(1)
      .map((text) => Number(text.replaceAll(',', '')))
    expect(read).toBe(3000)
    expect((created ?? 0) + (duplicate ?? 0) + (rejected ?? 0)).toBe(read)
    expect(faults).toEqual([])
  })

  test('a failed sync shows its reason and offers a retry; one that does not add up is a separate error', async () => {
    const failed = stack.simulator.state.addRun({
      actor_id: 'nwua9Gu5YrADL7ZDj',
      actor_name: 'compass/crawler-google-places',
      dataset: { generator: 'google-places', count: 10, seed: 5 },
      finished_at: Date.now() - 60_000,
    })
    const now = new Date()
    await stack.db.kysely
      .insertInto('apify_sync_states')
      .values({
        run_id: failed.id,
        actor_name: 'someone/broken',
        sync_status: 'failed',
        run_status: 'SUCCEEDED',
        error_message: 'The dataset is gone',
        created_at: now,
        updated_at: now,
      })
      .execute()
    await stack.db.kysely
      .insertInto('apify_sync_states')
      .values({
        run_id: 'unbalanced1234567',
        actor_name: 'someone/lossy',
        sync_status: 'completed',
        run_status: 'SUCCEEDED',
        total_records: 20,
        synced_records: 7,
        created_at: now,
        updated_at: now,
      })
      .execute()
    const { page, faults } = await browser.open()
    await page.goto(stack.link())
    const attention = page.getByRole('region', { name: 'Needs attention' })
    await attention.getByText('The dataset is gone').waitFor()
    await attention.getByText('does not add up').waitFor()
    await page.goto(`${stack.url}/console/syncs/unbalanced1234567`)
    await page.getByText('Not balanced').waitFor()
    await page.getByText('13 unaccounted').waitFor()
    await page.goto(`${stack.url}/console/syncs/${failed.id}`)
    await page.getByText('The dataset is gone').waitFor()
    await page.getByRole('button', { name: /^Retry/ }).click()
    await page.getByText('Queued again').waitFor()
    await vi.waitFor(
      async () => {
        const sync = await stack.request<{ sync_status: string }>('GET', `/syncs/${failed.id}`)
        expect(sync.sync_status).not.toBe('failed')
      },
      { timeout: 60_000, interval: 250 },
    )
    expect(faults).toEqual([])
  })

  test('a resurrected run is synced again on the page that shows it, and its numbers still add up', async () => {
    const run_id = await stack.addPlaces(120, 41)
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/syncs/${run_id}`))
    await page.getByText('120 read').first().waitFor()
    const { state } = stack.simulator
    state.resurrectRun(run_id)
    state.appendGenerated(run_id, { generator: 'google-places', count: 150, seed: 41 }, 120, 150)
    state.finishRun(run_id, 'SUCCEEDED', { finished_at: Date.now() - 60_000 })
    const readSync = () => stack.request<{ is_balanced: boolean; total_records: number }>('GET', `/syncs/${run_id}`)
    await vi.waitFor(async () => expect((await readSync()).total_records).toBe(150), {
      timeout: 150_000,
      interval: 250,
    })
    // The page itself looks once a minute after a completed sync.
    await page.keyboard.press('r')
    await page.getByText('150 read').first().waitFor()
    await page
      .getByText(/^Completed/)
      .first()
      .waitFor()
    expect(await readSync()).toMatchObject({ is_balanced: true, total_records: 150 })
    expect(faults).toEqual([])
  }, 240_000)

  test('a sync that imports says how many of the items it has read, and one that will be tried again says when', async () => {
    const now = new Date()
    const row = { actor_name: 'someone/slow', run_status: 'SUCCEEDED', created_at: now, updated_at: now }
    const next_sync_at = new Date(Date.now() + 3_600_000)
    const values = [
      {
        ...row,
        run_id: 'importing12345678',
        sync_status: 'syncing',
        total_records: 2000,
        synced_records: 2000,
        dataset_item_count: 5000,
      },
      { ...row, run_id: 'retrying123456789', sync_status: 'pending', retry_count: 2, next_sync_at },
    ]
    for (const each of values)
      await stack.db.kysely
        .insertInto('apify_sync_states')
        .values(each as never)
        .execute()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/syncs/importing12345678'))
    await page.getByRole('region', { name: 'Accounting' }).getByText('2,000 of about 5,000 items read').waitFor()
    await page.goto(`${stack.url}/console/syncs`)
    await page.getByText(/^Retry at .* \(attempt 3\)$/).waitFor()
    expect(faults).toEqual([])
  })

  test('fill rates are drawn with those of earlier runs of the Actor', async () => {
    await stack.addPlaces(60, 41)
    const run_id = await stack.addPlaces(60, 42)
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/syncs/${run_id}`))
    const rates = page.getByRole('region', { name: 'Fill rates' })
    const trends = rates.getByRole('img', { name: /^Of the last \d+ runs: / })
    await trends.first().waitFor()
    expect(await trends.first().getAttribute('aria-label')).toMatch(/100%$/)
    expect(faults).toEqual([])
  })

  test('a sync names the values that no column could take, with examples', async () => {
    const run_id = await stack.addPlaces(40, 43)
    const unread = {
      phone: { count: 3, examples: ['call the office', 'see <b>site</b>'] },
      'company.employees': { count: 1, examples: ['a handful'] },
    }
    await stack.db.kysely
      .updateTable('apify_sync_states')
      .set({ metadata: JSON.stringify({ unread }) as never })
      .where('run_id', '=', run_id)
      .execute()
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/syncs/${run_id}`))
    const values = page.getByRole('region', { name: 'Values not understood' })
    await values.getByText('3, such as “call the office”, “see <b>site</b>”').waitFor()
    await values.getByText('1, such as “a handful”').waitFor()
    expect(faults).toEqual([])
  })

  test('a replay turns rejections into leads, and the numbers follow', async () => {
    const run_id = await stack.addPlaces(400, 31)
    const before = await stack.request<{ failed_records: number; synced_records: number }>('GET', `/syncs/${run_id}`)
    expect(before.failed_records).toBeGreaterThan(0)
    const rejected = await stack.db.kysely
      .selectFrom('sync_rejections')
      .selectAll()
      .where('run_id', '=', run_id)
      .executeTakeFirstOrThrow()
    const item = {
      title: 'Bäckerei Muster',
      city: 'Graz',
      countryCode: 'AT',
      placeId: 'ChIJmuster',
      phone: '+43 316 123456',
      categoryName: 'Bakery',
    }
    await stack.db.kysely
      .updateTable('sync_rejections')
      .set({ raw_data: JSON.stringify(item) as never })
      .where('id', '=', rejected.id)
      .execute()
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/syncs/${run_id}`))
    await page.getByText(`${before.failed_records} rejected`).first().waitFor()
    await page.getByRole('button', { name: /^Replay rejected/ }).click()
    await page.getByText(/1 became leads/).waitFor()
    await page
      .getByText(`${before.failed_records - 1} rejected`)
      .first()
      .waitFor()
    expect(faults).toEqual([])
  })

  test('a run without a sync can be synced from its address', async () => {
    const run = stack.simulator.state.addRun({
      actor_id: 'nwua9Gu5YrADL7ZDj',
      actor_name: 'compass/crawler-google-places',
      dataset: { generator: 'google-places', count: 20, seed: 77 },
      finished_at: Date.now() - 60_000,
    })
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/syncs'))
    await page.getByRole('button', { name: 'Sync a run' }).click()
    await page.getByLabel(/Run id, or its address/).fill(`https://console.apify.com/actors/runs/${run.id}`)
    await page.keyboard.press('Enter')
    await page
      .getByRole('row')
      .filter({ hasText: run.id.slice(0, 8) })
      .getByText(/^Completed/)
      .waitFor()
    expect(faults).toEqual([])
  })
})
