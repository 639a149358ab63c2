import { apiPromises } from './api.ts'
import { costPromises } from './costs.ts'
import { databasePromises } from './database.ts'
import { functionPromises } from './functions.ts'
import type { Promised } from './promise.ts'
import { queuePromises } from './queues.ts'
import { securityPromises } from './security.ts'
import { watchPromises } from './watch.ts'

export const promises: readonly Promised[] = [
  ...queuePromises,
  ...functionPromises,
  ...apiPromises,
  ...securityPromises,
  ...databasePromises,
  ...watchPromises,
  ...costPromises,
]
