import type { ListDefinition } from '@leads/core/lists/definition'
import { readFacet } from '@leads/core/lists/facets'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { facetPrefix, facetResponse, filterQuery, toFilters } from '../http/schemas.ts'

interface FacetOptions {
  /** The plural, as in the path: `leads`. */
  noun: 'leads' | 'companies'
  operation_id: string
  tag: string
  definition: ListDefinition
  fields: readonly [string, ...string[]]
}

/** `GET /<noun>/facets`: the values of a field in the rows that match. */
export const facetOperation = ({ noun, operation_id, tag, definition, fields }: FacetOptions): Operation =>
  defineOperation(noun, {
    method: 'GET',
    path: `/${noun}/facets`,
    operation_id,
    has_replica_reads: true,
    tag,
    summary: 'List the values of a field',
    description:
      `Counts the values of a field in the ${noun} that match, at most 50. Of a long list the newest 50,000 ${noun} are ` +
      'read (10,000 for tags); then `relation` is `at_least`.',
    scope: 'read',
    get query() {
      return filterQuery(definition, { field: z.enum(fields), prefix: facetPrefix() })
    },
    get answers() {
      return { 200: facetResponse(`${noun}_count`) }
    },
    async handle(call) {
      const { field, prefix, q } = call.query
      const filters = toFilters(call, definition)
      const values = await readFacet(call.db, definition, { field, prefix, q, filters })
      const data = values.map(({ value, rows_count, relation }) => ({
        value,
        [`${noun}_count`]: rows_count,
        relation,
      }))
      return { status: 200, body: { data } }
    },
  })
