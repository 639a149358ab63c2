import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createImportWorld, type ImportWorld } from './world.ts'

/** Situations that users of other products reported, on small files with invented people. */

let world: ImportWorld
beforeEach(async () => {
  world = await createImportWorld('sqlite')
})
afterEach(() => world.close())

const leads = () => world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()

describe('people behind one mailbox', () => {
  const header = 'First Name,Last Name,Email,Company,Phone\n'
  const petra = 'Mona,Varga,info@varga-roof.com,Varga Roof Ltd,+49 171 5550151\n'
  const others =
    'Emil,Varga,info@varga-roof.com,Varga Roof Ltd,+49 171 5550152\nTess,Orban,info@varga-roof.com,Varga Roof Ltd,+49 171 5550153\n'

  test('are as many leads as there are names, each with its own number', async () => {
    const { batch } = await world.import(header + petra + others)
    expect(batch).toMatchObject({ total_records: 3, synced_records: 3, duplicate_records: 0, updated_records: 0 })
    expect((await leads()).map(({ full_name, phone }) => [full_name, phone])).toEqual([
      ['Mona Varga', '+491715550151'],
      ['Emil Varga', '+491715550152'],
      ['Tess Orban', '+491715550153'],
    ])
  })

  test('are as they were after an undo of the file that added the others', async () => {
    await world.import(header + petra, { name: 'one.csv' })
    const before = await leads()
    const { batch } = await world.import(header + others, { name: 'two.csv' })
    await world.undo(batch.import_batch_id)
    expect((await leads()).map(({ full_name, phone }) => [full_name, phone])).toEqual(
      before.map(({ full_name, phone }) => [full_name, phone]),
    )
  })
})

test('the same person with the same address is one lead, with and without a LinkedIn page', async () => {
  await world.import(
    'First Name,Last Name,Email,LinkedIn URL,Company\nRoos,Kuiper,r.kuiper@kuiper-werk.nl,https://www.linkedin.com/in/roos-kuiper-x,Kuiper Werk\n',
    { name: 'one.csv' },
  )
  const { batch } = await world.import(
    'First Name,Last Name,Email,Job Title\nRoos,Kuiper,R.Kuiper@kuiper-werk.nl ,Head of Sales\n',
    { name: 'two.csv' },
  )
  expect(batch).toMatchObject({ synced_records: 0, duplicate_records: 1, updated_records: 1 })
  expect(await leads()).toMatchObject([{ full_name: 'Roos Kuiper', title: 'Head of Sales' }])
})

test('a person who stands twice in a file is one new lead and one existing, and the counts say so', async () => {
  const { batch } = await world.import(
    'Name,Email,Phone,Title\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 1234567,\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 7654321,Head of Sales\n',
  )
  expect(batch).toMatchObject({ total_records: 2, synced_records: 1, duplicate_records: 1, updated_records: 1 })
  const again = await world.import(
    'Name,Email,Phone,Title\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 7654322,\nRoos Kuiper,roos@kuiper-werk.nl,,Founder\nRoos Kuiper,roos@kuiper-werk.nl,,Founder\n',
    { name: 'two.csv' },
  )
  expect(again.batch).toMatchObject({ total_records: 3, synced_records: 0, duplicate_records: 3, updated_records: 2 })
})

test('a plain file whose numbers lost their zeros and plus in a spreadsheet changes no number', async () => {
  const header = 'Name,Email,Phone,Postal code,City,Title\n'
  const number = { phone: '+491715550161', postal_code: '01067' }
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,${number.phone},${number.postal_code},Dresden,Clerk\n`, {
    name: 'one.csv',
  })
  expect(await leads()).toMatchObject([number])
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,491715550161,1067,Dresden,Head of Sales\n`, {
    name: 'two.csv',
  })
  expect(await leads()).toMatchObject([{ ...number, title: 'Head of Sales' }])
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,,1069,Dresden,\n`, { name: 'three.csv' })
  expect(await leads()).toMatchObject([{ ...number, postal_code: '1069' }])
})
