import { createCipheriv, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildFunction, createChildFunction } from '@leads/cli/stack/child-function'
import { invokeHandler } from '@leads/cli/stack/lambda'
import { buildMemoryEnvironment, type FunctionName, functionManifest } from '@leads/functions/runtime/manifest'
import { type Bundle, type BundledEngine, buildFunctions } from '../../infra/build/bundle.ts'

/** Functions as deployed: bundles outside the repository, with encrypted secrets next to the code. */
export interface Deployed {
  bundles: Bundle[]
  /** Returns Lambda's response to the event; throws the error that Lambda would report. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>
  /** Returns the stack trace that Lambda would log for a failed invocation. */
  stackOf(name: FunctionName, event: unknown): Promise<string>
  close(): Promise<void>
}

export async function deploy(options: {
  engine: BundledEngine
  /** Links by name, as SST encrypts them: `ApifyToken`. */
  secrets: Record<string, string>
  /** Variables of all functions. */
  env: Record<string, string>
}): Promise<Deployed> {
  const directory = await mkdtemp(join(tmpdir(), 'leads-bundles-'))
  const bundles = await buildFunctions(options.engine, undefined, directory)
  const key = randomBytes(32)
  for (const bundle of bundles) await writeFile(join(bundle.directory, 'resource.enc'), encrypted(options.secrets, key))
  const functions = new Map<FunctionName, ChildFunction<never>>()
  const functionOf = (name: FunctionName): ChildFunction<never> => {
    const known = functions.get(name)
    if (known) return known
    const made = createChildFunction<never>({
      function_name: name,
      task_root: join(directory, name),
      handler: 'index.handler',
      timeout_ms: functionManifest[name].timeout_s * 1000,
      onOutput: (text) => process.env.BUNDLES_LOG && console.error(text),
      env: {
        // The variables of the test process are not those of a deployment.
        DATABASE_URL: '',
        APIFY_TOKEN: '',
        APIFY_WEBHOOK_SECRET: '',
        CURSOR_SECRET: '',
        ...options.env,
        NODE_OPTIONS: '',
        ...buildMemoryEnvironment(functionManifest[name]),
        SST_KEY: key.toString('base64'),
        SST_KEY_FILE: 'resource.enc',
      },
    })
    functions.set(name, made)
    return made
  }
  const invoke = (name: FunctionName, event: unknown) => {
    const { handler } = functionOf(name)
    const timeout_ms = functionManifest[name].timeout_s * 1000
    return invokeHandler({ handler, event: event as never, function_name: name, timeout_ms })
  }
  return {
    bundles,
    async invoke(name, event) {
      const result = await invoke(name, event)
      if (!result.ok) throw new Error(`${result.error.errorType}: ${result.error.errorMessage}`)
      return result.payload
    },
    async stackOf(name, event) {
      const result = await invoke(name, event)
      if (result.ok) throw new Error(`${name} did not fail.`)
      return (result.error.stackTrace ?? []).join('\n')
    },
    async close() {
      await Promise.all([...functions.values()].map((each) => each.close(0)))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Encrypts like SST's `resource.enc`: AES-256-GCM with a zero nonce and the tag at the end. */
function encrypted(secrets: Record<string, string>, key: Buffer): Buffer {
  const links = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, { type: 'sst.sst.Secret', value }]),
  )
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12))
  return Buffer.concat([cipher.update(JSON.stringify(links)), cipher.final(), cipher.getAuthTag()])
}
