import { readConfig } from '@leads/core/config/read-config'
import { countCandidates } from '@leads/core/duplicates/count-candidates'
import { ConcurrentImportError, getBatch } from '@leads/core/file-imports/batch-state'
import { listKeptLeads } from '@leads/core/file-imports/undo/undo-import'
import { SOURCE_NAME } from '@leads/core/ingest/source-key'
import { omitLargeValues } from '@leads/core/lists/page-bytes'
import { noopLog } from '@leads/core/log'
import { ImportBatch, ImportRejection } from '@leads/core/model/import-batch'
import { buildShape, lazily } from '@leads/core/model/lazily'
import { Problem } from '@leads/core/problem'
import * as z from 'zod'
import { showsRecentWork } from '../http/finished-work.ts'
import type { OperationCall } from '../http/operation.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { listQuery, listResponse, rowResponse, toListInput } from '../http/schemas.ts'
import { deprecationHeaders } from '../http/version.ts'
import {
  importListDefinition,
  importRejectionListDefinition,
  listImports,
  listRejectedRecords,
} from './import-lists.ts'
import { candidatePairs, omittedFields } from './lead-responses.ts'

/** Imports of files (CSV, JSON, workbooks, gzip) in parts of at most 4 MB. */

const PART_BYTES_MAX = 4_500_000
/** A file as the body: the gateway passes at most 6 MB on, of which Base64 takes a third. */
const fileBody = {
  bytes_max: 4_000_000,
  types: {
    'text/csv': 'Name,Mail,Firma\nAsha Rao,asha.rao@example.com,Rao Ltd\n',
    'text/tab-separated-values': 'Name\tMail\nAsha Rao\tasha.rao@example.com\n',
    'text/plain': 'Name;Mail\nAsha Rao;asha.rao@example.com\n',
    'application/x-ndjson': '{"full_name":"Asha Rao","email":"asha.rao@example.com"}\n',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': undefined,
    'application/gzip': undefined,
    'application/octet-stream': undefined,
  },
}
/** Time limit of one undo request. The client repeats the request until the undo is complete. */
const UNDO_MS_MAX = 20_000

const BatchAnswer = lazily(() =>
  ImportBatch()
    .omit({ id: true, file_hash: true, options_hash: true })
    .extend({ omitted_fields: omittedFields() })
    .meta({ id: 'Import' }),
)
type BatchAnswer = z.infer<ReturnType<typeof BatchAnswer>>

/** A single import, with what later passes made of its leads. */
const ShownImport = lazily(() =>
  BatchAnswer().extend({ candidate_pairs: candidatePairs() }).meta({ id: 'ShownImport' }),
)

const toImportResponse = ({ id: _1, file_hash: _2, options_hash: _3, ...batch }: ImportBatch): BatchAnswer =>
  omitLargeValues(batch)

const toWork = ({ batch_status, updated_at }: BatchAnswer) => ({ status: batch_status, updated_at })

