import { readFileSync } from 'node:fs'
import { presetColumns } from '@leads/core/mapping/preset'
import { PRESETS } from '@leads/core/mapping/presets/index'
import { expect, test } from 'vitest'

test('built-in presets are tried in a pinned order, because the first one whose shape matches wins', () => {
  const pinned = [
    [10, 'google-places'],
    [20, 'apollo-people'],
    [30, 'sales-navigator'],
    [40, 'linkedin-profiles'],
    [50, 'linkedin-sections'],
    [60, 'linkedin-jobs'],
    [70, 'linkedin-companies'],
    [80, 'facebook-pages'],
    [90, 'instagram-profiles'],
    [100, 'crunchbase-organizations'],
    [110, 'yelp-businesses'],
    [120, 'tripadvisor-places'],
    [130, 'contact-crawlers'],
    [140, 'job-boards'],
    [150, 'directory-listings'],
  ]
  const names = pinned.map(([, name]) => name)
  expect(PRESETS.filter(({ name }) => names.includes(name)).map(({ order, name }) => [order, name])).toEqual(pinned)
  // A new preset needs no row here: it comes behind, or between two of these by its order.
  expect(PRESETS.map(({ order }) => order)).toEqual(
    [...new Set(PRESETS.map(({ order }) => order))].sort((a, b) => a - b),
  )
})

test('every built-in preset has a unique name', () => {
  expect(new Set(PRESETS.map((preset) => preset.name)).size).toBe(PRESETS.length)
})

test('the documentation lists every built-in preset and every preset column', () => {
  const page = readFileSync('docs/mapping.md', 'utf8')
  for (const { name } of PRESETS) expect(page).toMatch(new RegExp(`\\b${name}\\b`))
  for (const column of Object.keys(presetColumns)) expect(page).toContain(`\`${column}\``)
})
