import type { DatasetSpec } from '../generate/dataset.ts'
import { newId } from '../ids.ts'

/** An Actor as the simulator knows it. */
export interface Actor {
  id: string
  username: string
  name: string
  title: string
  /** What its runs make where the input names no generator. */
  generator: DatasetSpec['generator'] | null
  created_at: number
}

const KNOWN: readonly Omit<Actor, 'created_at'>[] = [
  {
    id: 'nwua9Gu5YrADL7ZDj',
    username: 'compass',
    name: 'crawler-google-places',
    title: 'Google Maps Scraper',
    generator: 'google-places',
  },
  {
    id: '2SyF0bVxmgGr8IVCZ',
    username: 'dev_fusion',
    name: 'Linkedin-Profile-Scraper',
    title: 'Linkedin Profile Scraper',
    generator: 'linkedin-people',
  },
  {
    id: 'jljBwyyQakqrL1wae',
    username: 'code_crafter',
    name: 'apollo-io-scraper',
    title: 'Apollo Scraper',
    generator: 'apollo-people',
  },
]

/** The Actors of the account: three well-known ones, and those that runs have named. */
export class Actors {
  readonly #by_id = new Map<string, Actor>()

  constructor(created_at: number) {
    for (const actor of KNOWN) this.#by_id.set(actor.id, { ...actor, created_at })
  }

  /** Finds by id, or by `user~name` or `user/name` in any letter case. */
  find(reference: string): Actor | undefined {
    const by_id = this.#by_id.get(reference)
    if (by_id) return by_id
    const full_name = reference.replace('/', '~').toLowerCase()
    for (const actor of this.#by_id.values()) {
      if (`${actor.username}~${actor.name}`.toLowerCase() === full_name) return actor
    }
    return undefined
  }

  /** Finds one or makes it. `name` is `user/name`, `user~name` or a name only. */
  ensure(reference: string, name: string | undefined, created_at: number): Actor {
    const found = this.find(reference)
    if (found) return found
    const is_name = /[/~]/.test(reference)
    const [username = 'jane', short_name] = (name ?? (is_name ? reference : `jane/${reference}`)).split(/[/~]/)
    const actor: Actor = {
      id: is_name ? newId() : reference,
      username: short_name ? username : 'jane',
      name: short_name ?? username,
      title: name ?? reference,
      generator: null,
      created_at,
    }
    this.#by_id.set(actor.id, actor)
    return actor
  }
}
