import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { useStore } from '../../api/store.ts'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import type { LeadList } from './use-lead-list.ts'

const SelectionBar = lazyPart(() => import('./selection-bar.tsx'))
const NewLeadDialog = lazyPart(() => import('./new-lead-dialog.tsx'))
const ExportDialog = lazyPart(() => import('./export-dialog.tsx'))
const BulkDialogs = lazyPart(() => import('./bulk-dialogs.tsx'))

/** What is done with leads of a list: the bar of the chosen ones, and the dialogs. */
export function LeadActions({ leads }: { leads: LeadList }) {
  const { dialog, openDialog, selection } = leads
  const dialogs = { ...leads, onClose: () => openDialog(null) }
  const asked = useStore(confirmation)
  const failed = useStore(bulkFailures)
  return (
    <Suspense>
      {selection.ids.size > 0 && <SelectionBar {...leads} />}
      {dialog === 'new' && <NewLeadDialog onClose={dialogs.onClose} />}
      {(dialog === 'export' || dialog === 'export-selected') && <ExportDialog {...dialogs} />}
      {(dialog?.startsWith('bulk') || asked || failed) && <BulkDialogs {...dialogs} asked={asked} failed={failed} />}
    </Suspense>
  )
}
