import type { ListedLead } from '../../api/queries.ts'
import { type ShownColumn, withWidth } from '../../list/columns.ts'
import { ConflictHost } from '../../list/conflict-host.tsx'
import { EditPopup } from '../../list/edit-popups.tsx'
import { Grid } from '../../list/grid.tsx'
import type { GridState } from '../../list/grid-state.ts'
import { LeadPhoneRow } from '../../list/lead-columns.tsx'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import { useIsPhone } from '../../parts/media.ts'
import { Menu } from '../../parts/popup.tsx'
import { editLead, editLeadQuietly } from './edit-lead.ts'
import { leadMenu } from './lead-menu.tsx'
import type { LeadPopups } from './lead-shortcuts.ts'
import type { Selection } from './use-selection.ts'

interface LeadGridProps {
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  state: GridState
  row_height: number
  selection: Selection
  can_write: boolean
  popups: LeadPopups
  onOpen: (lead: ListedLead, in_new_tab: boolean) => void
  end_text: string
  /** Parameter of the address that this list's peek stands in; none on a company's page. */
  has_peek?: boolean
}

export function LeadGrid(props: LeadGridProps) {
  const {
    place,
    list,
    columns,
    state,
    row_height,
    selection,
    can_write,
    popups,
    onOpen,
    end_text,
    has_peek = true,
  } = props
  const { ui, sort } = place.address
  const is_phone = useIsPhone()
  return (
    <>
      <Grid<ListedLead>
        key={place.entry_key}
        label="Leads"
        list={list}
        columns={columns}
        state={state}
        row_height={row_height}
        memory_key={place.entry_key}
        rowId={(lead) => lead.id as number}
        isDeleted={(lead) => lead.is_deleted === true}
        sort={sort || '-created_at'}
        onSort={(column) => place.setSort(nextSort(sort || '-created_at', column))}
        onWidth={(id, width) => place.setUi({ widths: withWidth(columns, ui.widths, id, width) })}
        onMoveColumn={(id, by) => place.setUi({ cols: movedColumns(columns, id, by) })}
        selected={selection.ids}
        onSelect={selection.change}
        onOpen={onOpen}
        {...(has_peek && {
          onPeek: (lead: ListedLead) => place.setUi({ peek: ui.peek === String(lead.id) ? '' : String(lead.id) }),
        })}
        onActive={(lead) => {
          if (has_peek && ui.peek && lead && ui.peek !== String(lead.id)) place.setUi({ peek: String(lead.id) })
        }}
        onEdit={
          can_write
            ? (lead, column, value) => editLead(lead, { [column.editor?.field ?? column.id]: value }, column.label)
            : undefined
        }
        onEditPopup={(lead, column, anchor) => popups.editor.open(anchor, { lead, column })}
        onMenu={(lead, column, anchor) => popups.menu.open(anchor, { lead, column })}
        end_text={end_text}
        phoneRow={is_phone ? (lead) => <LeadPhoneRow lead={lead} /> : undefined}
      />
      <GridPopups {...props} />
      <ConflictHost columns={columns} />
    </>
  )
}

function GridPopups({ place, list, popups, selection, can_write, onOpen, state }: LeadGridProps) {
  const { editor, menu } = popups
  const focusBack = (): HTMLElement | null =>
    document.querySelector(`[data-row="${state.active.row}"][data-column="${state.active.column}"]`)
  const edited = editor.value
  const spec = edited?.column.editor
  const edited_row = list.rows.find(({ id }) => id === edited?.lead.id) ?? edited?.lead
  return (
    <>
      {edited && spec && edited_row && (
        <EditPopup
          anchor={editor.anchor}
          editor={spec}
          label={edited.column.label}
          value={edited_row[spec.field as keyof ListedLead]}
          known_tags={knownTags(list.rows)}
          onSave={(value) => editLeadQuietly(edited_row, { [spec.field]: value }, edited.column.label)}
          onClose={editor.close}
        />
      )}
      {menu.value && (
        <Menu
          anchor={menu.anchor}
          label="Lead"
          focusBack={focusBack}
          onClose={menu.close}
          entries={leadMenu({ ...menu.value, place, can_write, selection, onOpen, popups })}
        />
      )}
    </>
  )
}

const TAGS_MAX = 100

/** Tags of the rows at hand, most frequent first: what a person most likely wants to add. */
function knownTags(rows: readonly ListedLead[]): string[] {
  const counts = new Map<string, number>()
  for (const { tags = [] } of rows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TAGS_MAX)
    .map(([tag]) => tag)
}

/** Descending first, then ascending, then the list's own order. */
export function nextSort(sort: string, column: string): string {
  if (sort === `-${column}`) return column
  return sort === column && column !== 'created_at' ? '' : `-${column}`
}

export function movedColumns<Row>(columns: readonly ShownColumn<Row>[], id: string, by: -1 | 1): string {
  const ids = columns.filter(({ is_pinned }) => !is_pinned).map((column) => column.id)
  const from = ids.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= ids.length) return ids.join(',')
  ids.splice(to, 0, ...ids.splice(from, 1))
  return ids.join(',')
}
