import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import PlayIcon from 'lucide-react/icons/play'
import RefreshCwIcon from 'lucide-react/icons/refresh-cw'
import XIcon from 'lucide-react/icons/x'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import { countQuery, type Sync, syncInterval } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import type { Filter } from '../../list/address.ts'
import { chooseColumns, type ShownColumn } from '../../list/columns.ts'
import { kindsOf, syncFilters } from '../../list/definitions.ts'
import { FilterBar } from '../../list/filters/filter-bar.tsx'
import { Grid } from '../../list/grid.tsx'
import type { RowId } from '../../list/grid-props.ts'
import { useGridState } from '../../list/grid-state.ts'
import { placeProps } from '../../list/place-props.ts'
import { useRowHeight } from '../../list/row-height.ts'
import { syncState } from '../../list/status.tsx'
import toolbar from '../../list/toolbar.module.css'
import { ColumnsButton, FilterButton, findFilterButton } from '../../list/toolbar-buttons.tsx'
import { type AddressState, useAddress } from '../../list/use-address.ts'
import { type ListState, useList } from '../../list/use-list.ts'
import { useOpenRow } from '../../list/use-open-row.ts'
import { Button, Empty, Field, IconButton, inputClass } from '../../parts/basics.tsx'
import { formatCount, formatRowCount } from '../../parts/format.ts'
import { useIsPhone } from '../../parts/media.ts'
import { Dialog, Menu, type Popup, usePopup } from '../../parts/popup.tsx'
import type { MenuEntry } from '../../parts/popup-types.ts'
import { PageHead } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { findRunId, replayAndTell, retryAndTell, runOnSyncs, startSync } from './start-sync.ts'
import { SyncPhoneRow, syncColumns } from './sync-columns.tsx'
import css from './syncs.module.css'

const kinds = kindsOf(syncFilters)
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Rounded, so that the query stays the same for an hour. */
const dayAgo = (): string => new Date(Math.floor((Date.now() - DAY_MS) / HOUR_MS) * HOUR_MS).toISOString()

export function SyncsPage() {
  const place = useAddress(kinds)
  const { address } = place
  const columns = useMemo(
    () => chooseColumns(syncColumns, address.ui.cols, address.ui.widths),
    [address.ui.cols, address.ui.widths],
  )
  const list = useList<Sync>('syncs', '/syncs', place.query)
  useLiveList(list)
  const [selected, setSelected] = useState<ReadonlySet<RowId>>(new Set())
  const filter_popup = usePopup<string>()
  const start_popup = usePopup()
  const can_write = useScope('write')
  return (
    <>
      <Head {...{ place, list, columns, filter_popup, start_popup, can_write }} />
      <FilterBar
        fields={syncFilters}
        address={address}
        onChange={place.setFilters}
        popup={filter_popup}
        error={list.error}
        extra={null}
      />
      <div className={toolbar.area}>
        {!list.is_loading && list.rows.length === 0 ? (
          <NoSyncs error={list.error} has_filters={address.filters.length > 0} />
        ) : (
          <SyncGrid {...{ place, list, columns, selected, setSelected, can_write }} />
        )}
        <SyncSelection list={list} selected={selected} onClear={() => setSelected(new Set())} can_write={can_write} />
      </div>
      {start_popup.is_open && <StartDialog onClose={start_popup.close} />}
    </>
  )
}

/** Every two seconds while something runs; a change of the rows never moves them. */
function useLiveList(list: ListState<Sync>): void {
  const { rows, refresh } = list
  const interval_ms = syncInterval(rows)
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) latest.current()
    }, interval_ms)
    return () => clearInterval(timer)
  }, [interval_ms])
}

interface HeadProps {
  place: AddressState
  list: ListState<Sync>
  columns: readonly ShownColumn<Sync>[]
  filter_popup: Popup<string>
  start_popup: Popup<true>
  can_write: boolean
}

function Head({ place, list, columns, filter_popup, start_popup, can_write }: HeadProps) {
  const open = (): void => start_popup.open(null, true)
  useShortcuts([
    { keys: 'r', label: 'Refresh', group: 'This list', run: list.refresh },
    {
      keys: 'f',
      label: 'Add a filter',
      group: 'This list',
      run: () => filter_popup.open(findFilterButton(), ''),
    },
    ...(can_write ? [{ keys: 'c', label: 'Sync a run', group: 'This list', run: open }] : []),
  ])
  return (
    <PageHead title="Syncs" note={list.count && formatRowCount(list.count)}>
      <StatePills place={place} />
      <FilterButton popup={filter_popup} />
      <ColumnsButton place={place} all={syncColumns} shown={columns} />
      {can_write && (
        <Button look="primary" onClick={open} aria-label="Sync a run">
          <PlayIcon size={14} aria-hidden />
          <span className={toolbar.label}>Sync a run</span>
        </Button>
      )}
    </PageHead>
  )
}

