import { diagnoseAll } from '@leads/core/doctor/diagnose-all'
import type { Finding } from '@leads/core/doctor/finding'
import { getColors } from '../output/colors.ts'
import { exitCodes } from '../output/exit-codes.ts'
import { print, printJson } from '../output/print.ts'
import { wrap } from '../output/wrap.ts'

export async function runDoctor(json: boolean | undefined): Promise<void> {
  printFindings(await diagnoseAll(), json)
}

/** Prints findings. Exit code 1 if a check failed; warnings do not count. */
export function printFindings(findings: readonly Finding[], json: boolean | undefined): void {
  if (findings.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.failed.code
  if (json) {
    printJson(findings)
    return
  }
  const { green, yellow, red, dim } = getColors()
  const marks = { ok: green('✓'), warning: yellow('!'), failed: red('✗') }
  const width = Math.max(...findings.map(({ check }) => check.length))
  const indent = width + 4
  for (const { check, state, message, advice } of findings) {
    print(`${marks[state]} ${check.padEnd(width)}  ${wrap(message, indent)}`)
    if (advice !== null) print(`${' '.repeat(indent)}${dim(wrap(advice, indent))}`)
  }
}
