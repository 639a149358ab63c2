import { Suspense, useEffect } from 'react'
import { lazyPart } from '../api/load-part.ts'
import { useStore } from '../api/store.ts'
import type { Column } from './columns.ts'
import { openConflicts } from './conflict.ts'

const ConflictPanel = lazyPart(() => import('./conflict-panel.tsx'))

/** A page that is left keeps what the others stored. */
function leaveOpenConflicts(): void {
  for (const { choose } of openConflicts.get()) choose('theirs')
}

/** Asks, in turn, about fields that another user changed while they were edited here. */
export function ConflictHost<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  const [conflict] = useStore(openConflicts)
  useEffect(() => leaveOpenConflicts, [])
  if (!conflict) return null
  const label = columns.find(({ editor, id }) => (editor?.field ?? id) === conflict.field)?.label ?? conflict.field
  return (
    <Suspense>
      <ConflictPanel conflict={conflict} label={label} />
    </Suspense>
  )
}
