import { countCandidates } from '@leads/core/duplicates/count-candidates'
import { lazily } from '@leads/core/model/lazily'
import { Sync } from '@leads/core/model/sync'
import { SyncRejection } from '@leads/core/model/sync-rejection'
import { getSync, listSyncs, syncColumns, syncListDefinition } from '@leads/core/syncs/list-syncs'
import {
  countReasons,
  getRejection,
  listRejections,
  listSyncRejections,
  rejectionColumns,
  rejectionViewColumns,
  syncRejectionListDefinition,
} from '@leads/core/syncs/sync-rejections'
import * as z from 'zod'
import { showsRecentWork } from '../http/finished-work.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import {
  filterQuery,
  IdParam,
  listQuery,
  listResponse,
  RunId,
  rowResponse,
  toFilters,
  toListInput,
} from '../http/schemas.ts'
import { candidatePairs, omittedFields } from './lead-responses.ts'
import { rejectionExample, syncExample } from './sync-examples.ts'

const SyncResponse = lazily(() =>
  Sync()
    .extend({
      is_balanced: z.boolean().meta({ description: 'True if total_records = synced + duplicate + failed.' }),
      candidate_pairs: candidatePairs(),
      omitted_fields: omittedFields(),
    })
    .meta({ id: 'Sync' }),
)

/** A sync in a list; with the input of the run if it is included. */
const ListedSync = lazily(() =>
  SyncResponse()
    .omit({ candidate_pairs: true })
    .extend({
      input_params: SyncResponse().shape.input_params.optional(),
    })
    .meta({
      id: 'ListedSync',
    }),
)
const RejectionResponse = lazily(() =>
  SyncRejection().extend({ omitted_fields: omittedFields() }).meta({ id: 'SyncRejection' }),
)
const ListedRejection = lazily(() =>
  SyncRejection()
    .extend({
      raw_data: SyncRejection().shape.raw_data.optional(),
      omitted_fields: omittedFields(),
    })
    .meta({
      id: 'ListedRejection',
    }),
)

const includeInput = lazily(() =>
  z.enum(['input_params']).optional().meta({ description: 'Includes the input of each run.' }),
)
const includeItem = lazily(() => z.enum(['raw_data']).optional().meta({ description: 'Includes each rejected item.' }))

const params = lazily(() => z.object({ run_id: RunId() }))
/** Without the input of the run, which may have hundreds of kilobytes. */
const syncViewColumns = syncColumns.filter((column) => column !== 'input_params')
const { input_params: _input, ...listedSyncExample } = syncExample
const { raw_data: _item, ...listedRejectionExample } = rejectionExample

const toWork = ({ sync_status, updated_at }: Sync) => ({ status: sync_status, updated_at })

export const syncOperations: readonly Operation[] = [
  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs',
    other_methods: ['POST'],
    operation_id: 'listSyncs',
    tag: 'Syncs',
    summary: 'List syncs',
    description:
      'Returns one row per Apify run with its accounting, newest first. The input of the run (`input_params`) is omitted ' +
      'unless `include` names it.',
    scope: 'read',
    get query() {
      return listQuery(syncListDefinition, { extra: { include: includeInput() } })
    },
    get answers() {
      const example = { data: [listedSyncExample], next_cursor: null }
      return { 200: { ...listResponse(ListedSync(), 'A page of syncs.'), example } }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = toListInput(call, syncListDefinition, syncColumns)
      const fields = call.query.include ? syncColumns : syncViewColumns
      const body = await listSyncs(call.db, { ...input, fields })
      return { status: 200, body, shows_recent_work: showsRecentWork(body.data.map(toWork)) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}',
    operation_id: 'getSync',
    tag: 'Syncs',
    summary: 'Get the sync of a run',
    scope: 'read',
    get params() {
      return params()
    },
    get answers() {
      return { 200: { ...rowResponse(SyncResponse(), 'The sync.'), example: { ...syncExample, candidate_pairs: 3 } } }
    },
    errors: ['not_found'],
    async handle(call) {
      const { run_id } = call.params
      const sync = await getSync(call.db, run_id)
      const body = { ...sync, candidate_pairs: await countCandidates(call.db, { run_id }) }
      return { status: 200, body, shows_recent_work: showsRecentWork([toWork(sync)]) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}/rejections',
    operation_id: 'listSyncRejections',
    tag: 'Syncs',
    summary: 'List the rejected items of a run',
    description:
      'Returns offsets in the dataset and reasons. The items (`raw_data`) are omitted unless `include` names them.',
    scope: 'read',
    get params() {
      return params()
    },
    get query() {
      return listQuery(syncRejectionListDefinition, { extra: { include: includeItem() } })
    },
    get answers() {
      const example = { data: [listedRejectionExample], next_cursor: null }
      return { 200: { ...listResponse(ListedRejection(), 'A page of rejections.'), example } }
    },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = toListInput(call, syncRejectionListDefinition, rejectionColumns)
      const fields = call.query.include ? rejectionColumns : rejectionViewColumns
      return { status: 200, body: await listSyncRejections(call.db, call.params.run_id, { ...input, fields }) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/rejections',
    operation_id: 'listRejections',
    tag: 'Syncs',
    summary: 'List rejected items of all runs',
    description:
      'Returns rejections, newest first. `resolved_at=is:null` selects open ones. The items (`raw_data`) are omitted ' +
      'unless `include` names them.',
    scope: 'read',
    get query() {
      return listQuery(syncRejectionListDefinition, { extra: { include: includeItem() } })
    },
    get answers() {
      const example = { data: [listedRejectionExample], next_cursor: null }
      return { 200: { ...listResponse(ListedRejection(), 'A page of rejections.'), example } }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = toListInput(call, syncRejectionListDefinition, rejectionColumns)
      const fields = call.query.include ? rejectionColumns : rejectionViewColumns
      return { status: 200, body: await listRejections(call.db, { ...input, fields }) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/rejections/reasons',
    operation_id: 'countRejectionReasons',
    tag: 'Syncs',
    summary: 'Count rejected items by reason',
    description:
      'Returns the 100 most frequent reasons of the newest 50,000 rejections that match. `at_least`: there are more.',
    scope: 'read',
    get query() {
      return filterQuery(syncRejectionListDefinition)
    },
    get answers() {
      const row = z.object({
        reason: z.string(),
        rejections_count: z.int(),
        relation: z.enum(['exact', 'at_least']),
        last_id: z.int().meta({ description: 'The newest rejection with this reason.' }),
        last_run_id: z.string(),
      })
      const { reason, id: last_id, run_id: last_run_id } = rejectionExample
      const example = { data: [{ reason, rejections_count: 12, relation: 'exact', last_id, last_run_id }] }
      return { 200: { ...rowResponse(z.object({ data: z.array(row) }), 'The reasons.'), example } }
    },
    async handle(call) {
      return { status: 200, body: { data: await countReasons(call.db, toFilters(call, syncRejectionListDefinition)) } }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/rejections/{id}',
    operation_id: 'getRejection',
    tag: 'Syncs',
    summary: 'Get a rejected item',
    description: 'Returns the rejection with its item.',
    scope: 'read',
    get params() {
      return z.object({ id: IdParam() })
    },
    get answers() {
      return { 200: { ...rowResponse(RejectionResponse(), 'The rejection.'), example: rejectionExample } }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getRejection(call.db, call.params.id) }
    },
  }),
]
