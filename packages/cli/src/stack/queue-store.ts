import { mkdirSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { BuildAppOptions } from 'fauxqs'
import { CommandError } from '../output/errors.ts'

type Stores = NonNullable<BuildAppOptions['stores']>

/** The part of fauxqs's own persistence (version 2.4.1) that is used here. */
interface Persistence {
  db: DatabaseSync
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void
  close(): void
}

/**
 * Opens queues that are kept in a folder. fauxqs offers this only together with a server that listens on every address,
 * so its parts are put together here the way it does; they are not among its exports, which is why the version is pinned
 * and a test restarts a server over a folder. Throws if another process uses the folder.
 */
export async function openQueueStore(data_dir: string): Promise<{ stores: Stores; close(): void }> {
  const { PersistenceManager } = await load<{ PersistenceManager: new (data_dir: string) => Persistence }>(
    'persistence',
  )
  const { SqsStore } = await load<{ SqsStore: new () => Stores['sqsStore'] }>('sqs/sqsStore')
  const { SnsStore } = await load<{ SnsStore: new () => Stores['snsStore'] }>('sns/snsStore')
  const { S3Store } = await load<{ S3Store: new () => Stores['s3Store'] }>('s3/s3Store')
  mkdirSync(data_dir, { recursive: true })
  const persistence = openExclusively(() => new PersistenceManager(data_dir), data_dir)
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() }
  // Nobody works on these any more: the lock says that no other process has the queue. Without this, what was being
  // worked on when a process was killed would stay hidden for its visibility time-out, 15 minutes for a long function.
  persistence.db.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL')
  // Loaded before the stores write through: what is read must not be written again.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store)
  const writeThrough = persistence as unknown as NonNullable<Stores['sqsStore']['persistence']>
  stores.sqsStore.persistence = writeThrough
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = writeThrough
  return { stores, close: () => persistence.close() }
}

function openExclusively(open: () => Persistence, data_dir: string): Persistence {
  let persistence: Persistence | undefined
  try {
    persistence = open()
    // Two servers over one folder would hand out every message twice. The lock is taken by the first write after the
    // pragma and kept until close. NORMAL: a killed process loses nothing, and no request waits for the disk.
    persistence.db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT')
    return persistence
  } catch (error) {
    persistence?.close()
    if (!(error instanceof Error && /locked|busy/i.test(error.message))) throw error
    throw new CommandError(
      'conflict',
      `Another process keeps its queue in ${data_dir}: a stack runs in this folder already. Stop it, or use another folder.`,
      {
        cause: error,
      },
    )
  }
}

async function load<T>(name: string): Promise<T> {
  const manifest = findPackageJSON('fauxqs', import.meta.url)
  if (!manifest) throw new Error('The package fauxqs is not installed: run npm ci.')
  return (await import(new URL(`dist/${name}.js`, pathToFileURL(manifest)).href)) as T
}
