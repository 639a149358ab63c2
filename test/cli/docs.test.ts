import { createProgram } from '@leads/cli/program'
import { expect, test } from 'vitest'
import { renderReference } from '../../scripts/generate/cli-reference.ts'

test('no line of the help except examples is wider than 80 columns', async () => {
  const lines = renderReference(await createProgram())
    .split('\n')
    .filter((line) => !line.startsWith('  $ '))
  for (const line of lines.slice(7)) expect([line, line.length <= 80]).toEqual([line, true])
})

test('every command, option and argument has a description', async () => {
  const program = await createProgram()
  const visit = (command: typeof program): void => {
    for (const child of command.commands) {
      expect([child.name(), child.description().length > 10]).toEqual([child.name(), true])
      for (const option of child.options)
        expect([option.flags, option.description !== '']).toEqual([option.flags, true])
      for (const argument of child.registeredArguments)
        expect([child.name(), argument.name(), argument.description !== '']).toEqual([
          child.name(),
          argument.name(),
          true,
        ])
      visit(child)
    }
  }
  visit(program)
})
