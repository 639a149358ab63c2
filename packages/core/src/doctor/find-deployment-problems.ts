import type { DeploymentSettings } from '../config/deployment-settings.ts'
import { findDeploymentProblemsOfUrl } from '../database/deployable-url.ts'

/** One thing that would make a deployment fail, or run and not work. `setting` names what to change. */
export interface DeploymentProblem {
  setting: string
  message: string
}

export interface DeploymentPlan {
  stage: string
  settings: DeploymentSettings
  /** Variables of the deployment, for what is handed on to the functions. */
  env: Readonly<Record<string, string | undefined>>
  /** Values of the secrets by name; undefined where one is not set. */
  secrets: DeploymentSecrets
  /** The kind of database that an earlier deployment of the stage created. */
  created_database?: string | undefined
}

export type DeploymentSecret = 'DatabaseUrl' | 'ApifyToken' | 'ApifyWebhookSecret'

/** Those that must be set, and the address of a read replica. */
export type DeploymentSecrets = Readonly<
  Record<DeploymentSecret, string | undefined> & { DatabaseReadUrl?: string | undefined }
>

/** The longest name of a function, `sales-leads-<stage>-apify-webhook`, has 64 characters at most. */
const STAGE_CHARACTERS_MAX = 64 - 'sales-leads--apify-webhook'.length

/** Checks without network: settings that contradict each other, values that only make sense on one machine. */
export async function findDeploymentProblems(plan: DeploymentPlan): Promise<DeploymentProblem[]> {
  return [
    ...checkStage(plan.stage),
    ...checkSecrets(plan),
    ...checkReadReplica(plan),
    ...checkActors(plan),
    ...checkDatabaseKind(plan),
    ...(await checkMappingsFile(plan)),
  ]
}

function checkStage(stage: string): DeploymentProblem[] {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(stage))
    return [{ setting: '--stage', message: `${stage} may only contain a-z, 0-9 and hyphens` }]
  if (stage.length > STAGE_CHARACTERS_MAX)
    return [
      {
        setting: '--stage',
        message: `The stage name ${stage} is too long; ${STAGE_CHARACTERS_MAX} characters at most`,
      },
    ]
  return []
}

function checkSecrets({ stage, settings, env, secrets }: DeploymentPlan): DeploymentProblem[] {
  const problems: DeploymentProblem[] = []
  const command = (name: DeploymentSecret, value: string) => `npx sst secret set ${name} ${value} --stage ${stage}`
  const { DatabaseUrl, ApifyToken, ApifyWebhookSecret } = secrets
  if (settings.DATABASE === 'url') {
    if (!DatabaseUrl)
      problems.push({
        setting: 'DatabaseUrl',
        message: `is not set. Run: ${command('DatabaseUrl', "'postgres://…'")}, or choose DATABASE=postgres`,
      })
    else
      for (const message of findDeploymentProblemsOfUrl(DatabaseUrl, Boolean(env.DATABASE_CA_FILE)))
        problems.push({ setting: 'DatabaseUrl', message })
  }
  if (!ApifyToken?.trim())
    problems.push({
      setting: 'ApifyToken',
      message: `is not set. Copy it from the Apify Console, Settings → API & Integrations: ${command('ApifyToken', "'apify_api_…'")}`,
    })
  if (!ApifyWebhookSecret || ApifyWebhookSecret.length < 16)
    problems.push({
      setting: 'ApifyWebhookSecret',
      message: `${ApifyWebhookSecret ? 'has fewer than 16 characters' : 'is not set'}. Run: ${command('ApifyWebhookSecret', '"$(openssl rand -hex 32)"')}`,
    })
  return problems
}

function checkReadReplica({ settings, env, secrets: { DatabaseReadUrl: url } }: DeploymentPlan): DeploymentProblem[] {
  if (!url) return []
  const setting = 'DatabaseReadUrl'
  if (settings.DATABASE !== 'url')
    return [{ setting, message: 'is only for DATABASE=url: functions reach a created database by its proxy alone' }]
  if (!/^postgres(ql)?:/i.test(url)) return [{ setting, message: 'is not the read replica of a PostgreSQL database' }]
  return findDeploymentProblemsOfUrl(url, Boolean(env.DATABASE_CA_FILE), { is_read_only: true }).map((message) => ({
    setting,
    message,
  }))
}

/** Without a choice the first reconcile would import every run of the account of the last three days. */
function checkActors({ env }: DeploymentPlan): DeploymentProblem[] {
  if (env.APIFY_ACTOR_IDS?.trim()) return []
  return [
    {
      setting: 'APIFY_ACTOR_IDS',
      message:
        'is missing. List the Actors whose runs to import, e.g. APIFY_ACTOR_IDS=compass/crawler-google-places, or set ' +
        `APIFY_ACTOR_IDS=* for every run of the account, those of the last ${env.RECONCILE_LOOKBACK_HOURS || 72} hours included`,
    },
  ]
}

/** Another kind of database would take away the network that the existing one needs, with its data in it. */
function checkDatabaseKind({ stage, settings, created_database }: DeploymentPlan): DeploymentProblem[] {
  if (created_database === undefined || created_database === settings.DATABASE) return []
  return [
    {
      setting: 'DATABASE',
      message:
        `is ${settings.DATABASE}, but stage ${stage} has a created database (${created_database}), whose network would be ` +
        `removed. Set DATABASE=${created_database}, or move to a new stage: docs/deploy.md, "Another database"`,
    },
  ]
}

async function checkMappingsFile({ env }: DeploymentPlan): Promise<DeploymentProblem[]> {
  if (!env.MAPPINGS_FILE) return []
  const { readMappings } = await import('../mapping/mappings-file.ts')
  try {
    readMappings(env.MAPPINGS_FILE)
    return []
  } catch (error) {
    return [{ setting: 'MAPPINGS_FILE', message: (error as Error).message }]
  }
}
