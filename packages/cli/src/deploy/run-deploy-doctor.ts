import { spawnSync } from 'node:child_process'
import { readFileSync, statfsSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readDeploymentSettings } from '@leads/core/config/deployment-settings'
import { ConfigError } from '@leads/core/config/read-config'
import { diagnoseDeployment } from '@leads/core/doctor/diagnose-deployment'
import type { DeploymentSecret, DeploymentSecrets } from '@leads/core/doctor/find-deployment-problems'
import type { Finding } from '@leads/core/doctor/finding'
import { printFindings } from '../settings/run-doctor.ts'
import { type AccountDiagnosis, checkAccount } from './check-account.ts'

const SECRETS: readonly DeploymentSecret[] = ['DatabaseUrl', 'ApifyToken', 'ApifyWebhookSecret']
const SECRET_LIST_MS_MAX = 120_000
const DISK_GB_MIN = 2
/** `leads doctor --deploy`: checks a deployment before anything is created. */
export async function runDeployDoctor(stage: string, json: boolean | undefined): Promise<void> {
  const env = { ...readStageFile(stage), ...process.env }
  const [{ secrets, findings: secret_findings }, account] = await Promise.all([
    readSecrets(stage, env),
    diagnoseAccount(stage, env),
  ])
  const { created_database } = account
  const findings = [
    ...checkMachine(),
    ...account.findings,
    ...secret_findings,
    ...(await diagnoseDeployment({ stage, env, secrets, created_database })),
  ]
  printFindings(findings, json)
}

/** With invalid settings, which are listed by themselves, there is nothing to compare the account with. */
async function diagnoseAccount(stage: string, env: NodeJS.Dict<string>): Promise<AccountDiagnosis> {
  try {
    const settings = readDeploymentSettings(env)
    return await checkAccount(stage, settings, settings.AWS_REGION)
  } catch (error) {
    if (error instanceof ConfigError) return { findings: [] }
    throw error
  }
}

/** `.env.<stage>`, as SST reads it; the environment and `.env` take precedence. */
function readStageFile(stage: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(`.env.${stage}`, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

function checkMachine(): Finding[] {
  const free_gb = (statfsSync('.').bavail * statfsSync('.').bsize) / 1e9
  const message_ok = `Node.js ${process.versions.node}; ${free_gb.toFixed(0)} GB of disk are free.`
  if (free_gb >= DISK_GB_MIN) return [{ check: 'machine', state: 'ok', message: message_ok, advice: null }]
  const message = `Only ${free_gb.toFixed(1)} GB of disk are free.`
  return [{ check: 'machine', state: 'failed', message, advice: `Free ${DISK_GB_MIN} GB: SST and Pulumi need them.` }]
}

/** Secrets from the environment (SST_SECRET_…), or as SST lists them for the stage. */
async function readSecrets(stage: string, env: NodeJS.Dict<string>) {
  const names = [...SECRETS, 'DatabaseReadUrl']
  const given = Object.fromEntries(names.map((name) => [name, env[`SST_SECRET_${name}`]]))
  const findings: Finding[] = []
  if (SECRETS.some((name) => given[name] === undefined)) {
    const { status, stdout, stderr } = spawnSync('npx', ['--no', 'sst', 'secret', 'list', '--stage', stage], {
      encoding: 'utf8',
      timeout: SECRET_LIST_MS_MAX,
      env: { ...process.env, ...env, SST_TELEMETRY_DISABLED: '1' },
    })
    const listed = parseEnv(stdout ?? '')
    for (const name of names) given[name] ??= listed[name]
    if (status !== 0)
      findings.push({
        check: 'secrets',
        state: 'failed',
        message: `SST cannot list the secrets of stage ${stage}: ${(stderr || stdout || 'no answer').trim().slice(0, 300)}`,
        advice: 'Sign in (`aws sts get-caller-identity` shows the account) and set AWS_REGION.',
      })
  }
  return { secrets: given as unknown as DeploymentSecrets, findings }
}
