import { toEnvironmentVariables } from './linked-variables.ts'

/**
 * Copies the links of an SST deployment to process.env. Imported first by every bundle and by the `leads` command. SST
 * encrypts a function's links in `resource.enc` next to its code (AES-256-GCM, key in SST_KEY); under `sst shell` they are
 * variables. The SDK's `Resource` reads the same, but the package would slow down cold starts. A variable that is already
 * set stays; an empty one counts as not set, as in read-config.ts.
 *
 * It imports no module of Node's, because the build injects it into every module, theirs too: one of them could then be in
 * a chunk that runs only after this.
 */
function readLinks(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const links: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('SST_RESOURCE_') && value) links[name.slice('SST_RESOURCE_'.length)] = JSON.parse(value)
  }
  if (env.SST_RESOURCES_JSON) Object.assign(links, JSON.parse(env.SST_RESOURCES_JSON))
  if (env.SST_KEY && env.SST_KEY_FILE) {
    const { createDecipheriv } = process.getBuiltinModule('node:crypto')
    const { readFileSync } = process.getBuiltinModule('node:fs')
    const { resolve } = process.getBuiltinModule('node:path')
    const file = readFileSync(resolve(env.LAMBDA_TASK_ROOT ?? '.', env.SST_KEY_FILE))
    // SST uses a constant nonce, because each key encrypts one file.
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(env.SST_KEY, 'base64'), Buffer.alloc(12))
    decipher.setAuthTag(file.subarray(-16))
    Object.assign(
      links,
      JSON.parse(`${decipher.update(file.subarray(0, -16), undefined, 'utf8')}${decipher.final('utf8')}`),
    )
  }
  return links
}

for (const [name, value] of Object.entries(toEnvironmentVariables(readLinks(process.env)))) process.env[name] ||= value
