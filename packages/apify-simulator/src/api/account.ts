import { USER_ID } from '../runs/record.ts'
import { needToken } from './access.ts'
import { dataAnswer, notFound } from './answer.ts'
import type { Routes } from './router.ts'

/** An Actor, and the account that the token belongs to. */
export const accountRoutes: Routes = {
  'GET /v2/actors/:actor': (request, state) => {
    needToken(request)
    const actor = state.actors.find(request.params[0] ?? '')
    if (!actor) throw notFound('Actor')
    const created = new Date(actor.created_at).toISOString()
    return dataAnswer({
      id: actor.id,
      userId: USER_ID,
      name: actor.name,
      username: actor.username,
      title: actor.title,
      description: null,
      isPublic: true,
      createdAt: created,
      modifiedAt: created,
      stats: { totalRuns: [...state.runs.values()].filter((run) => run.actor_id === actor.id).length },
      versions: [],
      defaultRunOptions: { build: 'latest', timeoutSecs: 3600, memoryMbytes: 2048 },
    })
  },
  'GET /v2/users/:user': (request) => {
    needToken(request)
    if (request.params[0] !== 'me' && request.params[0] !== USER_ID) throw notFound('User')
    return dataAnswer({
      id: USER_ID,
      username: 'jane',
      email: 'jane@example.com',
      profile: { name: 'Jane Doe' },
      plan: { id: 'SIMULATED', isEnabled: true, maxActorRuns: 25 },
      createdAt: '2024-01-01T00:00:00.000Z',
      isPaying: false,
    })
  },
}
