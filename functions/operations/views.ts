import { hasScope } from '@leads/core/api-keys/authenticate'
import {
  createView,
  deleteView,
  getView,
  listViews,
  NewView,
  updateView,
  ViewPatch,
  type ViewUser,
  viewListDefinition,
} from '@leads/core/lists/saved-views'
import { lazily } from '@leads/core/model/lazily'
import { SavedView } from '@leads/core/model/saved-view'
import * as z from 'zod'
import { defineOperation, type Operation, type OperationCall } from '../http/operation.ts'
import { IdParam, listQuery, listResponse, rowResponse, toListInput } from '../http/schemas.ts'

const params = lazily(() => z.object({ id: IdParam() }))
const ViewResponse = lazily(() => SavedView().meta({ id: 'SavedView' }))

const viewExample = {
  id: 3,
  list: 'leads',
  name: 'New in India',
  query: 'country=India&lead_status=new&sort=-data_quality_score',
  columns: ['full_name', 'email', 'company_name'],
  is_shared: true,
  position: 0,
  created_at: '2026-03-02T07:38:32.674Z',
  updated_at: '2026-03-02T07:38:32.674Z',
  created_by: 'crm',
  updated_by: 'crm',
} as const

const userOf = ({ identity }: Pick<OperationCall, 'identity'>): ViewUser => ({
  name: identity.name,
  is_admin: hasScope(identity, 'admin'),
})

/** Any key may have views: they are settings of the person who reads. */
export const viewOperations: readonly Operation[] = [
  defineOperation('stats', {
    method: 'GET',
    path: '/views',
    operation_id: 'listViews',
    tag: 'Views',
    summary: 'List saved views',
    description: 'Returns the views of the key and the shared views, ordered by position.',
    scope: 'read',
    get query() {
      return listQuery(viewListDefinition)
    },
    get answers() {
      const example = { data: [viewExample], next_cursor: null }
      return { 200: { ...listResponse(ViewResponse(), 'A page of views.'), example } }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return { status: 200, body: await listViews(call.db, userOf(call), toListInput(call, viewListDefinition, [])) }
    },
  }),

  defineOperation('stats', {
    method: 'POST',
    path: '/views',
    operation_id: 'createView',
    tag: 'Views',
    summary: 'Save a view',
    description:
      'Stores filters, order and columns of a list under a name. Returns 409 if the key has a view of this name.',
    scope: 'read',
    get body() {
      return NewView()
    },
    example: { list: 'leads', name: 'New in India', query: 'country=India&lead_status=new' },
    headers: {
      'Idempotency-Key': 'A unique key, e.g. a UUID. A repeated request with the same key takes effect once.',
    },
    get answers() {
      return { 201: { ...rowResponse(ViewResponse(), 'The view.', { location: 'Its URL.' }), example: viewExample } }
    },
    errors: ['already_exists'],
    async handle(call) {
      const view = await createView(call.db, userOf(call), call.body)
      return { status: 201, body: view, headers: { location: `/views/${view.id}` } }
    },
  }),

  defineOperation('stats', {
    method: 'GET',
    path: '/views/{id}',
    operation_id: 'getView',
    tag: 'Views',
    summary: 'Get a saved view',
    scope: 'read',
    get params() {
      return params()
    },
    get answers() {
      return { 200: { ...rowResponse(ViewResponse(), 'The view.'), example: viewExample } }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getView(call.db, userOf(call), call.params.id) }
    },
  }),

  defineOperation('stats', {
    method: 'PATCH',
    path: '/views/{id}',
    operation_id: 'updateView',
    tag: 'Views',
    summary: 'Update a saved view',
    description: 'Applies a JSON merge patch. Only the author or an admin can change a view.',
    scope: 'read',
    get params() {
      return params()
    },
    get body() {
      return ViewPatch()
    },
    accepts: ['application/merge-patch+json', 'application/json'],
    example: { position: 2 },
    get answers() {
      return { 200: { ...rowResponse(ViewResponse(), 'The updated view.'), example: viewExample } }
    },
    errors: ['not_found', 'already_exists', 'insufficient_scope'],
    async handle(call) {
      return { status: 200, body: await updateView(call.db, userOf(call), call.params.id, call.body) }
    },
  }),

  defineOperation('stats', {
    method: 'DELETE',
    path: '/views/{id}',
    operation_id: 'deleteView',
    tag: 'Views',
    summary: 'Delete a saved view',
    scope: 'read',
    get params() {
      return params()
    },
    answers: { 204: { description: 'Deleted.' } },
    errors: ['not_found', 'insufficient_scope'],
    async handle(call) {
      await deleteView(call.db, userOf(call), call.params.id)
      return { status: 204 }
    },
  }),
]
