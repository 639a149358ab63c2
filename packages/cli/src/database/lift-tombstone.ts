import { liftTombstones } from '@leads/core/duplicates/tombstones'
import { CommandError } from '../output/errors.ts'
import { print, printJson } from '../output/print.ts'
import { withDatabase } from '../with-database.ts'

export async function liftTombstone(identity: string, { json }: { json?: boolean }): Promise<void> {
  const lifted = await withDatabase((db) => liftTombstones(db, identity))
  if (lifted === 0) throw new CommandError('not_found', `No deleted lead had the identity ${identity}.`)
  if (json) printJson({ lifted })
  else print(`The next import may bring this lead back.`)
}
