import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { createChildFunction } from '@leads/cli/stack/child-function'
import { invokeHandler } from '@leads/cli/stack/lambda'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { afterEach, describe, expect, test, vi } from 'vitest'

const started: QueueServer[] = []
const folders: string[] = []

async function start(options: Parameters<typeof startQueueServer>[0] = {}): Promise<QueueServer> {
  const server = await startQueueServer(options)
  started.push(server)
  return server
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leads-queue-'))
  folders.push(folder)
  return folder
}

async function send(server: QueueServer, body: string): Promise<void> {
  await createLocalSqsClient(server.endpoint).send(
    new SendMessageCommand({ QueueUrl: server.queue_url, MessageBody: body }),
  )
}

async function receive(server: QueueServer, queue_url = server.queue_url) {
  const { Messages = [] } = await createLocalSqsClient(server.endpoint).send(
    new ReceiveMessageCommand({ QueueUrl: queue_url, WaitTimeSeconds: 2, MessageSystemAttributeNames: ['All'] }),
  )
  return Messages
}

async function deleteFirst(server: QueueServer): Promise<string | undefined> {
  const [message] = await receive(server)
  await createLocalSqsClient(server.endpoint).send(
    new DeleteMessageCommand({ QueueUrl: server.queue_url, ReceiptHandle: message?.ReceiptHandle }),
  )
  return message?.Body
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(started.splice(0).map((server) => server.close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('a message that was received too often without a delete moves to the dead-letter queue', async () => {
  const server = await start({ visibility_timeout_s: 0, max_receive_count: 2 })
  await send(server, 'poison')
  expect((await receive(server))[0]?.Attributes?.ApproximateReceiveCount).toBe('1')
  expect((await receive(server))[0]?.Attributes?.ApproximateReceiveCount).toBe('2')
  expect(await receive(server)).toEqual([])
  expect((await receive(server, server.dead_letter_queue_url)).map((message) => message.Body)).toEqual(['poison'])
})

test('a client configured only by the environment reaches the queue', async () => {
  const server = await start()
  for (const [name, value] of Object.entries(localAwsEnvironment(server.endpoint))) vi.stubEnv(name, value)
  const client = new SQSClient()
  await client.send(new SendMessageCommand({ QueueUrl: server.queue_url, MessageBody: 'hello' }))
  expect((await receive(server)).map((message) => message.Body)).toEqual(['hello'])
})

test('the server listens on 127.0.0.1 only', async () => {
  const server = await start()
  expect(new URL(server.endpoint).hostname).toBe('127.0.0.1')
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const outside = others.filter((each) => each.family === 'IPv4' && !each.internal).map((each) => each.address)
  // Another loopback address represents all others if the machine has no network.
  for (const address of ['127.0.0.2', ...outside]) {
    await expect(fetch(`http://${address}:${new URL(server.endpoint).port}/health`)).rejects.toThrow()
  }
})

describe('persistence', () => {
  test('messages survive restarts, on another port and with other settings; deleted ones stay deleted', async () => {
    const data_dir = newFolder()
    const first = await start({ data_dir, visibility_timeout_s: 600 })
    await send(first, 'deleted at once')
    await deleteFirst(first)
    await send(first, 'deleted after a restart')
    await send(first, 'kept')
    await first.close()

    const second = await start({ data_dir, visibility_timeout_s: 60 })
    expect(await deleteFirst(second)).toBe('deleted after a restart')
    expect((await receive(second)).map((message) => message.Body)).toEqual(['kept'])
    await second.close()

    // Received but not deleted: visible again, and the receive is counted.
    const third = await start({ data_dir })
    const [kept] = await receive(third)
    expect([kept?.Body, kept?.Attributes?.ApproximateReceiveCount]).toEqual(['kept', '2'])
    expect(await receive(third)).toEqual([])
  })

  test('batches, attributes, delays and receive counts survive a restart, and the redrive policy counts on', async () => {
    const data_dir = newFolder()
    const first = await start({ data_dir, max_receive_count: 2 })
    const client = createLocalSqsClient(first.endpoint)
    const QueueUrl = first.queue_url
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'deleted in a batch' },
          { Id: 'b', MessageBody: 'failing', MessageAttributes: { kind: { DataType: 'String', StringValue: 'run' } } },
        ],
      }),
    )
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }))
    const received = [...(await receive(first)), ...(await receive(first))]
    const Entries = received.flatMap(({ Body, ReceiptHandle }) =>
      Body === 'failing' ? [] : [{ Id: 'a', ReceiptHandle: ReceiptHandle ?? '' }],
    )
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    client.destroy()
    await first.close()

    const second = await start({ data_dir, max_receive_count: 2, visibility_timeout_s: 0 })
    const [failing] = await receive(second)
    expect(failing).toMatchObject({ Body: 'failing', Attributes: { ApproximateReceiveCount: '2' } })
    // The third receive moves the message instead of delivering it; the delayed one is still hidden.
    expect(await receive(second)).toEqual([])
    expect((await receive(second, second.dead_letter_queue_url)).map(({ Body }) => Body)).toEqual(['failing'])
    await second.close()

    const third = await start({ data_dir, max_receive_count: 2 })
    expect(await receive(third)).toEqual([])
    expect((await receive(third, third.dead_letter_queue_url)).map(({ Body }) => Body)).toEqual(['failing'])
  })

  test('a message that a waiting client received and deleted stays deleted after a restart', async () => {
    const data_dir = newFolder()
    const first = await start({ data_dir })
    const client = createLocalSqsClient(first.endpoint)
    for (let round = 0; round < 20; round += 1) {
      const waiting = client.send(new ReceiveMessageCommand({ QueueUrl: first.queue_url, WaitTimeSeconds: 20 }))
      await send(first, `message ${round}`)
      const { Messages: [message] = [] } = await waiting
      await client.send(
        new DeleteMessageCommand({ QueueUrl: first.queue_url, ReceiptHandle: message?.ReceiptHandle ?? '' }),
      )
    }
    client.destroy()
    await first.close()
    expect(await receive(await start({ data_dir }))).toEqual([])
  })

  test('the folder of the queue is readable only by its owner', async () => {
    const data_dir = join(newFolder(), 'queue')
    await start({ data_dir })
    expect(statSync(data_dir).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(data_dir))
      expect([file, statSync(join(data_dir, file)).mode & 0o777]).toEqual([file, 0o600])
  })

  test('a killed process loses no message, and messages it had received are visible again immediately', async () => {
    const data_dir = newFolder()
    const child = createChildFunction<{ data_dir: string }>({
      function_name: 'keep-queue',
      task_root: import.meta.dirname,
      handler: 'functions/samples.keepQueue',
      timeout_ms: 20_000,
    })
    const result = await invokeHandler({
      handler: child.handler,
      event: { data_dir },
      function_name: 'keep-queue',
      timeout_ms: 20_000,
    })
    expect(result).toMatchObject({ ok: true, payload: child.pids()[0] })
    process.kill(child.pids()[0] ?? 0, 'SIGKILL')
    await child.close()

    const server = await start({ data_dir })
    const bodies = [...(await receive(server)), ...(await receive(server))].map((message) => message.Body)
    expect(new Set(bodies)).toEqual(new Set(['being worked on', 'waiting']))
  })

  test('a second server on the folder is rejected with the reason, and the first keeps working', async () => {
    const data_dir = newFolder()
    const first = await start({ data_dir })
    await expect(startQueueServer({ data_dir })).rejects.toThrow(`Another process keeps its queue in ${data_dir}`)
    await send(first, 'still here')
    expect((await receive(first)).map((message) => message.Body)).toEqual(['still here'])
  })
})

test('close immediately answers a client that waits for messages', async () => {
  const server = await start()
  const client = createLocalSqsClient(server.endpoint)
  const waiting = client.send(new ReceiveMessageCommand({ QueueUrl: server.queue_url, WaitTimeSeconds: 20 })).then(
    (answer) => answer.Messages ?? [],
    () => [],
  )
  await vi.waitUntil(async () => {
    const health = await fetch(`${server.endpoint}/health`)
    return health.ok
  }, 30_000)
  const started_ms = Date.now()
  await server.close()
  expect(await waiting).toEqual([])
  expect(Date.now() - started_ms).toBeLessThan(15_000)
  client.destroy()
})
