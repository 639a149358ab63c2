import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { ADMIN_KEY, type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

/** Hands requests on to the stack, or cuts their connections while the service is said to be away. */
function startProxy(target: URL): Promise<{ server: Server; url: string; setAway: (is_away: boolean) => void }> {
  let is_away = false
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (is_away) {
      incoming.socket.destroy()
      return
    }
    const { method, url, headers } = incoming
    const options = { host: target.hostname, port: target.port, method, path: url, headers }
    const forwarded = httpRequest(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const setAway = (away: boolean): void => {
        is_away = away
      }
      resolve({ server, url: `http://127.0.0.1:${port}`, setAway })
    })
  })
}

describeInBrowser('a service that goes away', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  let proxy: Awaited<ReturnType<typeof startProxy>>
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(200)
    proxy = await startProxy(new URL(stack.url))
  })
  afterAll(async () => {
    proxy?.server.closeAllConnections()
    proxy?.server.close()
    await browser?.close()
    await stack?.close()
  })

  test('data and input stay, a banner reports it, and it recovers without a reload', async () => {
    const { page, faults } = await browser.open()
    await page.goto(`${proxy.url}/console/syncs#key=${ADMIN_KEY}`)
    await page.getByText('That is all of 1 sync').waitFor()
    const { data } = await stack.request<{ data: { id: number }[] }>('GET', '/leads?limit=1')
    await page.goto(`${proxy.url}/console/leads/${data[0]?.id}`)
    await page.getByLabel('Text').fill('Written while the service was away')
    proxy.setAway(true)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('r')
    await page.getByText('Not connected').waitFor({ timeout: 90_000 })
    await page.getByRole('heading', { name: 'History' }).waitFor()
    expect(await page.getByLabel('Text').inputValue()).toBe('Written while the service was away')
    proxy.setAway(false)
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('Not connected').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Add/ }).click()
    await page.getByText('Written while the service was away').first().waitFor()
    expect(faults).toEqual([])
  }, 240_000)

  /** Edits a title while connections break, and returns the number of changes that the service stored. */
  const editWhileAway = async (is_script_loaded: boolean): Promise<number> => {
    const lead = await stack.request<{ id: number }>('POST', '/leads', {
      title: 'before',
      company_name: `Away ${Math.random()}`,
    })
    const { page, faults } = await browser.open()
    const loaded = page.waitForResponse(/change-row/)
    await page.goto(`${proxy.url}/console/leads?id=${lead.id}#key=${ADMIN_KEY}`)
    const cell = page.locator(`[role=gridcell][data-lead="${lead.id}"][data-field="title"]`)
    if (is_script_loaded) await loaded
    else {
      // The part of the console that stores changes cannot be loaded before the connection breaks.
      loaded.catch(() => {})
      await page.route(/change-row/, (route) => route.abort(), { times: 1 })
    }
    await cell.dblclick()
    await cell.getByRole('textbox').fill('after')
    proxy.setAway(true)
    await page.keyboard.press('Enter')
    await page.waitForTimeout(1000)
    proxy.setAway(false)
    await page.getByText('Title changed').waitFor()
    const { data } = await stack.request<{ data: { event_type: string }[] }>('GET', `/leads/${lead.id}/events`)
    expect(faults).toEqual([])
    await page.close()
    return data.filter(({ event_type }) => event_type === 'updated').length
  }

  test('an edit whose connection breaks is sent again and stored once', async () => {
    expect(await editWhileAway(true)).toBe(1)
  })

  test('an edit is stored although the connection breaks before the script that stores it is loaded', async () => {
    expect(await editWhileAway(false)).toBe(1)
  })
})
