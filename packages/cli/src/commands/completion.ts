import { Argument, type Command } from 'commander'

/** `leads completion SHELL`: a script that completes commands and options. */
export function registerCompletion(program: Command, createProgram: () => Promise<Command>): void {
  program
    .command('completion')
    .description('print a script that makes your shell complete commands and options')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  $ leads completion bash >> ~/.bashrc
  $ leads completion zsh > "\${fpath[1]}/_leads"
  $ leads completion fish > ~/.config/fish/completions/leads.fish`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { renderCompletionScript } = await import('../completion/script.ts')
      process.stdout.write(renderCompletionScript(shell, await createProgram()))
    })
}
