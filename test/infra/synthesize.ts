import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire, registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleProgram } from './bundled-program.ts'
import { type App, cli, platform, platformBundle, root } from './sst-platform.ts'

/**
 * Runs sst.config.ts as `sst deploy` does, up to the point where Pulumi would talk to AWS: with SST's globals, by SST's
 * own `run()`, and Pulumi's mocks in place of its engine. No network, no credentials.
 */

const pulumi = createRequire(join(platform, 'package.json'))

export interface Resource {
  type: string
  name: string
  /** Any input of the provider. */
  inputs: Record<string, unknown>
  /** The same as a state file keeps it: secrets in a wrapper that Pulumi encrypts. */
  stored: Record<string, unknown>
  /** Position in the order of registration. */
  order: number
  /** Names of the resources that must exist before this one is begun. */
  waits_for: string[]
  /** Inputs whose changes are ignored. */
  ignores: string[]
}

export interface Stack {
  stage: string
  resources: Resource[]
  /** By function component: what SST was asked to bundle, with the values linked to it. */
  functions: Map<string, { bundle: string; handler: string; links: Record<string, Record<string, unknown>> }>
  app: Pick<App, 'removal' | 'protect' | 'providers'>
  outputs: Record<string, unknown>
}

export interface Variant {
  stage: string
  /** Settings and secrets, as variables of the deployment. */
  env: Record<string, string>
  /** What the account answers; see `account` for the usual answers. */
  account?: Partial<MockAccount>
  /** Text replaced in a source file, to see a promise break. */
  edit?: { file: string; find: string; replace: string }
  /** Run the program as SST's command line bundles it, instead of from its source files. */
  bundled?: boolean
}

/** An account as the program asks for it. */
export interface MockAccount {
  /** Concurrent executions of Lambda. */
  concurrency: number
  has_rds_role: boolean
  /** Zones by name and id, as the account has them. */
  zones: Readonly<Record<string, string>>
  /** Kind of database that an earlier deployment has noted. */
  created_database?: string
}

/** An account that has used AWS before. Its names of zones are not in the order of their ids, as AWS shuffles them. */
const usualAccount: MockAccount = {
  concurrency: 1000,
  has_rds_role: true,
  zones: { 'eu-central-1a': 'euc1-az2', 'eu-central-1b': 'euc1-az3', 'eu-central-1c': 'euc1-az1' },
}

/** Settings that every deployment has to state. */
export const REQUIRED_SETTINGS: Readonly<Record<string, string>> = { AWS_REGION: 'eu-central-1', APIFY_ACTOR_IDS: '*' }

/** A value that a person must never find in a resource in plain text. */
export const secrets = {
  SST_SECRET_ApifyToken: 'apify_api_mock_token_value_0001',
  SST_SECRET_ApifyWebhookSecret: 'mock_webhook_secret_value_0002',
  SST_SECRET_DatabaseUrl: 'postgres://leads:mock_password_0003@db.example.com:5432/leads?sslmode=verify-full',
}

export async function synthesize({ stage, env, edit, account: differences, bundled = false }: Variant): Promise<Stack> {
  const rpc = await startRpc()
  const before = { ...process.env }
  run_number += 1
  edited = edit && { ...edit, done: false }
  mock_account = { ...usualAccount, ...differences }
  try {
    Object.assign(process.env, secrets, REQUIRED_SETTINGS, { BUNDLES: 'built', SST_SERVER: rpc.address, ...env })
    Object.assign(globalThis, { $config: (config: Program) => config, $dev: false })
    const config = await importProgram(join(root, 'sst.config.ts'))
    const app: App = {
      name: '',
      removal: 'retain',
      protect: false,
      providers: {},
      ...(await config.app({ stage })),
      stage,
    }
    Object.assign(globalThis, { $app: app, $cli: cli })
    loaded ??= loadPlatform()
    const { run } = await loaded
    const program = bundled ? await importProgram(await bundleProgram(app)) : config
    const stack: Stack = { stage, resources: [], functions: rpc.functions, app, outputs: {} }
    stack.outputs = await runUnderMocks(() => run(program.run), app.name, stage, stack.resources)
    if (edited && !edited.done) throw new Error(`${edited.file} is no part of the stack.`)
    return stack
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    await rpc.close()
  }
}

interface Program {
  app(input: { stage: string }): Partial<App> | Promise<Partial<App>>
  run(): Promise<unknown>
}

const importProgram = async (path: string): Promise<Program> =>
  ((await import(pathToFileURL(path).href)) as { default: Program }).default

