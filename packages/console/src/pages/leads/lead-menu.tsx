import CopyIcon from 'lucide-react/icons/copy'
import ExternalLinkIcon from 'lucide-react/icons/external-link'
import EyeIcon from 'lucide-react/icons/eye'
import FilterIcon from 'lucide-react/icons/filter'
import LinkIcon from 'lucide-react/icons/link'
import RotateCcwIcon from 'lucide-react/icons/rotate-ccw'
import Trash2Icon from 'lucide-react/icons/trash-2'
import { describeError } from '../../api/problem.ts'
import type { ListedLead } from '../../api/queries.ts'
import { restoreRow } from '../../list/change-row.ts'
import type { ShownColumn } from '../../list/columns.ts'
import { leadStatuses } from '../../list/definitions.ts'
import { leadKind } from '../../list/row-kinds.ts'
import { StatusDot } from '../../list/status.tsx'
import type { AddressState } from '../../list/use-address.ts'
import type { Selection } from '../../list/use-selection.ts'
import type { MenuEntry } from '../../parts/popup-types.ts'
import { showToast } from '../../parts/toast.ts'
import { deleteLead, editLeadQuietly } from './edit-lead.ts'
import type { LeadPopups } from './lead-shortcuts.ts'

interface MenuContext {
  lead: ListedLead
  column: ShownColumn<ListedLead>
  place: AddressState
  can_write: boolean
  selection: Selection<ListedLead>
  popups: LeadPopups
  onOpen: (lead: ListedLead, in_new_tab: boolean) => void
}

const ICON = 14

export const leadLink = (id: number | undefined): string => `${location.origin}/console/leads/${id}`

const copyText = (text: string, what: string): void =>
  void navigator.clipboard.writeText(text).then(() => showToast(`${what} copied`))

export function leadMenu({ lead, column, place, can_write, onOpen }: MenuContext): MenuEntry[] {
  const entries: MenuEntry[] = [
    {
      label: 'Open',
      shortcut: '↵',
      icon: <ExternalLinkIcon size={ICON} aria-hidden />,
      onSelect: () => onOpen(lead, false),
    },
    {
      label: 'Peek',
      shortcut: 'Space',
      icon: <EyeIcon size={ICON} aria-hidden />,
      onSelect: () => place.setUi({ peek: String(lead.id) }),
    },
    {
      label: 'Copy link',
      icon: <LinkIcon size={ICON} aria-hidden />,
      onSelect: () => copyText(leadLink(lead.id), 'Link'),
    },
  ]
  const { email } = lead
  if (email)
    entries.push({
      label: 'Copy email',
      icon: <CopyIcon size={ICON} aria-hidden />,
      onSelect: () => copyText(email, 'Email'),
    })
  const filter = filterEntry(lead, column, place)
  if (filter) entries.push(filter)
  if (!can_write) return entries
  if (lead.is_deleted) return [...entries, restoreEntry(lead)]
  leadStatuses.forEach(({ value, label }, index) => {
    entries.push({
      label,
      icon: <StatusDot status={value} />,
      is_checked: lead.lead_status === value,
      has_line_above: index === 0,
      onSelect: () => editLeadQuietly(lead, { lead_status: value }, 'Status'),
    })
  })
  entries.push({
    label: 'Delete',
    shortcut: '⌫',
    icon: <Trash2Icon size={ICON} aria-hidden />,
    is_danger: true,
    has_line_above: true,
    onSelect: () => deleteLead(lead),
  })
  return entries
}

function restoreEntry(lead: ListedLead): MenuEntry {
  return {
    label: 'Restore',
    icon: <RotateCcwIcon size={ICON} aria-hidden />,
    has_line_above: true,
    onSelect: () =>
      void restoreRow(leadKind, lead.id as number).then(
        () => showToast('Lead restored', { tone: 'good' }),
        (error: unknown) => showToast(describeError(error), { tone: 'bad' }),
      ),
  }
}

const FILTERABLE = new Set([
  'country',
  'city',
  'company_domain',
  'lead_status',
  'enrichment_status',
  'source',
  'actor_id',
  'run_id',
  'provider_name',
  'email',
  'phone',
  'lead_score',
])

function filterEntry(lead: ListedLead, column: ShownColumn<ListedLead>, place: AddressState): MenuEntry | null {
  const value = column.text?.(lead)
  if (!value || !FILTERABLE.has(column.id)) return null
  return {
    label: `Only ${column.label.toLowerCase()} ${value.slice(0, 30)}`,
    icon: <FilterIcon size={ICON} aria-hidden />,
    onSelect: () =>
      place.setFilters([
        ...place.address.filters.filter(({ field }) => field !== column.id),
        { field: column.id, operator: 'in', values: [value] },
      ]),
  }
}
