import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createPrivateFile, createPrivateFolder } from '@leads/core/private-files'
import type { buildApp } from 'fauxqs'
import { CommandError } from '../output/errors.ts'

type QueueApp = ReturnType<typeof buildApp>

/** A stored message. `receive_count` is the number of receives; `receipt_handle` is that of the latest one. */
interface StoredMessage {
  message_id: string
  queue_url: string
  body: string
  attributes: string | null
  available_at_ms: number
  receive_count: number
}

interface SentMessage {
  MessageBody?: string
  MessageAttributes?: object
  DelaySeconds?: number
}

const SCHEMA = `
  create table if not exists messages (
    message_id text primary key,
    queue_url text not null,
    body text not null,
    attributes text,
    available_at_ms integer not null,
    receive_count integer not null default 0,
    receipt_handle text
  ) strict`
/** SQS's maximum: received messages stay hidden until all messages are restored. */
const VISIBILITY_TIMEOUT_MAX_S = 43_200
const DELAY_MAX_S = 900

export interface QueueJournal {
  /** Sends the stored messages to the queues of the app, which must exist and have no redrive policy yet. */
  restore(): Promise<void>
  close(): void
}

/**
 * Stores the messages of a local SQS server in a folder, so that they survive restarts. The server keeps its queues in
 * memory. The journal listens to its requests and responses: a send is stored before it is confirmed, a delete removes the
 * stored message. Both sides are public interfaces: hooks of the Fastify app and the JSON protocol of SQS.
 * @throws CommandError conflict if another process uses the folder
 */
export function openQueueJournal(app: QueueApp, data_dir: string): QueueJournal {
  const database = openExclusively(data_dir)
  let isRestoring = false
  const recordRequest = createRecorder(database)
  app.addHook('onSend', async (request, reply, payload) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '')
    if (!isRestoring && reply.statusCode === 200 && typeof payload === 'string')
      recordRequest(action, request.body as object, payload)
    return payload
  })
  return {
    restore: async () => {
      isRestoring = true
      try {
        await restoreMessages(app, database)
      } finally {
        isRestoring = false
      }
    },
    close: () => database.close(),
  }
}

function openExclusively(data_dir: string): DatabaseSync {
  createPrivateFolder(data_dir)
  const path = join(data_dir, 'messages.db')
  createPrivateFile(path)
  const database = new DatabaseSync(path)
  try {
    // Two servers over one folder would deliver every message twice. The first write takes the lock, which is kept until
    // close. NORMAL: a killed process loses nothing, and no request waits for the disk.
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal')
    database.exec(SCHEMA)
    database.exec('begin immediate; commit')
    return database
  } catch (error) {
    database.close()
    if (!(error instanceof Error && /locked|busy/i.test(error.message))) throw error
    throw new CommandError(
      'conflict',
      `Another process keeps its queue in ${data_dir}: a stack already runs in this folder. Stop it, or use another folder.`,
      { cause: error },
    )
  }
}

type QueueRequest = SentMessage & {
  QueueUrl: string
  Entries?: (SentMessage & { Id: string; ReceiptHandle?: string })[]
  ReceiptHandle?: string
}

/** Returns a function that stores the effect of one successful request. */
function createRecorder(database: DatabaseSync): (action: string, body: object, payload: string) => void {
  const insert = database.prepare(
    'insert or replace into messages (message_id, queue_url, body, attributes, available_at_ms) values (?, ?, ?, ?, ?)',
  )
  const receive = database.prepare(
    // A message that the redrive policy has moved keeps its id and is received from the other queue.
    `update messages set receipt_handle = ?, receive_count = case queue_url when ? then receive_count + 1 else 1 end,
       queue_url = ? where message_id = ?`,
  )
  const remove = database.prepare('delete from messages where receipt_handle = ?')
  const purge = database.prepare('delete from messages where queue_url = ?')
  const store = (
    queue_url: string,
    { MessageBody = '', MessageAttributes, DelaySeconds = 0 }: SentMessage,
    id: string,
  ) =>
    insert.run(
      id,
      queueName(queue_url),
      MessageBody,
      MessageAttributes === undefined ? null : JSON.stringify(MessageAttributes),
      Date.now() + DelaySeconds * 1000,
    )
  const actions: Record<string, (request: QueueRequest, payload: string) => void> = {
    SendMessage: (request, payload) =>
      store(request.QueueUrl, request, (JSON.parse(payload) as { MessageId: string }).MessageId),
    SendMessageBatch({ QueueUrl, Entries = [] }, payload) {
      for (const { Id, MessageId } of readSuccessful(payload)) {
        const entry = Entries.find((each) => each.Id === Id)
        if (entry) store(QueueUrl, entry, MessageId)
      }
    },
    ReceiveMessage({ QueueUrl }, payload) {
      const { Messages = [] } = JSON.parse(payload) as { Messages?: { MessageId: string; ReceiptHandle: string }[] }
      const queue = queueName(QueueUrl)
      for (const message of Messages) receive.run(message.ReceiptHandle, queue, queue, message.MessageId)
    },
    DeleteMessage: ({ ReceiptHandle }) => remove.run(ReceiptHandle ?? null),
    DeleteMessageBatch({ Entries = [] }, payload) {
      const deleted = new Set(readSuccessful(payload).map(({ Id }) => Id))
      for (const entry of Entries) if (deleted.has(entry.Id)) remove.run(entry.ReceiptHandle ?? null)
    },
    PurgeQueue: ({ QueueUrl }) => purge.run(queueName(QueueUrl)),
  }
  return (action, body, payload) => actions[action]?.(body as QueueRequest, payload)
}