/**
 * SST's components and run(), loaded once a process with its globals as properties of globalThis. The program itself is
 * run by Node.js unbundled, so that one of a hundred stacks costs no bundling; bundled.test.ts does it as SST does.
 */
let loaded: Promise<{ run(program: () => Promise<unknown>): Promise<Record<string, unknown>> }> | undefined

const loadPlatform = async () =>
  (await import(pathToFileURL(platformBundle).href)) as Awaited<NonNullable<typeof loaded>>

let run_number = 0
let edited: (Variant['edit'] & { done: boolean }) | undefined

/** Each stack evaluates the program afresh, and with the edit, if there is one. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context)
    return isProgram(found.url) ? { ...found, url: `${found.url.replace(/\?.*/, '')}?run=${run_number}` } : found
  },
  load(url, context, nextLoad) {
    const module = nextLoad(url, context)
    if (!edited || !isProgram(url) || fileURLToPath(url.replace(/\?.*/, '')) !== join(root, edited.file)) return module
    const source = String(module.source)
    if (!source.includes(edited.find)) throw new Error(`${edited.file} does not contain: ${edited.find}`)
    edited.done = true
    return { ...module, source: source.replace(edited.find, () => edited?.replace ?? '') }
  },
})

/** What describes the stack, and what refuses one before anything is created. */
const programUrls = [
  'infra/',
  'sst.config.ts',
  'packages/core/src/doctor/find-deployment-problems.ts',
  'packages/core/src/database/connection-url.ts',
  'packages/core/src/database/deployable-url.ts',
  'packages/core/src/config/deployment-settings.ts',
].map((path) => pathToFileURL(join(root, path)).href)

const isProgram = (url: string): boolean => programUrls.some((program) => url.startsWith(program))

/** SST's own side of a deployment: it bundles functions and knows the bucket for them. */
async function startRpc() {
  const functions: Stack['functions'] = new Map()
  const empty = join(platform, 'check', 'empty')
  await mkdir(empty, { recursive: true })
  await writeFile(join(empty, 'index.mjs'), '')
  type Build = Stack['functions'] extends Map<string, infer Value> ? Value & { functionID: string } : never
  const answers: Record<string, (args: Build) => unknown> = {
    'Runtime.Build': ({ functionID, bundle: folder, handler, links }) => {
      functions.set(functionID, { bundle: folder, handler, links })
      return { handler, out: empty, errors: [], sourcemaps: [] }
    },
    'Provider.Aws.Bootstrap': () => ({ asset: 'mock-assets', state: 'mock-state' }),
  }
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method, params } = JSON.parse(Buffer.concat(chunks).toString()) as { method: string; params: [Build] }
    const reply = answers[method]
    response.end(JSON.stringify(reply ? { result: reply(params[0]) } : { error: `rpc: can't find ${method}` }))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** How Pulumi marks a value that its state keeps encrypted. */
export const SECRET_MARK = '4dabf18193072939515e22adb298388d'
const marked = (value: string) => ({ [SECRET_MARK]: '1b47061264138c4ac30d75fd1eb44270', value })

function reveal<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(reveal) as Value
  if (SECRET_MARK in value) return reveal((value as unknown as { value: Value }).value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, reveal(each)])) as Value
}

let mock_account = usualAccount
const region = 'eu-central-1'
const account = '123456789012'

/** What AWS would fill in, as far as the program reads it. */
function stateOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const id = `${name}-id`
  const physical = (inputs.name as string | undefined) ?? name
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`
  switch (type) {
    case 'aws:sqs/queue:Queue':
      return { arn: arn('sqs', physical), url: `https://sqs.${region}.amazonaws.com/${account}/${physical}` }
    case 'aws:lambda/function:Function':
      return { arn: arn('lambda', `function:${physical}`), publish: false }
    case 'aws:apigatewayv2/api:Api':
      return { apiEndpoint: `https://mock.execute-api.${region}.amazonaws.com`, executionArn: arn('execute-api', id) }
    case 'aws:iam/role:Role':
      return { arn: `arn:aws:iam::${account}:role/${physical}` }
    case 'aws:apigatewayv2/domainName:DomainName':
      return { domainNameConfiguration: { targetDomainName: 'target.example.com' } }
    case 'aws:acm/certificate:Certificate':
      return { arn: arn('acm', id), domainValidationOptions: [] }
    case 'aws:rds/instance:Instance':
      return { endpoint: 'instance.example.com:5432', port: 5432, identifier: physical }
    case 'aws:rds/cluster:Cluster':
      return { endpoint: 'cluster.example.com', port: 5432, clusterIdentifier: physical }
    case 'aws:rds/clusterInstance:ClusterInstance':
      return { port: 5432 }
    case 'aws:rds/proxy:Proxy':
      return { endpoint: 'proxy.example.com' }
    case 'random:index/randomPassword:RandomPassword':
      return { result: marked(`random_${name}_0004`) }
    case 'random:index/randomId:RandomId':
      return { hex: '0a1b2c3d' }
    case 'random:index/randomBytes:RandomBytes':
      return { base64: marked(Buffer.alloc(32, 7).toString('base64')) }
    default:
      return { arn: arn('mock', physical) }
  }
}

