import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { mutations } from './mutations.ts'
import { programPromises, runProgram } from './programs.ts'
import { promises } from './promises/all.ts'
import { refusals } from './refusals.ts'
import { rehearsal } from './rehearsal.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('A fault of the rehearsed deployment', () => {
  test.each(rehearsal)('$row: $fault: is kept out by a promise or a refusal with a mutation', (row) => {
    const { promises: sentences = [], refusals: titles = [], programs = [], tests = [] } = row
    const promised = promises.map(({ promise }) => promise)
    const mutated = mutations.map(({ promise }) => promise)
    expect([...sentences, ...titles, ...programs]).not.toEqual([])
    expect(programs.filter((sentence) => !programPromises.some(({ promise }) => promise === sentence))).toEqual([])
    expect(sentences.filter((sentence) => !promised.includes(sentence))).toEqual([])
    expect(sentences.filter((sentence) => !mutated.includes(sentence))).toEqual([])
    expect(titles.filter((title) => !refusals.some((refusal) => refusal.title === title))).toEqual([])
    expect(tests.filter((file) => !existsSync(`${root}${file}`))).toEqual([])
  })

  test('has an entry for each row of the rehearsal', () => {
    const path = `${root}../shared/deploy-rehearsal.md`
    if (!existsSync(path)) return console.warn(`NOT RUN: ${path} is missing, so its rows are not compared.`)
    const rows = [...readFileSync(path, 'utf8').matchAll(/^\| (A\d+) \|/gm)].map((match) => match[1])
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter((row) => !rehearsal.some((entry) => entry.row === row))).toEqual([])
  })
})

describe('A promise of the program about a stage', () => {
  test.each(programPromises)('$promise', async (program) => {
    expect(await runProgram(program, false)).toBe(program.expected)
  })

  test.each(programPromises)('is broken by a wrong edit: $promise', async (program) => {
    const printed = await runProgram(program, true)
    expect(printed).not.toBe(program.expected)
    expect(printed).not.toBe('')
  })
})
