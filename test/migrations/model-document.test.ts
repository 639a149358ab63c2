import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { facts } from './schema-facts.ts'

/** The description of the data model, if it is next to the project: it is not ours to publish. */
const file = fileURLToPath(new URL('../../../shared/schema.md', import.meta.url))
const document = existsSync(file) ? readFileSync(file, 'utf8') : undefined
if (document === undefined)
  console.warn(`\n!!! ${file} is missing: the list of schema facts is not compared with it.\n`)

/** Each table's part of the document, from its heading to the next. */
const sections = [...(document ?? '').matchAll(/^### \d+\. ([a-z_]+)\n([\s\S]*?)(?=^#{2,3} )/gm)].map(
  ([, table = '', text = '']) => ({ table, text }),
)

function columnsIn(text: string): string[] {
  const list = /\*\*Columns\*\*:\n([\s\S]*?)\n\n/.exec(text)?.[1] ?? ''
  const said = [...list.matchAll(/`([a-z_/]+)`/g)]
  return said.map(([, name = '']) => name).flatMap((name) => (name.endsWith('_min/max') ? minAndMax(name) : [name]))
}

const minAndMax = (name: string): string[] => ['min', 'max'].map((end) => name.replace('min/max', end))

function indexesIn(text: string): Record<string, string[]> {
  const said = [...text.matchAll(/^- `(\w+)` ON \(([^)]*)\)/gm)]
  return Object.fromEntries(said.map(([, name, columns = '']) => [name, columns.split(', ')]))
}

test('the list of schema facts contains every table, column and index of the document', () => {
  if (document === undefined) return
  expect(sections.map(({ table }) => table).sort()).toEqual(Object.keys(facts).sort())
  for (const { table, text } of sections) {
    const columns = columnsIn(text)
    expect(columns.length, table).toBeGreaterThan(10)
    expect(facts[table]?.columns, table).toEqual(expect.arrayContaining(columns))
    expect(facts[table]?.indexes, table).toEqual(indexesIn(text))
  }
})