const BatchId = lazily(() => z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, dots, dashes and underscores'))
const SourceName = lazily(() =>
  z
    .string()
    .regex(SOURCE_NAME, 'at most 60 letters, digits, dots, dashes and underscores')
    .meta({ description: 'System that the file is from, e.g. `hubspot`: its record ids join files of one source.' }),
)
const params = lazily(() => z.object({ import_batch_id: BatchId() }))
const Content = lazily(() =>
  z
    .string()
    .max(PART_BYTES_MAX)
    .optional()
    .meta({ description: 'CSV with a header line, a JSON array or one JSON object per line. At most 4 MB.' }),
)
const ContentBase64 = lazily(() =>
  z
    .base64()
    .max(PART_BYTES_MAX)
    .optional()
    .meta({
      description:
        'Instead of `content`: the bytes of the file in Base64, at most 3 MB of them. An Excel workbook (.xlsx), a gzip archive of at ' +
        'most 32 MB of text, or a text in any encoding.',
    }),
)
const Encoding = lazily(() =>
  z.string().max(50).optional().meta({
    description: 'Encoding of `content_base64`, e.g. windows-1252. Default: detected.',
  }),
)
/** How the bytes of a file are read; the same for an import and its preview. */
const fileFields = {
  content: Content,
  content_base64: ContentBase64,
  delimiter: () => z.string().length(1).optional(),
  encoding: Encoding,
}

/** Options of a file that is the body itself. */
const fileQuery = { delimiter: fileFields.delimiter, encoding: Encoding }

interface ContentBody {
  content?: string | undefined
  content_base64?: string | undefined
}

/** @throws Problem validation_failed unless exactly one of the two is sent */
function toContent({ content, content_base64 }: ContentBody): string | Uint8Array {
  if ((content === undefined) === (content_base64 === undefined))
    throw new Problem('validation_failed', 'Send the file either as `content` or as `content_base64`.')
  return content ?? Buffer.from(content_base64 ?? '', 'base64')
}

const example = {
  import_batch_id: 'import-1a2b3c4d',
  batch_status: 'completed' as const,
  file_name: 'fair.csv',
  import_options: { on_duplicate: 'merge' },
  column_matches: [{ header: 'Mail', column: 'email', is_override: false }],
  next_record: 120,
  total_records: 120,
  synced_records: 110,
  duplicate_records: 8,
  failed_records: 2,
  updated_records: 3,
  match_counts: { joined_by: { email: 5, linkedin: 2 }, bridged: 1, contradicted: 1, kept_newer: 4, kept_edited: 2 },
  completed_at: '2026-05-01T08:00:01.000Z',
  undone_at: null,
  created_at: '2026-05-01T08:00:00.000Z',
  updated_at: '2026-05-01T08:00:01.000Z',
  created_by: 'crm',
  updated_by: 'crm',
}
const batchAnswer = (description: string, headers?: Record<string, string>) => ({
  ...rowResponse(BatchAnswer(), description, headers),
  example,
})

const Preview = lazily(() =>
  z.object({
    columns: z.array(
      z.object({
        header: z.string(),
        column: z.string().nullable().meta({ description: 'null: the column is ignored.' }),
        is_override: z.boolean(),
        samples: z.array(z.string()),
        example: z.string().meta({ description: 'The first value of the column.' }),
        becomes: z
          .string()
          .nullable()
          .meta({ description: 'What that value becomes in the lead; null if it fills nothing.' }),
        misread: z
          .object({ count: z.int(), example: z.string(), examples: z.array(z.string()) })
          .optional()
          .meta({ description: 'Cells that could not be read. Their rows are imported without them.' }),
      }),
    ),
    header_line: z.int().nullable().meta({ description: 'Line of the header; null for JSON.' }),
    is_export: z.boolean().meta({ description: 'The file is an export of this service: values are imported as is.' }),
    total_records: z.int(),
    new_records: z.int(),
    duplicate_records: z.int(),
    failed_records: z.int(),
    reasons: z.array(z.object({ reason: z.string(), count: z.int(), line_number: z.int().nullable() })),
  }),
)
const undoExample = { ...example, counts: { deleted: 2, reverted: 0, kept: 0 }, kept: [] }

const previewExample = {
  columns: [
    {
      header: 'Mail',
      column: 'email',
      is_override: false,
      samples: ['asha.rao@example.com'],
      example: 'asha.rao@example.com',
      becomes: 'asha.rao@example.com',
    },
  ],
  header_line: 1,
  is_export: false,
  total_records: 1,
  new_records: 1,
  duplicate_records: 0,
  failed_records: 0,
  reasons: [],
}

/** Deprecated: `cursor` pages this list as every other. */
const afterRecord = lazily(() =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .optional()
    .meta({ override: { type: 'integer', minimum: 0 }, deprecated: true, description: 'Deprecated: use `cursor`.' }),
)

const rejections = {
  data: [
    {
      import_batch_id: example.import_batch_id,
      record_number: 17,
      line_number: 18,
      reason: 'no name, email, phone or company',
      raw_data: { Name: '', Mail: '' },
      created_at: example.created_at,
    },
  ],
  next_cursor: null,
}

/** Loaded on demand: the mapping and the CSV reader are most of this function's code, and reads need neither. */
async function loadImportContext(call: OperationCall) {
  const [parts, { loadMapper }] = await Promise.all([
    import('@leads/core/file-imports/import-part'),
    import('@leads/core/mapping/load-mapper'),
  ])
  const { MAPPINGS_FILE, SOURCE_PRECEDENCE: source_precedence } = readConfig(['sync'])
  const context = { db: call.db, map: loadMapper(MAPPINGS_FILE), actor: call.identity.name, log: noopLog }
  return { ...parts, context: { ...context, source_precedence, now: () => new Date() } }
}

export const importOperations: readonly Operation[] = [
  defineOperation('imports', {
    method: 'POST',
    path: '/imports',
    operation_id: 'createImport',
    tag: 'Imports',
    summary: 'Import a file',
    description:
      'Imports CSV, JSON and Excel workbooks, also compressed with gzip. Matches columns by name. Normalizes, deduplicates and ' +
      'merges rows like Apify items. Send a file above 4 MB in ' +
      'parts: the first with `is_last: false`, the others to `/imports/{import_batch_id}/parts`. The body may also be the file ' +
      'itself, of at most 4 MB: CSV, NDJSON, a JSON array, a workbook or a gzip archive, with its options in the query.',
    scope: 'write',
    get query() {
      return z.object({
        ...buildShape(fileQuery),
        file_name: z.string().max(255).optional().meta({ description: 'Of a file that is the body itself.' }),
        import_batch_id: BatchId().optional(),
        on_duplicate: z.enum(['merge', 'skip']).optional(),
        source: SourceName().optional(),
      })
    },
    get body() {
      return z
        .object({
          ...buildShape(fileFields),
          file_name: z.string().max(255).optional(),
          import_batch_id: BatchId().optional().meta({
            description: 'Your own id of the import. Default: a generated id.',
          }),
          is_last: z.boolean().optional().meta({ description: 'False if more parts follow. Default: true.' }),
          on_duplicate: z.enum(['merge', 'skip']).optional(),
          source: SourceName().optional(),
          map: z.record(z.string().max(255), z.string().max(50).nullable()).optional().meta({
            description:
              'Maps a column of the file to a lead column, e.g. {"Firma": "company_name"}; null ignores the column.',
          }),
        })
        .strict()
    },
    body_bytes_max: PART_BYTES_MAX + 10_000,
    file_body: fileBody,
    example: { file_name: 'fair.csv', content: 'Name,Mail,Firma\nAsha Rao,asha.rao@example.com,Rao Ltd\n' },
    is_resumable: true,
    headers: { 'Idempotency-Key': 'A unique key. A repeated request with the same key imports once.' },
    get answers() {
      return { 201: batchAnswer('The import.', { location: 'Its URL.' }) }
    },
    errors: ['conflict'],
    async handle(call) {
      const { beginImport, importPart, context } = await loadImportContext(call)
      const input = { ...call.query, ...call.body }
      const { file_name = null, import_batch_id, is_last = true, delimiter, encoding, map, source } = input
      const content = toContent(input)
      const on_duplicate = input.on_duplicate ?? readConfig(['sync']).ON_DUPLICATE
      const begun = await beginImport(context, {
        file_name,
        import_batch_id,
        file_hash: call.idempotency_hash,
        options: { on_duplicate, delimiter, encoding, map, source },
      })
      const part = { import_batch_id: begun.import_batch_id, from_record: 0, content, is_last }
      const batch = await importPart(context, part)
      return { status: 201, body: toImportResponse(batch), headers: { location: `/imports/${batch.import_batch_id}` } }
    },
  }),

  defineOperation('imports', {
    method: 'POST',
    path: '/imports/preview',
    operation_id: 'previewImport',
    tag: 'Imports',
    summary: 'Preview an import',
    description:
      'Reads a file of at most 4 MB as an import would, and writes nothing. Returns for each column what it fills, an example, ' +
      'what that becomes and how many cells cannot be read, and how many ' +
      'records would become new leads, duplicates or rejections. The body may also be the file itself, as of `POST /imports`.',
    scope: 'write',
    get query() {
      return z.object(buildShape(fileQuery))
    },
    get body() {
      return z
        .object({
          ...buildShape(fileFields),
          map: z.record(z.string().max(255), z.string().max(50).nullable()).optional(),
        })
        .strict()
    },
    body_bytes_max: PART_BYTES_MAX + 10_000,
    file_body: fileBody,
    example: { content: 'Name,Mail,Firma\nAsha Rao,asha.rao@example.com,Rao Ltd\n' },
    get answers() {
      return { 200: { ...rowResponse(Preview(), 'The preview.'), example: previewExample } }
    },
    async handle(call) {
      const { delimiter, encoding, map } = { ...call.query, ...call.body }
      const { previewImport } = await import('./preview-import.ts')
      const options = { on_duplicate: 'merge' as const, delimiter, encoding, map }
      return { status: 200, body: await previewImport(call.db, toContent(call.body), options) }
    },
  }),

  defineOperation('imports', {
    method: 'POST',
    path: '/imports/{import_batch_id}/parts',
    operation_id: 'addImportPart',
    tag: 'Imports',
    summary: 'Send the next part of a file',
    description:
      'Split the file between records and repeat the header. `from_record` is `next_record` of the previous response. A ' +
      'repeated part changes nothing; an interrupted part is completed.',
    scope: 'write',
    get params() {
      return params()
    },
    get body() {
      return z
        .object({
          content: Content(),
          content_base64: ContentBase64(),
          from_record: z.int().min(0).max(2_000_000_000),
          is_last: z
            .boolean()
            .optional()
            .meta({ description: 'True if the file ends with this part. Default: false.' }),
        })
        .strict()
    },
    body_bytes_max: PART_BYTES_MAX + 10_000,
    example: { from_record: 20_000, content: 'Name,Mail,Firma\nJo Poe,jo@example.com,Poe Inc\n', is_last: true },
    is_resumable: true,
    headers: { 'Idempotency-Key': 'Not needed: `from_record` already makes repeated parts safe.' },
    get answers() {
      return { 200: batchAnswer('The import.') }
    },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { importPart, context } = await loadImportContext(call)
      const { from_record, is_last = false } = call.body
      const content = toContent(call.body)
      const { import_batch_id } = call.params
      const batch = await importPart(context, { import_batch_id, from_record, content, is_last })
      return { status: 200, body: toImportResponse(batch) }
    },
  }),

  defineOperation('imports', {
    method: 'GET',
    path: '/imports',
    operation_id: 'listImports',
    tag: 'Imports',
    summary: 'List imports',
    description: 'Returns imports, newest first.',
    scope: 'read',
    get query() {
      return listQuery(importListDefinition)
    },
    get answers() {
      return {
        200: { ...listResponse(BatchAnswer(), 'A page of imports.'), example: { data: [example], next_cursor: null } },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const page = await listImports(call.db, toListInput(call, importListDefinition, []))
      const body = { ...page, data: page.data.map(toImportResponse) }
      return { status: 200, body, shows_recent_work: showsRecentWork(page.data.map(toWork)) }
    },
  }),

  defineOperation('imports', {
    method: 'GET',
    path: '/imports/{import_batch_id}',
    operation_id: 'getImport',
    tag: 'Imports',
    summary: 'Get an import',
    scope: 'read',
    get params() {
      return params()
    },
    get answers() {
      return { 200: { ...rowResponse(ShownImport(), 'The import.'), example: { ...example, candidate_pairs: 2 } } }
    },
    errors: ['not_found'],
    async handle(call) {
      const { import_batch_id } = call.params
      const batch = toImportResponse(await getBatch(call.db, import_batch_id))
      const body = { ...batch, candidate_pairs: await countCandidates(call.db, { import_batch_id }) }
      return { status: 200, body, shows_recent_work: showsRecentWork([toWork(batch)]) }
    },
  }),

  defineOperation('imports', {
    method: 'GET',
    path: '/imports/{import_batch_id}/rejections',
    operation_id: 'listImportRejections',
    tag: 'Imports',
    summary: 'List the rejected records of an import',
    description: 'Returns rejected records, ordered as in the file.',
    scope: 'read',
    get params() {
      return params()
    },
    get query() {
      return listQuery(importRejectionListDefinition, { extra: { after_record: afterRecord() } })
    },
    get answers() {
      return {
        200: {
          ...listResponse(
            ImportRejection().omit({ id: true }).extend({ omitted_fields: omittedFields() }),
            'A page of rejected records.',
          ),
          example: rejections,
        },
      }
    },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const { import_batch_id } = await getBatch(call.db, call.params.import_batch_id)
      const { after_record } = call.query
      const input = toListInput(call, importRejectionListDefinition, [])
      const page = await listRejectedRecords(call.db, import_batch_id, after_record ?? 0, input)
      const data = page.data.map(({ id: _, ...rejection }) => rejection)
      const headers = after_record === undefined ? {} : deprecationHeaders
      return { status: 200, body: { ...page, data }, headers }
    },
  }),

  defineOperation('imports', {
    method: 'POST',
    path: '/imports/{import_batch_id}/undo',
    operation_id: 'undoImport',
    tag: 'Imports',
    summary: 'Undo an import',
    description:
      'Permanently deletes the leads that the import created and reverts its changes. Leads edited later are kept ' +
      '(`kept`). Returns 202 if time runs out; repeat the request to continue.',
    scope: 'admin',
    get params() {
      return params()
    },
    is_resumable: true,
    headers: { 'Idempotency-Key': 'Not needed: repeated requests undo an import once.' },
    get answers() {
      return {
        200: { ...rowResponse(UndoAnswer(), 'The import is undone.'), example: undoExample },
        202: { ...rowResponse(UndoAnswer(), 'The undo is in progress. Repeat the request.'), example: undoExample },
      }
    },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { import_batch_id } = call.params
      const { isDone, counts } = await undoWithinTimeLimit(call, import_batch_id)
      const batch = toImportResponse(await getBatch(call.db, import_batch_id))
      const kept = await listKeptLeads(call.db, import_batch_id, 500)
      return { status: isDone ? 200 : 202, body: { ...batch, counts, kept } }
    },
  }),
]

