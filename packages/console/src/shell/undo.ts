import { describeError } from '../api/problem.ts'
import { createStore } from '../api/store.ts'
import { showToast, updateToast } from '../parts/toast.ts'

/** A change that can be reverted: `revert` returns what it has done, in the past tense. */
export interface UndoableAction {
  text: string
  revert: () => Promise<string>
}

const ACTIONS_MAX = 20
const actions = createStore<readonly UndoableAction[]>([])

/** Announces a change and offers to revert it, by the toast and by ⌘Z. */
export function offerUndo(action: UndoableAction, options: { detail?: string } = {}): void {
  actions.set((all) => [...all, action].slice(-ACTIONS_MAX))
  showToast(action.text, {
    tone: 'good',
    ...options,
    action: { label: 'Undo', shortcut: '⌘Z', run: () => void undo(action) },
  })
}

export async function undo(action: UndoableAction | undefined = actions.get().at(-1)): Promise<void> {
  if (!action || !actions.get().includes(action)) return
  actions.set((all) => all.filter((each) => each !== action))
  const toast = showToast('Undoing …', { progress: 0 })
  try {
    updateToast(toast, { text: await action.revert(), tone: 'good', progress: undefined })
  } catch (error) {
    updateToast(toast, { text: `Not undone: ${describeError(error)}`, tone: 'bad', progress: undefined })
  }
}
