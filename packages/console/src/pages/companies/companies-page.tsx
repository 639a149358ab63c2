import Building2Icon from 'lucide-react/icons/building-2'
import PlusIcon from 'lucide-react/icons/plus'
import { Suspense, useMemo, useState } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { describeError } from '../../api/problem.ts'
import type { ListedCompany } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'
import type { BulkForm } from '../../list/bulk-dialogs.tsx'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import { chooseColumns, fieldsOf, type ShownColumn } from '../../list/columns.ts'
import { COMPANY_FIELDS_ALWAYS, CompanyPhoneRow, companyColumns } from '../../list/company-columns.tsx'
import { ConflictHost } from '../../list/conflict-host.tsx'
import { companyFilters, kindsOf } from '../../list/definitions.ts'
import { EditPopup } from '../../list/edit-popups.tsx'
import { FilterBar } from '../../list/filters/filter-bar.tsx'
import { Grid } from '../../list/grid.tsx'
import { useGridState } from '../../list/grid-state.ts'
import { placeProps } from '../../list/place-props.ts'
import { useRowHeight } from '../../list/row-height.ts'
import { SearchBox } from '../../list/search-box.tsx'
import toolbar from '../../list/toolbar.module.css'
import { ColumnsButton, FilterButton, findFilterButton } from '../../list/toolbar-buttons.tsx'
import { type AddressState, useAddress } from '../../list/use-address.ts'
import { type ListState, useList } from '../../list/use-list.ts'
import { useOpenRow } from '../../list/use-open-row.ts'
import { type Selection, useSelection } from '../../list/use-selection.ts'
import { Button, Empty } from '../../parts/basics.tsx'
import { formatRowCount } from '../../parts/format.ts'
import { useIsPhone } from '../../parts/media.ts'
import { Menu, type Popup, usePopup } from '../../parts/popup.tsx'
import { showToast } from '../../parts/toast.ts'
import { PageHead } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { deleteCompany, editCompany, restoreCompany } from './edit-company.ts'
import { NewCompanyDialog } from './new-company-dialog.tsx'
import { type CompanyCell, useCompanyKeys } from './use-company-keys.ts'

const CompanyBulk = lazyPart(() => import('./company-bulk.tsx'))
const kinds = kindsOf(companyFilters)

export function CompaniesPage() {
  const place = useAddress(kinds)
  const { ui } = place.address
  const columns = useMemo(() => chooseColumns(companyColumns, ui.cols, ui.widths), [ui.cols, ui.widths])
  const query = useMemo(() => ({ ...place.query, include: 'leads_count' }), [place.query])
  const list = useList<ListedCompany>('companies', '/companies', query, fieldsOf(columns, COMPANY_FIELDS_ALWAYS))
  const filter_popup = usePopup<string>()
  const [is_new_open, setNewOpen] = useState(false)
  const can_write = useScope('write')
  const selection = useSelection(list.rows, place.query)
  const asked = useStore(confirmation)
  const failed = useStore(bulkFailures)
  const [form, openForm] = useState<BulkForm | null>(null)
  return (
    <>
      <Head {...{ place, list, columns, filter_popup, can_write, selection }} onNew={() => setNewOpen(true)} />
      <FilterBar
        fields={companyFilters}
        address={place.address}
        onChange={place.setFilters}
        popup={filter_popup}
        error={list.error}
      />
      <div className={toolbar.area}>
        {!list.is_loading && list.rows.length === 0 ? (
          <Empty
            icon={<Building2Icon size={28} aria-hidden />}
            title={list.error ? 'The companies cannot be shown' : 'No company matches'}
          >
            {list.error ? describeError(list.error) : 'Companies are created with the leads that work for them.'}
          </Empty>
        ) : (
          <CompanyGrid {...{ place, list, columns, can_write, selection, openForm }} />
        )}
        {(selection.ids.size > 0 || asked || failed) && (
          <Suspense>
            <CompanyBulk {...{ selection, list, can_write, form, openForm }} />
          </Suspense>
        )}
      </div>
      <ConflictHost columns={companyColumns} />
      {is_new_open && <NewCompanyDialog onClose={() => setNewOpen(false)} />}
    </>
  )
}

interface HeadProps {
  place: AddressState
  list: ListState<ListedCompany>
  columns: readonly ShownColumn<ListedCompany>[]
  filter_popup: Popup<string>
  can_write: boolean
  selection: Selection<ListedCompany>
  onNew: () => void
}

const focusGrid = (): void => document.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus()

