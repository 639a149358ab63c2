import type { Db } from '@leads/core/database/engine'

/** A handle of the database whose first transaction begins after `act`: what another writer does between read and lock. */
export function beforeTransaction<Handle extends Db>(db: Handle, act: () => Promise<unknown>): Handle {
  let acting: Promise<unknown> | undefined
  const once = () => {
    acting ??= act()
    return acting
  }
  const { transact } = db
  const kysely = new Proxy(db.kysely, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (name !== 'transaction') return typeof value === 'function' ? value.bind(target) : value
      return () => ({ execute: (work: never) => once().then(() => target.transaction().execute(work)) })
    },
  })
  return { ...db, kysely, ...(transact && { transact: (work) => once().then(() => transact(work)) }) }
}