function readSuccessful(payload: string): { Id: string; MessageId: string }[] {
  return (JSON.parse(payload) as { Successful?: { Id: string; MessageId: string }[] }).Successful ?? []
}

/** The port of the server changes between starts, so that messages are stored with the name of their queue. */
const queueName = (queue_url: string): string => queue_url.slice(queue_url.lastIndexOf('/') + 1)

/**
 * Sends the stored messages again. Messages that had been received are received as often again, so that the redrive policy
 * still counts those deliveries, and are visible at the end: the lock guarantees that no process is working on them.
 */
async function restoreMessages(app: QueueApp, database: DatabaseSync): Promise<void> {
  const stored = database.prepare('select * from messages order by receive_count = 0, rowid').all()
  const restored: (StoredMessage & { new_id: string })[] = []
  const hidden: { QueueUrl: string; ReceiptHandle: string }[] = []
  for (const message of stored as unknown as StoredMessage[]) {
    const QueueUrl = (await call<{ QueueUrl: string }>(app, 'GetQueueUrl', { QueueName: message.queue_url })).QueueUrl
    if (message.receive_count === 0) await showAgain(app, hidden)
    const new_id = await sendStored(app, QueueUrl, message)
    restored.push({ ...message, new_id })
    for (let count = 1; count <= message.receive_count; count += 1) {
      const { Messages = [] } = await call<{ Messages?: { ReceiptHandle: string }[] }>(app, 'ReceiveMessage', {
        QueueUrl,
        VisibilityTimeout: VISIBILITY_TIMEOUT_MAX_S,
      })
      const ReceiptHandle = Messages[0]?.ReceiptHandle ?? ''
      if (count < message.receive_count) await showAgain(app, [{ QueueUrl, ReceiptHandle }])
      else hidden.push({ QueueUrl, ReceiptHandle })
    }
  }
  await showAgain(app, hidden)
  replaceStored(database, restored)
}

async function sendStored(app: QueueApp, queue_url: string, message: StoredMessage): Promise<string> {
  const { body, attributes, available_at_ms, receive_count } = message
  const delay_s = receive_count > 0 ? 0 : Math.ceil((available_at_ms - Date.now()) / 1000)
  const { MessageId } = await call<{ MessageId: string }>(app, 'SendMessage', {
    QueueUrl: queue_url,
    MessageBody: body,
    DelaySeconds: Math.min(Math.max(0, delay_s), DELAY_MAX_S),
    ...(attributes !== null && { MessageAttributes: JSON.parse(attributes) as object }),
  })
  return MessageId
}

async function showAgain(app: QueueApp, messages: { QueueUrl: string; ReceiptHandle: string }[]): Promise<void> {
  for (const { QueueUrl, ReceiptHandle } of messages.splice(0))
    await call(app, 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
}

function replaceStored(database: DatabaseSync, messages: readonly (StoredMessage & { new_id: string })[]): void {
  const update = database.prepare('update messages set message_id = ?, receipt_handle = null where message_id = ?')
  database.exec('begin immediate')
  for (const { message_id, new_id } of messages) update.run(new_id, message_id)
  database.exec('commit')
}

/** Calls the app without a connection, in the JSON protocol of SQS. */
async function call<Result>(app: QueueApp, action: string, body: object): Promise<Result> {
  const response = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    payload: JSON.stringify(body),
  })
  if (response.statusCode !== 200)
    throw new Error(`The local queue could not be restored: ${action} failed with ${response.body}`)
  return (response.body === '' ? {} : JSON.parse(response.body)) as Result
}