function Head({ place, list, columns, filter_popup, can_write, selection, onNew }: HeadProps) {
  const group = 'This list'
  useShortcuts([
    { keys: 'j', label: 'Next row', group, is_hidden: true, run: focusGrid },
    {
      keys: 'f',
      label: 'Add a filter',
      group,
      run: () => filter_popup.open(findFilterButton(), ''),
    },
    { keys: 'r', label: 'Refresh', group, run: list.restart },
    { keys: 'mod+a', label: 'Select all loaded rows', group, run: selection.selectLoaded },
    { keys: 'mod+shift+a', label: 'Select all matching', group, run: selection.selectAll },
    { keys: 'Escape', label: 'Clear the selection', group, is_hidden: true, run: selection.clear },
    ...(can_write ? [{ keys: 'c', label: 'New company', group, run: onNew }] : []),
  ])
  return (
    <PageHead title="Companies" note={list.count && formatRowCount(list.count)}>
      <SearchBox
        label="Search companies"
        value={place.address.q}
        onChange={place.setQuery}
        onBackspace={() => place.setFilters(place.address.filters.slice(0, -1))}
        onDown={focusGrid}
      />
      <FilterButton popup={filter_popup} />
      <ColumnsButton place={place} all={companyColumns} shown={columns} />
      {can_write && (
        <Button look="primary" aria-label="New company" onClick={onNew}>
          <PlusIcon size={14} aria-hidden />
          <span className={toolbar.label}>New</span>
        </Button>
      )}
    </PageHead>
  )
}

interface CompanyGridProps {
  place: AddressState
  list: ListState<ListedCompany>
  columns: readonly ShownColumn<ListedCompany>[]
  can_write: boolean
  selection: Selection<ListedCompany>
  openForm: (form: BulkForm) => void
}

const drawPhoneRow = (company: ListedCompany) => <CompanyPhoneRow company={company} />

function CompanyGrid({ place, list, columns, can_write, selection, openForm }: CompanyGridProps) {
  const state = useGridState(place.entry_key, list.rows.length)
  const row_height = useRowHeight()
  const is_phone = useIsPhone()
  const open = useOpenRow<ListedCompany>(({ id }) => `/companies/${id}`)
  const menu = usePopup<ListedCompany>()
  const editor = usePopup<CompanyCell>()
  useCompanyKeys({ list, columns, state, selection, can_write, openForm, editor })
  return (
    <>
      <Grid<ListedCompany>
        label="Companies"
        list={list}
        {...placeProps(place, columns)}
        state={state}
        row_height={row_height}
        rowId={(company) => company.id as number}
        isDeleted={(company) => company.is_deleted === true}
        selected={selection.ids}
        onSelect={selection.change}
        onOpen={open}
        onEdit={
          can_write
            ? (company, column, value) =>
                editCompany(company, { [column.editor?.field ?? column.id]: value }, column.label)
            : undefined
        }
        onEditPopup={(company, column, anchor) => editor.open(anchor, { company, column })}
        onMenu={(company, _, anchor) => menu.open(anchor, company)}
        end_text={list.count ? `That is all of ${formatRowCount(list.count)} companies.` : 'That is all.'}
        phoneRow={is_phone ? drawPhoneRow : undefined}
      />
      <CompanyPopups menu={menu} editor={editor} can_write={can_write} onOpen={open} />
    </>
  )
}

interface CompanyPopupsProps {
  menu: Popup<ListedCompany>
  editor: Popup<CompanyCell>
  can_write: boolean
  onOpen: (company: ListedCompany, in_new_tab: boolean) => void
}

/** The menu of a row, and the editor over a cell. */
function CompanyPopups({ menu, editor, can_write, onOpen }: CompanyPopupsProps) {
  return (
    <>
      {menu.value && (
        <Menu
          anchor={menu.anchor}
          label="Company"
          onClose={menu.close}
          entries={companyMenu(menu.value, can_write, onOpen)}
        />
      )}
      {editor.value?.column.editor && (
        <EditPopup
          anchor={editor.anchor}
          editor={editor.value.column.editor}
          label={editor.value.column.label}
          value={editor.value.company.tags}
          onSave={(tags) => {
            if (editor.value) editCompany(editor.value.company, { tags }, 'Tags').catch(tellOfError)
          }}
          onClose={editor.close}
        />
      )}
    </>
  )
}

const tellOfError = (error: unknown): void => void showToast(describeError(error), { tone: 'bad' })

const companyMenu = (
  company: ListedCompany,
  can_write: boolean,
  open: (company: ListedCompany, in_new_tab: boolean) => void,
) => [
  { label: 'Open', shortcut: '↵', onSelect: () => open(company, false) },
  { label: 'Open in a new tab', shortcut: '⌘↵', onSelect: () => open(company, true) },
  ...(can_write && !company.is_deleted
    ? [{ label: 'Delete', is_danger: true, has_line_above: true, onSelect: () => deleteCompany(company) }]
    : []),
  ...(can_write && company.is_deleted
    ? [{ label: 'Restore', has_line_above: true, onSelect: () => restoreCompany(company) }]
    : []),
]
