import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

export interface PageOptions {
  width?: number
  height?: number
  theme?: 'light' | 'dark'
  accept_downloads?: boolean
  has_touch?: boolean
}

export interface TestBrowser {
  browser: Browser
  /** A separate browser profile, which fails the test on script errors and policy violations. */
  open(options?: PageOptions): Promise<TestPage>
  close(): Promise<void>
}

export interface TestPage {
  page: Page
  context: BrowserContext
  /** Errors of the page up to now: errors of scripts, violations of the policy. */
  faults: string[]
  /** Method and address of each request. */
  requests: string[]
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  return {
    browser,
    async open({ width = 1280, height = 800, theme = 'light', accept_downloads = false, has_touch = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        acceptDownloads: accept_downloads,
        hasTouch: has_touch,
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(60_000)
      // The file dialog of the operating system cannot be operated here: the console then collects a download.
      await context.addInitScript('delete window.showSaveFilePicker')
      await context.addInitScript(
        "document.addEventListener('securitypolicyviolation', (e) => console.error('POLICY', e.violatedDirective, e.blockedURI, e.sample))",
      )
      const page = await context.newPage()
      const faults: string[] = []
      const requests: string[] = []
      page.on('pageerror', (error) => faults.push(String(error.stack ?? error)))
      page.on('console', (message) => {
        const text = message.text()
        if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(text)) faults.push(text)
      })
      page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
      return { page, context, faults, requests }
    },
    close: () => browser.close(),
  }
}

let axe_source: Promise<string> | undefined

/** Violations that axe finds in the current page. */
export async function findBarriers(page: Page): Promise<string[]> {
  axe_source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  if (await page.evaluate('window.axe === undefined')) await page.evaluate(await axe_source)
  const violations = (await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }).then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`)) as string[]
  return violations
}
