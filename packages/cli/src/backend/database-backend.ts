import type { Database } from '@leads/core/database/engine'
import type { ChangeAuthor } from '@leads/core/model/change-author'
import { CURSOR_SECRET } from '../leads/cursor.ts'
import { currentAuthor } from '../with-database.ts'
import { type Backend, createMissingSyncError } from './backend.ts'

const REASONS_MAX = 20
const KEPT_LEADS_MAX = 500

const createChangeAuthor = (): ChangeAuthor => ({ actor: currentAuthor(), event_source: 'cli', at: new Date() })

/** The commands on a database. Modules are loaded by the methods, so that a command loads only what it needs. */
export function createDatabaseBackend(db: Database): Backend {
  return {
    ...createLeadMethods(db),
    ...createSyncMethods(db),
    ...createSyncActions(db),
    ...createApiKeyMethods(db),
    ...createImportMethods(db),
  }
}

function createLeadMethods(
  db: Database,
): Pick<
  Backend,
  'listLeads' | 'getLead' | 'listLeadEvents' | 'updateLead' | 'removeLead' | 'restoreLead' | 'streamLeads'
> {
  const getLead: Backend['getLead'] = async (id) => {
    const { getLead } = await import('@leads/core/leads/get-lead')
    return getLead(db, id, { include_deleted: true, include: ['company', 'source'] })
  }
  return {
    getLead,
    async listLeads(query) {
      const { listLeads } = await import('@leads/core/leads/list-leads')
      return listLeads(db, { ...query, cursor_secret: CURSOR_SECRET })
    },
    async listLeadEvents(id, limit) {
      const { listLeadEvents } = await import('@leads/core/events/list-events')
      return listLeadEvents(db, id, { limit, cursor_secret: CURSOR_SECRET })
    },
    async *streamLeads(request) {
      const { streamLeads } = await import('@leads/core/exports/stream-leads')
      yield* streamLeads(db, request)
    },
    async updateLead(id, patch) {
      const [{ getLead }, { updateLead }] = await Promise.all([
        import('@leads/core/leads/get-lead'),
        import('@leads/core/leads/update-lead'),
      ])
      const { version } = await getLead(db, id)
      return { lead: await updateLead(db, id, patch, createChangeAuthor()), version_before: version }
    },
    async removeLead(id) {
      const { removeLead } = await import('@leads/core/leads/remove-lead')
      await removeLead(db, id, createChangeAuthor())
    },
    async restoreLead(id) {
      const [{ restoreLead }, { Problem }] = await Promise.all([
        import('@leads/core/leads/remove-lead'),
        import('@leads/core/problem'),
      ])
      if (!(await getLead(id)).is_deleted) throw new Problem('conflict', `Lead ${id} is not deleted.`)
      await restoreLead(db, id, createChangeAuthor())
    },
  }
}

function createSyncMethods(db: Database): Pick<Backend, 'listSyncs' | 'getSync' | 'listSyncRejections'> {
  return {
    async listSyncs({ sync_status, actor, limit }) {
      const [{ listSyncs }, { resolveActorId }] = await Promise.all([
        import('@leads/core/syncs/list-syncs'),
        import('../syncs/resolve-actor-id.ts'),
      ])
      const filters = { sync_status, actor_id: await resolveActorId(db, actor) }
      return listSyncs(db, { filters, limit, cursor_secret: CURSOR_SECRET })
    },
    async getSync(run_id) {
      const [{ getSync }, { findSync }, { countCandidates }] = await Promise.all([
        import('@leads/core/syncs/list-syncs'),
        import('@leads/core/syncs/sync-state'),
        import('@leads/core/duplicates/count-candidates'),
      ])
      if (!(await findSync(db, run_id))) throw createMissingSyncError(run_id)
      return { ...(await getSync(db, run_id)), candidate_pairs: await countCandidates(db, { run_id }) }
    },
    async listSyncRejections(run_id, limit) {
      const { listSyncRejections } = await import('@leads/core/syncs/sync-rejections')
      return listSyncRejections(db, run_id, { limit, cursor_secret: CURSOR_SECRET })
    },
  }
}

