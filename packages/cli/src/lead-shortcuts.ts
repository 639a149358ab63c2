/** What people type first: `leads list` for `leads leads list`. */
export const leadShortcuts: readonly string[] = ['list', 'show', 'history', 'edit', 'delete', 'restore', 'unmerge']
