import type { Command } from 'commander'

/** `leads doctor`: checks everything that the product depends on. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, database, schema, queue, Apify and clock, and show how to fix problems')
    .option('--deploy', 'check a deployment on AWS instead, before anything is created')
    .option('--stage <name>', 'stage to check with --deploy', 'production')
    .option('--json', 'print one JSON array')
    .action(async ({ deploy, stage, json }: { deploy?: boolean; stage: string; json?: boolean }) => {
      if (deploy) {
        const { runDeployDoctor } = await import('../deploy/run-deploy-doctor.ts')
        await runDeployDoctor(stage, json)
        return
      }
      const { runDoctor } = await import('../settings/run-doctor.ts')
      await runDoctor(json)
    })
}