function answerCall(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (token) {
    case 'aws:index/getRegion:getRegion':
      return { name: region, region, id: region }
    case 'aws:index/getPartition:getPartition':
      return { partition: 'aws', id: 'aws' }
    case 'aws:index/getCallerIdentity:getCallerIdentity':
      return { accountId: account, id: account }
    case 'aws:iam/getPolicyDocument:getPolicyDocument': {
      const statements = (inputs.statements ?? []) as unknown[]
      return { statements, json: JSON.stringify({ Statement: statements }) }
    }
    case 'aws:index/getAvailabilityZones:getAvailabilityZones':
      return listZones(inputs as { excludeZoneIds?: string[] })
    case 'aws:iam/getRoles:getRoles':
      return { names: mock_account.has_rds_role ? ['AWSServiceRoleForRDS'] : [], arns: [] }
    case 'aws:servicequotas/getServiceQuota:getServiceQuota':
      return { value: mock_account.concurrency }
    case 'aws:ssm/getParametersByPath:getParametersByPath':
      return listParameters(String(inputs.path))
    case 'aws:ec2/getAmi:getAmi':
      return { id: 'ami-mock' }
    case 'aws:route53/getZone:getZone':
    case 'aws:route53/getZones:getZones':
      return { zoneId: 'zone', ids: ['zone'], name: 'example.com' }
    default:
      return inputs
  }
}

function listZones({ excludeZoneIds = [] }: { excludeZoneIds?: string[] }) {
  const zones = Object.entries(mock_account.zones).filter(([, id]) => !excludeZoneIds.includes(id))
  return { names: zones.map(([name]) => name), zoneIds: zones.map(([, id]) => id) }
}

function listParameters(path: string) {
  const kind = mock_account.created_database
  return kind === undefined ? { names: [], values: [] } : { names: [`${path}/created-database`], values: [kind] }
}

/** What a program tells Pulumi of a resource, as far as the mocks leave it out. */
interface RegisterRequest {
  getType(): string
  getName(): string
  getDependenciesList(): string[]
  getIgnorechangesList(): string[]
}

async function runUnderMocks(program: () => Promise<unknown>, project: string, stage: string, resources: Resource[]) {
  const { runtime } = pulumi('@pulumi/pulumi') as {
    runtime: {
      setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>
      runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>
      disconnect(): Promise<void>
      getMonitor(): { registerResource(request: RegisterRequest, callback: unknown): unknown }
    }
  }
  const dependencies = new Map<string, string[]>()
  const ignored = new Map<string, string[]>()
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs }: { type: string; name: string; inputs: Record<string, unknown> }) => {
        resources.push({
          type,
          name,
          inputs: reveal(inputs),
          stored: inputs,
          order: resources.length,
          waits_for: dependencies.get(`${type} ${name}`) ?? [],
          ignores: ignored.get(`${type} ${name}`) ?? [],
        })
        return {
          id: `${name}-id`,
          state: { ...inputs, name: inputs.name ?? name, ...stateOf(type, name, reveal(inputs)) },
        }
      },
      call: ({ token, inputs }: { token: string; inputs: Record<string, unknown> }) => answerCall(token, inputs),
    },
    project,
    stage,
    false,
  )
  const monitor = runtime.getMonitor()
  const register = monitor.registerResource.bind(monitor)
  monitor.registerResource = (request, callback) => {
    const names = request.getDependenciesList().map((urn) => String(urn.split('::').at(-1)))
    dependencies.set(`${request.getType()} ${request.getName()}`, names)
    ignored.set(`${request.getType()} ${request.getName()}`, request.getIgnorechangesList())
    return register(request, callback)
  }
  const outputs = await runtime.runInPulumiStack(program)
  await runtime.disconnect()
  return (outputs ?? {}) as Record<string, unknown>
}
