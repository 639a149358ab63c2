import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { useStore } from '../../api/store.ts'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import type { DialogsProps } from './dialogs-props.ts'

const NewLeadDialog = lazyPart(() => import('./new-lead-dialog.tsx'))
const ExportDialog = lazyPart(() => import('./export-dialog.tsx'))
const BulkDialogs = lazyPart(() => import('./bulk-dialogs.tsx'))

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
