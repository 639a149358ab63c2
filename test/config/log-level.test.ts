import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const PROGRAM = `
  import { createLogger } from '@leads/core/log'
  const log = createLogger('x')
  for (const level of ['debug', 'info', 'warn', 'error']) log[level](level)
`

/** The levels of the lines that a function prints, whose platform level is `platform`. */
function printedLevels(logLevel: string, platform?: string): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: { PATH: process.env.PATH, LOG_LEVEL: logLevel, ...(platform && { AWS_LAMBDA_LOG_LEVEL: platform }) },
    encoding: 'utf8',
    cwd: 'packages/cli',
  })
  const levels = `${stdout}${stderr}`.split('\n').flatMap((line) => /"level":"(\w+)"/.exec(line)?.[1] ?? [])
  return levels.sort()
}

test('LOG_LEVEL counts on AWS too, where the level of the platform replaces it in Powertools', () => {
  expect(printedLevels('WARN', 'INFO')).toEqual(['ERROR', 'WARN'])
  expect(printedLevels('DEBUG', 'DEBUG')).toEqual(['DEBUG', 'ERROR', 'INFO', 'WARN'])
  expect(printedLevels('ERROR')).toEqual(['ERROR'])
})
