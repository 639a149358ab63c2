import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { useStore } from '../../api/store.ts'
import type { BulkForm } from '../../list/bulk-dialogs.tsx'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import { leadKind } from '../../list/row-kinds.ts'
import type { LeadList } from './use-lead-list.ts'

const LeadSelectionBar = lazyPart(() => import('./lead-selection-bar.tsx'))
const NewLeadDialog = lazyPart(() => import('./new-lead-dialog.tsx'))
const ExportDialog = lazyPart(() => import('./export-dialog.tsx'))
const BulkDialogs = lazyPart(() => import('../../list/bulk-dialogs.tsx'))

/** What is done with leads of a list: the bar of the chosen ones, and the dialogs. */
export function LeadActions({ leads }: { leads: LeadList }) {
  const { dialog, openDialog, selection } = leads
  const dialogs = { ...leads, onClose: () => openDialog(null) }
  const asked = useStore(confirmation)
  const failed = useStore(bulkFailures)
  const form = dialog?.startsWith('bulk') ? (dialog as BulkForm) : null
  return (
    <Suspense>
      {selection.ids.size > 0 && <LeadSelectionBar {...leads} />}
      {dialog === 'new' && <NewLeadDialog onClose={dialogs.onClose} />}
      {(dialog === 'export' || dialog === 'export-selected') && <ExportDialog {...dialogs} />}
      {(form || asked || failed) && (
        <BulkDialogs {...dialogs} kind={leadKind} form={form} asked={asked} failed={failed} />
      )}
    </Suspense>
  )
}