function UndoAnswer() {
  return BatchAnswer()
    .omit({})
    .extend({
      counts: z
        .object({ deleted: z.int(), reverted: z.int(), kept: z.int() })
        .meta({ description: 'Leads that this request deleted, reverted and kept.' }),
      kept: z
        .array(
          z.object({
            lead_id: z.int(),
            full_name: z.string().nullable(),
            email: z.string().nullable(),
            company_name: z.string().nullable(),
            kept_fields: z.array(z.string()).nullable().meta({ description: 'null means the whole lead.' }),
            kept_reason: z.string().nullable(),
          }),
        )
        .meta({ description: 'Leads that are kept, completely or in part; at most 500.' }),
    })
}

/** Returns what this request has done; `isDone` is false if time ran out. */
async function undoWithinTimeLimit(call: OperationCall, import_batch_id: string) {
  const { undoImport } = await import('@leads/core/file-imports/undo/undo-import')
  const signal = AbortSignal.timeout(UNDO_MS_MAX)
  let counts = { deleted: 0, reverted: 0, kept: 0 }
  const onProgress = (progress: typeof counts) => {
    counts = { ...progress }
  }
  try {
    const context = { db: call.db, actor: call.identity.name, now: () => new Date(), signal, onProgress }
    return { isDone: true, counts: (await undoImport(context, import_batch_id)).counts }
  } catch (error) {
    if (signal.aborted) return { isDone: false, counts }
    if (error instanceof ConcurrentImportError) throw new Problem('conflict', error.message)
    throw error
  }
}
