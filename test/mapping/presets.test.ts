import { readFileSync } from 'node:fs'
import { presetColumns } from '@leads/core/mapping/preset'
import { PRESETS } from '@leads/core/mapping/presets/index'
import { expect, test } from 'vitest'

test('built-in presets are tried in a pinned order, because the first one whose shape matches wins', () => {
  expect(PRESETS.map(({ order, name }) => [order, name])).toEqual([
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
  ])
})

test('every built-in preset has a unique name', () => {
  expect(new Set(PRESETS.map((preset) => preset.name)).size).toBe(PRESETS.length)
})

test('the documentation lists every built-in preset and every preset column', () => {
  const page = readFileSync('docs/mapping.md', 'utf8')
  for (const { name } of PRESETS) expect(page).toMatch(new RegExp(`\\b${name}\\b`))
  for (const column of Object.keys(presetColumns)) expect(page).toContain(`\`${column}\``)
})
