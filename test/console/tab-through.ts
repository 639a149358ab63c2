import type { Page } from 'playwright-core'

/**
 * Controls that Tab should reach: of the open dialog, which keeps the focus, or of the page. A group such as a grid, tabs or radio buttons
 * has one stop, its other members have tabindex -1 or are not checked.
 */
const LIST_CONTROLS = `(() => {
  const root = [...document.querySelectorAll('[role=dialog], [role=alertdialog], dialog[open]')].at(-1) ?? document
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]'
  return [...root.querySelectorAll(controls)].filter((element) => {
    if (element.tabIndex < 0 || element.disabled || element.closest('[inert], [aria-hidden=true], [hidden]')) return false
    if (element.type === 'radio' && !element.checked) return false
    return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
  })
})()`

const DESCRIBE = `(element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40) || element.outerHTML.slice(0, 80)`

/** Whether the focused element, or what draws its focus, has an outline or a shadow. */
const SHOWS_FOCUS = `(() => {
  for (let element = document.activeElement, depth = 0; element && depth < 4; element = element.parentElement, depth += 1) {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    if ((outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none') return true
  }
  return false
})()`

/** Presses Tab through a page or an overlay. Returns what is not reached, and where the focus cannot be seen. */
export async function tabThrough(page: Page): Promise<string[]> {
  const count = (await page.evaluate(`${LIST_CONTROLS}.length`)) as number
  const barriers: string[] = []
  // Twice around: an overlay may begin in its middle, and content may come while tabbing.
  for (let press = 0; press < 2 * count + 20; press += 1) {
    await page.keyboard.press('Tab')
    const hidden = (await page.evaluate(`(() => {
      const element = document.activeElement
      if (!element || element === document.body) return null
      const isNew = !element.hasAttribute('data-reached')
      element.setAttribute('data-reached', '')
      return isNew && !${SHOWS_FOCUS} ? (${DESCRIBE})(element) : null
    })()`)) as string | null
    if (hidden !== null) barriers.push(`the focus is not visible: ${hidden}`)
    const left = (await page.evaluate(
      `${LIST_CONTROLS}.filter((element) => !element.hasAttribute('data-reached')).length`,
    )) as number
    if (left === 0) return barriers
  }
  const missed = (await page.evaluate(
    `${LIST_CONTROLS}.filter((element) => !element.hasAttribute('data-reached')).map(${DESCRIBE})`,
  )) as string[]
  return [...barriers, ...missed.map((name) => `not reached: ${name}`)]
}