/** How many import, wait and failed within a day: each a filter. */
function StatePills({ place }: { place: AddressState }) {
  const since = dayAgo()
  const pills = [
    { word: 'importing', filters: [{ field: 'sync_status', operator: 'in', values: ['syncing'] }] },
    { word: 'waiting', filters: [{ field: 'sync_status', operator: 'in', values: ['pending'] }] },
    {
      word: 'failed in 24 h',
      filters: [
        { field: 'sync_status', operator: 'in', values: ['failed'] },
        { field: 'created_at', operator: 'gte', values: [since] },
      ],
    },
  ] satisfies { word: string; filters: Filter[] }[]
  const importing = useQuery({ ...countQuery('syncs', '/syncs', { sync_status: 'syncing' }), refetchInterval: 5000 })
  const waiting = useQuery({ ...countQuery('syncs', '/syncs', { sync_status: 'pending' }), refetchInterval: 5000 })
  const failed = useQuery({
    ...countQuery('syncs', '/syncs', { sync_status: 'failed', created_at: `gte:${since}` }),
    refetchInterval: 30_000,
  })
  return (
    <div className={css.pills}>
      {pills.map(({ word, filters }, index) => {
        const count = [importing, waiting, failed][index]?.data
        return (
          <Button key={word} look="ghost" onClick={() => place.setFilters(filters)}>
            {count ? formatRowCount(count) : '…'} {word}
          </Button>
        )
      })}
    </div>
  )
}

interface SyncGridProps {
  place: AddressState
  list: ListState<Sync>
  columns: readonly ShownColumn<Sync>[]
  selected: ReadonlySet<RowId>
  setSelected: (change: (ids: ReadonlySet<RowId>) => ReadonlySet<RowId>) => void
  can_write: boolean
}

const drawPhoneRow = (sync: Sync) => <SyncPhoneRow sync={sync} />

function SyncGrid({ place, list, columns, selected, setSelected, can_write }: SyncGridProps) {
  const state = useGridState(place.entry_key, list.rows.length)
  const row_height = Math.max(useRowHeight(), 34)
  const is_phone = useIsPhone()
  const navigate = useNavigate()
  const open = useOpenRow<Sync>(({ run_id }) => `/syncs/${encodeURIComponent(run_id)}`)
  const menu = usePopup<Sync>()
  const quiet = { ...list, is_stale: false }
  const openLeads = (run_id: string): void => void navigate({ to: '/leads', search: { run_id } as never })
  useSyncShortcuts(list.rows[state.active.row], { can_write, setSelected, openLeads })
  return (
    <>
      <Grid<Sync>
        label="Syncs"
        list={quiet}
        {...placeProps(place, columns)}
        state={state}
        row_height={row_height}
        rowId={(sync) => sync.run_id}
        selected={selected}
        onSelect={(ids, is_selected) =>
          setSelected((current) =>
            is_selected ? new Set([...current, ...ids]) : new Set([...current].filter((id) => !ids.includes(id))),
          )
        }
        onOpen={open}
        onMenu={(sync, _, anchor) => menu.open(anchor, sync)}
        end_text={list.count ? `That is all of ${formatCount(list.count.value, 'sync', 'syncs')}.` : 'That is all.'}
        phoneRow={is_phone ? drawPhoneRow : undefined}
      />
      {menu.value && (
        <Menu
          anchor={menu.anchor}
          label="Sync"
          onClose={menu.close}
          entries={syncMenu(menu.value, can_write, () => openLeads(menu.value?.run_id ?? ''))}
        />
      )}
    </>
  )
}

interface SyncActions extends Pick<SyncGridProps, 'can_write' | 'setSelected'> {
  openLeads: (run_id: string) => void
}

