import { lazy, Suspense } from 'react'
import type { ListedLead } from '../../api/queries.ts'
import { useStore } from '../../api/store.ts'
import { bulkFailures } from '../../list/bulk.ts'
import type { ShownColumn } from '../../list/columns.ts'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import { confirmation } from './start-bulk.ts'
import type { Selection } from './use-selection.ts'

export type LeadsDialog = 'new' | 'export' | 'export-selected' | 'bulk-tags' | 'bulk-score' | 'bulk-delete'

export interface DialogsProps {
  dialog: LeadsDialog | null
  onClose: () => void
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  selection: Selection
}

const NewLeadDialog = lazy(() => import('./new-lead-dialog.tsx'))
const ExportDialog = lazy(() => import('./export-dialog.tsx'))
const BulkDialogs = lazy(() => import('./bulk-dialogs.tsx'))

export function LeadsDialogs(props: DialogsProps) {
  const asked = useStore(confirmation)
  const failed = useStore(bulkFailures)
  const { dialog } = props
  return (
    <Suspense>
      {dialog === 'new' && <NewLeadDialog onClose={props.onClose} />}
      {(dialog === 'export' || dialog === 'export-selected') && <ExportDialog {...props} />}
      {(dialog?.startsWith('bulk') || asked || failed) && <BulkDialogs {...props} asked={asked} failed={failed} />}
    </Suspense>
  )
}
