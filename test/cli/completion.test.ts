import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderCompletionScript } from '@leads/cli/completion/script'
import { createProgram } from '@leads/cli/program'
import { describe, expect, inject, test } from 'vitest'

/** Runs each shell with the script and returns its completions after these words; the last word is incomplete. */
const shells: Record<'bash' | 'zsh' | 'fish', (script: string, words: readonly string[]) => string> = {
  bash: (script, words) =>
    run('bash', [
      '-c',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash syntax
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leads; printf "%s\\n" "${COMPREPLY[@]}"',
      'bash',
      script,
      ...words,
    ]),
  // zsh's completion system needs a terminal. Its arguments can be captured without one.
  zsh: (script, words) =>
    run('zsh', [
      '-fc',
      `compdef() { : }; _files() { print FILES }; _describe() { print -l -- "\${(@P)2}" }
       file=$1; shift; source $file; words=("$@"); CURRENT=$#; _leads`,
      'zsh',
      script,
      ...words,
    ]),
  fish: (script, words) => run('fish', ['--no-config', '-c', `source ${script}; complete -C '${words.join(' ')}'`]),
}

const run = (program: string, words: readonly string[]): string =>
  execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: inject('scratch_directory'),
  })

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0

describe.each(Object.keys(shells) as (keyof typeof shells)[])('the completion for %s', (shell) => {
  const offered = async (...words: string[]): Promise<string[]> => {
    const script = join(inject('scratch_directory'), `completion-${process.pid}.${shell}`)
    writeFileSync(script, renderCompletionScript(shell, await createProgram()))
    // Descriptions follow the word, after a tab or a colon.
    return shells[shell](script, words)
      .split('\n')
      .map((line) => line.split(/[\t:]/)[0] ?? '')
      .filter(Boolean)
  }

  test('the completion offers commands, subcommands, options and the choices of an option', async () => {
    if (!isInstalled(shell)) {
      console.warn(`\n!!! THE COMPLETION FOR ${shell} IS NOT TESTED: ${shell} is not installed.\n`)
      return
    }
    expect(await offered('leads', '')).toEqual(expect.arrayContaining(['demo', 'syncs', 'webhook', 'completion']))
    expect(await offered('leads', 'syncs', '')).toEqual(expect.arrayContaining(['list', 'show', 'replay', 'redrive']))
    expect(await offered('leads', 'leads', 'edit', '7', '--')).toEqual(expect.arrayContaining(['--set', '--json']))
    expect(await offered('leads', 'list', '--')).toEqual(expect.arrayContaining(['--filter', '--search']))
    expect((await offered('leads', 'syncs', 'list', '--status', '')).toSorted()).toEqual([
      'completed',
      'failed',
      'pending',
      'syncing',
    ])
    expect(await offered('leads', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'fish', 'zsh']))
  })
})