function createSyncActions(db: Database): Pick<Backend, 'replay' | 'findDeadLettered' | 'queueRuns'> {
  return {
    async replay({ run_id, actor, is_dry_run, signal }) {
      const [{ replayRejections }, { loadMapper }, { readConfig }, { resolveActorId }, { noopLog }, { findSync }] =
        await Promise.all([
          import('@leads/core/syncs/replay'),
          import('@leads/core/mapping/load-mapper'),
          import('@leads/core/config/read-config'),
          import('../syncs/resolve-actor-id.ts'),
          import('@leads/core/log'),
          import('@leads/core/syncs/sync-state'),
        ])
      if (run_id !== undefined && !(await findSync(db, run_id))) throw createMissingSyncError(run_id)
      return replayRejections({
        db,
        map: loadMapper(readConfig(['sync']).MAPPINGS_FILE),
        log: noopLog,
        source_precedence: readConfig(['sync']).SOURCE_PRECEDENCE,
        now: () => new Date(),
        ...(run_id !== undefined && { run_id }),
        ...(actor !== undefined && { actor_id: await resolveActorId(db, actor) }),
        is_dry_run,
        // Called between batches, after a commit.
        onProgress: () => signal.throwIfAborted(),
      })
    },
    async findDeadLettered() {
      const { findDeadLettered } = await import('@leads/core/syncs/dead-lettered-syncs')
      return findDeadLettered(db)
    },
    async queueRuns(run_ids) {
      const [{ createSyncQueue }, { readConfig }] = await Promise.all([
        import('@leads/core/queue/sync-queue'),
        import('@leads/core/config/read-config'),
      ])
      await createSyncQueue(readConfig(['queue']).SYNC_QUEUE_URL).send(run_ids)
    },
  }
}

function createApiKeyMethods(
  db: Database,
): Pick<Backend, 'listApiKeys' | 'createApiKey' | 'rotateApiKey' | 'revokeApiKey'> {
  const load = () => import('@leads/core/api-keys/api-keys')
  return {
    listApiKeys: async (limit) => (await load()).listApiKeys(db, { limit, cursor_secret: CURSOR_SECRET }),
    createApiKey: async (input) => (await load()).createApiKey(db, input, currentAuthor()),
    rotateApiKey: async (id, input) => (await load()).rotateApiKey(db, id, input, currentAuthor()),
    revokeApiKey: async (id) => (await load()).revokeApiKey(db, id, currentAuthor()),
  }
}

function createImportMethods(db: Database): Pick<Backend, 'listImports' | 'getImport' | 'undoImport'> {
  const listKept = async (import_batch_id: string) => {
    const { listKeptLeads } = await import('@leads/core/file-imports/undo/undo-import')
    return listKeptLeads(db, import_batch_id, KEPT_LEADS_MAX)
  }
  return {
    async listImports(limit) {
      const { listBatches } = await import('@leads/core/file-imports/batch-state')
      return listBatches(db, limit)
    },
    async getImport(import_batch_id) {
      const [{ getBatch }, { countRejectionReasons }, { countCandidates }] = await Promise.all([
        import('@leads/core/file-imports/batch-state'),
        import('@leads/core/file-imports/import-rejections'),
        import('@leads/core/duplicates/count-candidates'),
      ])
      const batch = await getBatch(db, import_batch_id)
      return {
        batch: { ...batch, candidate_pairs: await countCandidates(db, { import_batch_id }) },
        reasons: await countRejectionReasons(db, import_batch_id, REASONS_MAX),
        kept: await listKept(import_batch_id),
      }
    },
    async undoImport(import_batch_id, signal, onProgress) {
      const { undoImport } = await import('@leads/core/file-imports/undo/undo-import')
      const context = { db, signal, onProgress, actor: currentAuthor(), now: () => new Date() }
      const { outcome, counts } = await undoImport(context, import_batch_id)
      return { outcome, counts, kept: await listKept(import_batch_id) }
    },
  }
}
