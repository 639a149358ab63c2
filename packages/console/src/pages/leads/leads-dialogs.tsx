import { lazy, Suspense } from 'react'
import { useStore } from '../../api/store.ts'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import type { DialogsProps } from './dialogs-props.ts'

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
