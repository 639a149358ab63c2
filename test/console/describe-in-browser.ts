import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CHROMIUM } from './browser.ts'

const INSTALL_COMMAND = 'apt-get install -y --no-install-recommends chromium'
const hasChromium = existsSync(CHROMIUM)

/** Tests in Debian's Chromium. Where it is missing they say so, and fail if REQUIRE_BROWSER=1. */
export function describeInBrowser(name: string, define: () => void): void {
  if (hasChromium) {
    describe(name, define)
    return
  }
  test(`${name}: needs Chromium`, () => {
    console.warn(
      `\n!!! THE CONSOLE IS NOT TESTED (${name}): ${CHROMIUM} was not found. Install it: ${INSTALL_COMMAND}\n`,
    )
    expect(process.env.REQUIRE_BROWSER, `REQUIRE_BROWSER=1 wants it tested: ${INSTALL_COMMAND}`).not.toBe('1')
  })
}
