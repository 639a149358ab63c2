import { DatabaseSync } from 'node:sqlite'
import { columnList } from '@leads/core/database/column-list'
import { openDatabase } from '@leads/core/database/open-database'
import { PreparedTexts } from '@leads/core/database/postgres/prepared-texts'
import { toRows } from '@leads/core/database/postgres/rows'
import { StatementCache } from '@leads/core/database/sqlite/statement-cache'
import { createCompanyCache } from '@leads/core/ingest/company-cache'
import type { Provenance } from '@leads/core/ingest/provenance'
import type { MappedCompany } from '@leads/core/model/mapped-item'
import { expect, test, vi } from 'vitest'

/** A process runs for weeks: what it remembers of texts, columns and companies has a limit. */

test('PostgreSQL prepares a text that comes a second time, unless it has more values than a statement without a list', () => {
  const texts = new PreparedTexts()
  for (const [parameters, isPrepared] of [
    [64, true],
    [65, false],
  ] as const) {
    expect(texts.shouldPrepare(`of ${parameters}`, parameters)).toBe(false)
    expect(texts.shouldPrepare(`of ${parameters}`, parameters)).toBe(isPrepared)
  }
})

test('SQLite keeps 200 statements, the newest ones', () => {
  const database = new DatabaseSync(':memory:')
  const statements = new StatementCache(database)
  const oldest = statements.get('select 0')
  const kept = statements.get('select 1')
  for (let number = 2; number <= 200; number += 1) statements.get(`select ${number}`)
  expect(statements.get('select 1')).toBe(kept)
  expect(statements.get('select 0')).not.toBe(oldest)
  database.close()
})

test('lists of columns are compiled again after 200 others', async () => {
  const db = await openDatabase('sqlite::memory:')
  const list = (number: number) => columnList(db, ['id', `bound_${number}`])
  const first = list(0)
  expect(list(0)).toBe(first)
  for (let number = 1; number <= 200; number += 1) list(number)
  expect(list(0)).not.toBe(first)
  await db.close()
})

test('shapes of rows are compiled again after 500 others', () => {
  const compiled = vi.spyOn(globalThis, 'Function')
  const read = (number: number) => toRows(Object.assign([[number]], { columns: [{ name: `shape_${number}` }] }))
  for (let number = 0; number <= 500; number += 1) expect(read(number)).toEqual([{ [`shape_${number}`]: number }])
  read(500)
  expect(compiled).toHaveBeenCalledTimes(501)
  read(0)
  expect(compiled).toHaveBeenCalledTimes(502)
  compiled.mockRestore()
})

test('a sync resolves its companies again after 50,000 others', async () => {
  const resolved: number[] = []
  const cache = createCompanyCache(async (_db, companies) => {
    resolved.push(companies.length)
    return new Map(companies.map(({ company_key }, index) => [company_key, index]))
  })
  const companies = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ company_key: `domain:${index}.example` })) as MappedCompany[]
  const resolve = (count: number) => cache.resolveIds({} as never, companies(count), {} as Provenance)
  await resolve(50_000)
  await resolve(1)
  expect(resolved).toEqual([50_000])
  await resolve(50_001)
  await resolve(1)
  expect(resolved).toEqual([50_000, 1, 1])
})
