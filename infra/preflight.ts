import { ConfigError } from '../packages/core/src/config/read-config.ts'
import { findDeploymentProblems } from '../packages/core/src/doctor/find-deployment-problems.ts'
import { readAccount } from './account.ts'
import { settings } from './settings.ts'

/**
 * Refuses a deployment that cannot work, with all reasons in one message, before a resource is registered.
 * @throws ConfigError
 */
export async function assertDeployable(): Promise<void> {
  const { created_database } = await readAccount()
  const secret = (name: string) => process.env[`SST_SECRET_${name}`]
  const problems = await findDeploymentProblems({
    stage: $app.stage,
    settings,
    env: process.env,
    secrets: {
      DatabaseUrl: secret('DatabaseUrl'),
      DatabaseReadUrl: secret('DatabaseReadUrl'),
      ApifyToken: secret('ApifyToken'),
      ApifyWebhookSecret: secret('ApifyWebhookSecret'),
    },
    created_database,
  })
  if (problems.length > 0)
    throw new ConfigError(problems.map(({ setting, message }) => ({ variable: setting, message })))
}
