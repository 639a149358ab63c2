import type { ApiKeyView, CreatedApiKey } from '@leads/core/api-keys/api-keys'
import type { ExportChunk, ExportRequest } from '@leads/core/exports/stream-leads'
import type { KeptLead } from '@leads/core/file-imports/undo/undo-import'
import type { LeadPatch } from '@leads/core/leads/lead-inputs'
import type { LeadDetail } from '@leads/core/leads/lead-views'
import type { ListedLead } from '@leads/core/leads/list-leads'
import type { ListResult } from '@leads/core/lists/list-page'
import type { Scope } from '@leads/core/model/api-key'
import type { ImportBatch } from '@leads/core/model/import-batch'
import type { LeadEvent } from '@leads/core/model/lead-event'
import type { SyncStatus } from '@leads/core/model/sync'
import type { SyncRejection } from '@leads/core/model/sync-rejection'
import type { SyncView } from '@leads/core/syncs/list-syncs'
import { CommandError } from '../output/errors.ts'

export interface LeadQuery {
  filters: Record<string, string[]>
  q: string | undefined
  sort?: string | undefined
  limit: number
  cursor?: string | undefined
  include_deleted: boolean | undefined
}

export interface SyncQuery {
  sync_status: SyncStatus | undefined
  /** `user/name` or id. */
  actor: string | undefined
  limit: number
}

export interface ReplayRequest {
  run_id: string | undefined
  actor: string | undefined
  is_dry_run: boolean
  signal: AbortSignal
}

export interface ReplayCounts {
  tried: number
  resolved: number
  still_rejected: number
}

export interface UndoProgress {
  deleted: number
  reverted: number
  kept: number
}

export type ShownLead = LeadDetail & Pick<ListedLead, 'company' | 'lead_source'>

/** `id`, `file_hash` and `options_hash` are null where the API does not return them. */
export type ShownImport = Omit<ImportBatch, 'id' | 'file_hash' | 'options_hash'> & {
  id: number | null
  file_hash: string | null
  options_hash: string | null
}

export interface CandidateCount {
  /** Pairs that may be one lead, found since, of which the sync or import created the later lead. */
  candidate_pairs: number
}

/** What people use daily, of a database or of a deployed API. Both return the same values. */
export interface Backend {
  listLeads(query: LeadQuery): Promise<ListResult<Partial<ListedLead>>>
  /** Also returns a deleted lead, with its company and source. */
  getLead(id: number): Promise<ShownLead>
  listLeadEvents(id: number, limit: number): Promise<ListResult<LeadEvent>>
  updateLead(id: number, patch: LeadPatch): Promise<{ lead: LeadDetail; version_before: number }>
  removeLead(id: number): Promise<void>
  /** @throws Problem conflict if the lead is not deleted */
  restoreLead(id: number): Promise<void>
  /** Yields all leads as text. @throws Problem invalid_request before the first chunk */
  streamLeads(request: ExportRequest): AsyncIterable<ExportChunk>
  listSyncs(query: SyncQuery): Promise<ListResult<SyncView>>
  /** @throws Problem not_found */
  getSync(run_id: string): Promise<SyncView & CandidateCount>
  listSyncRejections(run_id: string, limit: number): Promise<ListResult<SyncRejection>>
  /** Maps stored rejections again, of one run or all. @throws Problem not_found */
  replay(request: ReplayRequest): Promise<ReplayCounts>
  /** Returns the runs whose messages failed on every attempt. */
  findDeadLettered(): Promise<string[]>
  /** Queues runs for the consumer. */
  queueRuns(run_ids: readonly string[]): Promise<void>
  listApiKeys(limit: number): Promise<ListResult<ApiKeyView>>
  createApiKey(input: { name: string; scopes: Scope[]; expires_at: Date | null }): Promise<CreatedApiKey>
  /** Without `expires_at` the new key lives as long as the old one did. */
  rotateApiKey(id: number, input: { grace_s: number; expires_at?: Date }): Promise<CreatedApiKey>
  revokeApiKey(id: number): Promise<ApiKeyView>
  listImports(limit: number): Promise<ShownImport[]>
  getImport(
    import_batch_id: string,
  ): Promise<{ batch: ShownImport & CandidateCount; reasons: RejectionReason[]; kept: KeptLead[] }>
  undoImport(
    import_batch_id: string,
    signal: AbortSignal,
    onProgress: (progress: UndoProgress) => void,
  ): Promise<{ outcome: 'undone' | 'known'; counts: UndoProgress; kept: KeptLead[] }>
}

export interface RejectionReason {
  reason: string
  count: number
  line_number: number | null
}

export const createMissingSyncError = (run_id: string): CommandError =>
  new CommandError('not_found', `There is no sync of run ${run_id}. \`leads sync ${run_id}\` syncs it.`)