/** Keys that act on the sync that has the focus. */
function useSyncShortcuts(active: Sync | undefined, { can_write, setSelected, openLeads }: SyncActions): void {
  const group = 'This list'
  const at = (keys: string, label: string, run: (run_id: string) => void) => ({
    keys,
    label,
    group,
    run: () => active && run(active.run_id),
  })
  useShortcuts([
    at('x', 'Select the row', (run_id) => setSelected((ids) => toggled(ids, run_id))),
    at('l', 'Leads of the run', openLeads),
    ...(can_write
      ? [
          at('R', 'Retry', (run_id) => void retryAndTell(run_id)),
          at('p', 'Replay the rejected items', (run_id) => void replayAndTell(run_id)),
        ]
      : []),
  ])
}

const toggled = (ids: ReadonlySet<RowId>, id: RowId): ReadonlySet<RowId> => {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}

export const canRetry = (sync: Sync): boolean =>
  ['failed', 'retrying', 'waiting', 'unbalanced'].includes(syncState(sync))

function syncMenu(sync: Sync, can_write: boolean, openLeads: () => void): MenuEntry[] {
  const entries: MenuEntry[] = [
    { label: 'Leads of the run', shortcut: 'l', onSelect: openLeads },
    { label: 'Open at Apify', href: `https://console.apify.com/actors/runs/${encodeURIComponent(sync.run_id)}` },
  ]
  if (!can_write) return entries
  if (canRetry(sync)) entries.push({ label: 'Retry', shortcut: 'R', onSelect: () => void retryAndTell(sync.run_id) })
  if (sync.failed_records > 0)
    entries.push({ label: 'Replay the rejected items', shortcut: 'p', onSelect: () => void replayAndTell(sync.run_id) })
  return entries
}

interface SelectionProps {
  list: ListState<Sync>
  selected: ReadonlySet<RowId>
  onClear: () => void
  can_write: boolean
}

function SyncSelection({ list, selected, onClear, can_write }: SelectionProps) {
  useShortcuts([{ keys: 'Escape', label: 'Clear the selection', group: 'This list', is_hidden: true, run: onClear }])
  const rows = list.rows.filter(({ run_id }) => selected.has(run_id))
  if (rows.length === 0) return null
  const open = rows.filter(canRetry)
  const rejected = rows.filter(({ failed_records }) => failed_records > 0)
  return (
    <div className={toolbar.selection} role="toolbar" aria-label="Selection">
      <strong aria-live="polite">{formatCount(rows.length, 'run')} selected</strong>
      {can_write && (
        <>
          <Button disabled={open.length === 0} onClick={() => void runOnSyncs(open, 'retry')}>
            Retry {open.length}
          </Button>
          <Button disabled={rejected.length === 0} onClick={() => void runOnSyncs(rejected, 'replay')}>
            Replay {rejected.length}
          </Button>
        </>
      )}
      <IconButton label="Clear the selection" shortcut="Esc" onClick={onClear}>
        <XIcon size={15} aria-hidden />
      </IconButton>
    </div>
  )
}

function NoSyncs({ error, has_filters }: { error: Error | null; has_filters: boolean }) {
  return (
    <Empty
      icon={<RefreshCwIcon size={28} aria-hidden />}
      title={error ? 'The syncs cannot be shown' : has_filters ? 'No sync matches' : 'No syncs yet'}
    >
      {error
        ? describeError(error)
        : has_filters
          ? 'Remove a filter to see more.'
          : 'Connect Apify by its webhook, or sync a run by its id.'}
    </Empty>
  )
}

export function StartDialog({ onClose, initial = '' }: { onClose: () => void; initial?: string }) {
  const [text, setText] = useState(initial)
  const [error, setError] = useState<string>()
  const [is_busy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const run_id = findRunId(text)
    setError(run_id ? undefined : 'A run id is 17 letters and digits; its address at Apify will do, too.')
    if (!run_id) return
    setBusy(true)
    if (await startSync(run_id)) onClose()
    setBusy(false)
  }
  return (
    <Dialog title="Sync a run" onClose={onClose} width={440}>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Run id, or its address at Apify"
          error={error}
          hint="The run’s items are read, mapped and stored as leads."
        >
          {(ids) => (
            <span className={css.start}>
              <input
                {...ids}
                className={inputClass}
                value={text}
                spellCheck={false}
                onChange={(event) => setText(event.target.value)}
              />
              <Button type="submit" look="primary" is_busy={is_busy}>
                Sync
              </Button>
            </span>
          )}
        </Field>
      </form>
    </Dialog>
  )
}
