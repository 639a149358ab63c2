import { functionManifest } from '../functions/runtime/manifest.ts'
import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { componentName, named } from './names.ts'

function schedule(name: 'reconcile' | 'cleanup'): sst.aws.Function {
  const scheduled = createFunction(name, { after: [migration] })
  new sst.aws.CronV2(`${componentName(name)}Schedule`, {
    function: scheduled.arn,
    schedule: functionManifest[name].trigger.expression,
    timezone: 'UTC',
    // Both find out for themselves what there is to do, so a repeated event does no harm.
    retries: 2,
    transform: { schedule: { name: named(name) } },
  })
  return scheduled
}

export const reconcile = schedule('reconcile')
export const cleanup = schedule('cleanup')
