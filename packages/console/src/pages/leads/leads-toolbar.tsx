import { useQuery } from '@tanstack/react-query'
import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import DownloadIcon from 'lucide-react/icons/download'
import PlusIcon from 'lucide-react/icons/plus'
import { Suspense, useState } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { countQuery, type ListedLead } from '../../api/queries.ts'
import type { ShownColumn } from '../../list/columns.ts'
import { leadFilters } from '../../list/definitions.ts'
import { describeFilter } from '../../list/describe-filter.ts'
import { leadColumns } from '../../list/lead-columns.tsx'
import { SearchBox } from '../../list/search-box.tsx'
import css from '../../list/toolbar.module.css'
import { ColumnsButton, FilterButton } from '../../list/toolbar-buttons.tsx'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import { Button, IconButton } from '../../parts/basics.tsx'
import { formatRowCount } from '../../parts/format.ts'
import { type Popup, usePopup } from '../../parts/popup.tsx'
import page from '../../shell/page.module.css'
import { PageHead } from '../../shell/page.tsx'
import type { LeadsDialog } from './dialogs-props.ts'

const ViewsMenu = lazyPart(() => import('./views-menu.tsx'))

interface ToolbarProps {
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  can_write: boolean
  filter_popup: Popup<string>
  openDialog: (dialog: LeadsDialog) => void
  onDown: () => void
}

/** What the page is called: the view's name, or what it filters by. */
export function listTitle({ address }: AddressState): string {
  if (address.ui.view) return address.ui.view
  const parts = address.filters.slice(0, 2).map((filter) => {
    const field = leadFilters.find((each) => each.field === filter.field)
    const { label, verb, value } = describeFilter(field, filter)
    return filter.operator === 'in' ? value : `${label} ${verb} ${value}`.trim()
  })
  if (address.q.trim()) parts.push(`“${address.q.trim()}”`)
  return parts.length > 0 ? parts.join(', ') : 'Leads'
}

export function LeadsToolbar(props: ToolbarProps) {
  const { place, list, columns, can_write, filter_popup, openDialog, onDown } = props
  const views = usePopup()
  const { address } = place
  const title = listTitle(place)
  return (
    <>
      <PageHead
        title={title === 'Leads' ? 'Leads' : `Leads: ${title}`}
        heading={<ViewsButton title={title} popup={views} />}
        note={<Count place={place} list={list} />}
      >
        <SearchBox
          label="Search leads"
          value={address.q}
          onChange={place.setQuery}
          onBackspace={() => place.setFilters(address.filters.slice(0, -1))}
          onDown={onDown}
        />
        <FilterButton popup={filter_popup} />
        <ColumnsButton place={place} all={leadColumns} shown={columns} />
        <span className={css.hidePhone}>
          <IconButton label="Export" shortcut="⌘⇧E" look="plain" onClick={() => openDialog('export')}>
            <DownloadIcon size={14} aria-hidden />
          </IconButton>
        </span>
        {can_write && (
          <Button look="primary" aria-label="New lead" onClick={() => openDialog('new')}>
            <PlusIcon size={14} aria-hidden />
            <span className={css.label}>New</span>
          </Button>
        )}
      </PageHead>
      <Suspense>{views.is_open && <ViewsMenu anchor={views.anchor} onClose={views.close} place={place} />}</Suspense>
    </>
  )
}

function ViewsButton({ title, popup }: { title: string; popup: Popup<unknown> }) {
  return (
    <button
      type="button"
      className={css.viewName}
      data-views-button
      aria-haspopup="dialog"
      aria-expanded={popup.is_open}
      onClick={(event) => popup.open(event.currentTarget, true)}
    >
      <span>{title}</span>
      <ChevronDownIcon size={14} aria-hidden />
      <span className="visually-hidden">, views</span>
    </button>
  )
}

/** "10,000+ leads": counted to 10,000, exactly by a click. */
function Count({ place, list }: { place: AddressState; list: ListState<ListedLead> }) {
  const [is_exact, setExact] = useState(false)
  const exact = useQuery({ ...countQuery('leads', '/leads', place.query, 'exact'), enabled: is_exact })
  const count = (is_exact && !exact.isPlaceholderData && exact.data) || list.count
  if (!count) return null
  const noun = count.value === 1 ? 'lead' : 'leads'
  const left_out = /lead_score/.test(place.address.sort) ? ' with a score' : ''
  const text = `${formatRowCount(count)} ${noun}${left_out}`
  return (
    <span className={page.note} aria-live="polite">
      {count.relation === 'exact' ? (
        text
      ) : (
        <button type="button" data-tip="Count exactly" onClick={() => setExact(true)}>
          {text}
        </button>
      )}
    </span>
  )
}
