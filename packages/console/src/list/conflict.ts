import { createStore } from '../api/store.ts'

/** A field that another user changed while it was edited here. */
export interface Conflict {
  id: number
  field: string
  mine: unknown
  theirs: unknown
  who: string
  when: string
}

export type Choice = 'mine' | 'theirs'

export interface OpenConflict extends Conflict {
  choose: (choice: Choice) => void
}

export const openConflicts = createStore<readonly OpenConflict[]>([])

/** Asks the person whose value shall stand. */
export function askConflict(conflict: Conflict): Promise<Choice> {
  return new Promise((resolve) => {
    const open: OpenConflict = {
      ...conflict,
      choose: (choice) => {
        openConflicts.set((all) => all.filter((each) => each !== open))
        resolve(choice)
      },
    }
    openConflicts.set((all) => [...all, open])
  })
}
