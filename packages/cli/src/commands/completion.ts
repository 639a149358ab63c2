import { Argument, type Command } from 'commander'

/** `leads completion SHELL`: prints a completion script. */
export function registerCompletion(program: Command, createProgram: () => Promise<Command>): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in your shell')
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
