import { hasScope } from '@leads/core/api-keys/authenticate'
import { EXPORT_ROWS_MAX, exportLeadPage } from '@leads/core/exports/export-page'
import { FEED_SETTLE_S, readChangeFeed } from '@leads/core/leads/change-feed'
import { LeadDetail, leadDetailColumns } from '@leads/core/leads/lead-views'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import { PAGE_ROWS_DEFAULT } from '@leads/core/lists/definition'
import { parseFields } from '@leads/core/lists/list-page'
import { lazily } from '@leads/core/model/lazily'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { BooleanParam, Cursor, Limit, listQuery, toListInput } from '../http/schemas.ts'
import { deprecationDescriptions, deprecationHeaders } from '../http/version.ts'
import { omittedFields } from './lead-responses.ts'

const limitError = `a whole number from 1 to ${EXPORT_ROWS_MAX}`
const ExportLimit = lazily(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}$/, limitError)
    .transform(Number)
    .refine((value) => value <= EXPORT_ROWS_MAX, limitError)
    .optional()
    .meta({
      override: { type: 'integer', minimum: 1, maximum: EXPORT_ROWS_MAX, default: EXPORT_ROWS_MAX },
      description: `Rows per page, at most ${EXPORT_ROWS_MAX}.`,
    }),
)

const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const

export const leadFeedOperations: readonly Operation[] = [
  defineOperation('leads', {
    method: 'GET',
    path: '/leads/export',
    operation_id: 'exportLeads',
    has_replica_reads: true,
    tag: 'Leads',
    summary: 'Export leads as NDJSON or CSV',
    description:
      'Accepts the filters, order and fields of the list. Returns one page: follow the header `next-cursor` (pass ' +
      'it as `cursor`) until it is missing, and concatenate the pages. CSV cells that a spreadsheet would ' +
      'evaluate as a formula begin with an apostrophe.',
    scope: 'read',
    get query() {
      return listQuery(leadListDefinition, {
        fields: leadDetailColumns,
        extra: {
          format: z.enum(['ndjson', 'csv']).optional().meta({ description: 'Default ndjson.' }),
          delimiter: z.enum(['comma', 'semicolon', 'tab']).optional().meta({
            description: 'Separator of CSV; default comma. Excel expects semicolons where commas separate decimals.',
          }),
          bom: BooleanParam().optional().meta({
            description: 'Begins CSV with a byte order mark, by which Excel recognizes UTF-8.',
          }),
          limit: ExportLimit(),
          include_deleted: BooleanParam().optional().meta({ description: 'Includes deleted rows; needs scope admin.' }),
        },
      })
    },
    get answers() {
      return {
        200: {
          description: 'A page of leads.',
          content: { 'application/x-ndjson': z.string(), 'text/csv': z.string() },
          headers: {
            'next-cursor': 'The cursor of the next page, if there is one.',
            'x-next-cursor': 'Deprecated: the same.',
            link: 'Deprecated: the address of the next page.',
            ...deprecationDescriptions,
          },
          example: '{"id":42,"full_name":"Asha Rao"}\n',
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const { format = 'ndjson', limit = EXPORT_ROWS_MAX, delimiter = 'comma', bom } = call.query
      const input = { ...toListInput(call, leadListDefinition, leadDetailColumns), limit, count: undefined }
      const page = await exportLeadPage(call.db, format, input, { delimiter: delimiters[delimiter], has_bom: bom })
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson'
      const headers: Record<string, string> = {
        'content-type': type,
        'content-disposition': `attachment; filename="leads.${format}"`,
      }
      if (page.next_cursor !== null) {
        headers['next-cursor'] = page.next_cursor
        headers['x-next-cursor'] = page.next_cursor
        headers.link = `<${buildNextUrl(call.query as Record<string, unknown>, page.next_cursor)}>; rel="next"`
        Object.assign(headers, deprecationHeaders)
      }
      return { status: 200, body: page.text, headers }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/leads/changes',
    operation_id: 'readLeadChanges',
    tag: 'Leads',
    summary: 'Read the change feed',
    description:
      'Returns leads ordered by their last change (or creation), including deleted leads. Store `next_cursor` and pass it ' +
      `to the next request: no change is skipped, even if it was committed late. Changes appear after ${FEED_SETTLE_S} s. ` +
      'Of a deleted lead, keys without scope admin get only `id`, `version`, `updated_at`, `is_deleted` and `deleted_at`.',
    scope: 'read',
    get query() {
      return z.object({
        order: z.enum(['updated_at', 'created_at']).optional().meta({ description: 'Default updated_at.' }),
        since: z.string().max(40).optional().meta({ description: 'Start time if no cursor is given (ISO 8601).' }),
        cursor: Cursor().optional(),
        limit: Limit().optional(),
        fields: z.string().max(2000).optional().meta({ description: 'Only these fields, separated by commas.' }),
      })
    },
    get answers() {
      return {
        200: {
          description: 'The next changes.',
          content: {
            'application/json': z.object({
              data: z.array(LeadDetail().partial().extend({ omitted_fields: omittedFields() })),
              next_cursor: z.string(),
              has_more: z
                .boolean()
                .meta({ deprecated: true, description: 'Deprecated: `data` is empty at the end of the feed.' }),
              settled_until: z.iso.datetime(),
            }),
          },
          headers: deprecationDescriptions,
          example: {
            data: [{ id: 42, version: 3, updated_at: '2026-03-04T10:12:00.000Z', is_deleted: false }],
            next_cursor: 'WyIyMDI2LTAzLTA0Il0.c2ln',
            has_more: false,
            settled_until: '2026-03-04T10:15:00.000Z',
          },
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const { order = 'updated_at', limit = PAGE_ROWS_DEFAULT, since, cursor, fields } = call.query
      const body = await readChangeFeed(call.db, {
        order,
        limit,
        since,
        cursor,
        fields: parseFields(leadDetailColumns, fields),
        cursor_secret: call.cursor_secret,
        now: new Date(),
        can_see_deleted: hasScope(call.identity, 'admin'),
      })
      return { status: 200, body, headers: deprecationHeaders }
    },
  }),
]

function buildNextUrl(query: Record<string, unknown>, cursor: string): string {
  const next = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || name === 'cursor') continue
    for (const text of [value].flat()) next.append(name, String(text))
  }
  next.set('cursor', cursor)
  return `/leads/export?${next}`
}
