/**
 * A Lambda runtime, started by child-function.ts. It loads the function that `_HANDLER` names below `LAMBDA_TASK_ROOT`
 * (`functions/handlers/sync-consumer.handler`) and processes events sequentially. It behaves like AWS's Node.js runtime:
 * the context object, the reported errors, and an exit on an uncaught error.
 */
import { existsSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { flushCompileCache } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Context } from 'aws-lambda'
import { createContext, FunctionError, rejectCallbackHandler, toErrorDetail } from './lambda.ts'

type Handler = (event: unknown, context: Context) => unknown

const api = process.env.AWS_LAMBDA_RUNTIME_API ?? ''
const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''
const agent = new Agent({ keepAlive: true, maxSockets: 2 })
let request_id: string | undefined

/** Calls the Runtime API without a time limit. Exits if the API is gone, because the process is then of no use. */
function call(method: string, path: string, body = '', headers: Record<string, string> = {}) {
  return new Promise<{ headers: IncomingHttpHeaders; body: string }>((done) => {
    const gone = () => process.exit(1)
    const [host, port] = api.split(':')
    const options = { host, port, method, path: `/2018-06-01/runtime/${path}`, agent, headers }
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done({ headers: response.headers, body: Buffer.concat(chunks).toString() }))
      response.on('error', gone)
    })
    request.on('error', gone)
    request.end(body)
  })
}

async function reportError(path: string, thrown: unknown): Promise<void> {
  const detail = toErrorDetail(thrown)
  await call('POST', path, JSON.stringify(detail), { 'Lambda-Runtime-Function-Error-Type': detail.errorType })
}

/** Reports the error of the current invocation, or of the start if there is none, and exits. */
function die(thrown: unknown, exit_code: number): void {
  console.error(thrown)
  const path = request_id === undefined ? 'init/error' : `invocation/${request_id}/error`
  void reportError(path, thrown).finally(() => process.exit(exit_code))
}

async function load(): Promise<Handler> {
  const name = process.env._HANDLER ?? ''
  const [, file = '', export_name = ''] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? []
  if (file === '') {
    throw new FunctionError({ errorType: 'Runtime.MalformedHandlerName', errorMessage: `Bad handler name: ${name}` })
  }
  const stem = resolve(process.env.LAMBDA_TASK_ROOT ?? '.', join(dirname(name), file))
  const path = ['.mjs', '.js', '.cjs', '.ts'].map((extension) => stem + extension).find((each) => existsSync(each))
  if (!path) {
    throw new FunctionError({ errorType: 'Runtime.ImportModuleError', errorMessage: `Cannot find module '${stem}'` })
  }
  const module = await importModule(path)
  const handler = module[export_name]
  if (typeof handler !== 'function') {
    throw new FunctionError({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: `${name} is undefined or not exported`,
    })
  }
  // The process is killed in the end, so nothing else would write what it compiled.
  flushCompileCache()
  rejectCallbackHandler(handler as Handler)
  return handler as Handler
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    const detail = toErrorDetail(error)
    if (error instanceof SyntaxError) throw new FunctionError({ ...detail, errorType: 'Runtime.UserCodeSyntaxError' })
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    throw missing ? new FunctionError({ ...detail, errorType: 'Runtime.ImportModuleError' }) : error
  }
}

async function invokeNext(handler: Handler): Promise<void> {
  const { headers, body } = await call('GET', 'invocation/next')
  const id = String(headers['lambda-runtime-aws-request-id'])
  request_id = id
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'])
  const deadline_ms = Number(headers['lambda-runtime-deadline-ms'])
  const context = createContext({ function_name: functionName, request_id: id, deadline_ms })
  try {
    const json = JSON.stringify(await handler(JSON.parse(body), context)) ?? 'null'
    await call('POST', `invocation/${id}/response`, json, { 'content-type': 'application/json' })
  } catch (error) {
    await reportError(`invocation/${id}/error`, error)
  }
  request_id = undefined
}

process.on('uncaughtException', (error) => die(error, 129))
process.on('unhandledRejection', (reason) => {
  const errorMessage = toErrorDetail(reason).errorMessage
  die(new FunctionError({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage }), 128)
})
// Ctrl-C reaches every process of the terminal. The parent process decides when this one ends.
process.on('SIGINT', () => undefined)

try {
  const handler = await load()
  while (true) await invokeNext(handler)
} catch (error) {
  die(error, 1)
}
