import { useInfiniteQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import type { Search } from '../../list/address.ts'
import { Button, Empty, Meter, Skeleton } from '../../parts/basics.tsx'
import { formatShare } from '../../parts/format.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import {
  capitalize,
  companyPairs,
  type DuplicateKind,
  leadPairs,
  type Pair,
  type PairStatus,
  pairsQuery,
} from './duplicate-kinds.ts'
import css from './duplicates.module.css'
import { PairView } from './pair-view.tsx'

const statuses: readonly (readonly [PairStatus, string])[] = [
  ['open', 'Open'],
  ['merged', 'Merged'],
  ['dismissed', 'Not the same'],
]

const keyOf = ({ a, b }: Pair): string => `${a}-${b}`

interface Place {
  kind: DuplicateKind
  status: PairStatus
  /** Both ids of the pair that is shown. */
  pair?: string
}

const readPlace = (search: Search): Place => ({
  kind: search['ui.of'] === 'companies' ? companyPairs : leadPairs,
  status: (statuses.find(([value]) => value === search['ui.status'])?.[0] ?? 'open') as PairStatus,
})

const toSearch = ({ kind, status, pair }: Place) =>
  ({
    ...(kind.of === 'companies' && { 'ui.of': 'companies' }),
    ...(status !== 'open' && { 'ui.status': status }),
    ...(pair && { 'ui.pair': pair }),
  }) as never

/** Pairs of leads or companies that may be one: side by side, and a decision each. */
export function DuplicatesPage() {
  const search = useLocation().search as Search
  const place = readPlace(search)
  const { kind, status } = place
  const navigate = useNavigate()
  return (
    <>
      <PageHead title="Duplicates">
        <StatusChoice
          status={status}
          onChoose={(value) => void navigate({ to: '/duplicates', search: toSearch({ kind, status: value }) })}
        />
      </PageHead>
      <div className={page.tabs} role="tablist" aria-label="Duplicates of">
        {[leadPairs, companyPairs].map((each) => (
          <button
            key={each.of}
            type="button"
            role="tab"
            aria-selected={each === kind}
            className={page.tab}
            onClick={() => void navigate({ to: '/duplicates', search: toSearch({ kind: each, status }) })}
          >
            {capitalize(each.of)}
          </button>
        ))}
      </div>
      <Pairs key={`${kind.of} ${status}`} place={place} picked={search['ui.pair']} />
    </>
  )
}

function Pairs({ place, picked }: { place: Place; picked: Search[string] | undefined }) {
  const { kind, status } = place
  const navigate = useNavigate()
  const list = useInfiniteQuery(pairsQuery(kind, status))
  const rows = list.data?.pages.flatMap(({ pairs }) => pairs) ?? []
  const shown = rows.find((pair) => keyOf(pair) === picked) ?? rows[0]
  const index = shown ? rows.indexOf(shown) : -1
  const go = (pair: Pair | undefined): void => {
    if (pair) void navigate({ to: '/duplicates', search: toSearch({ ...place, pair: keyOf(pair) }), replace: true })
  }
  useShortcuts([
    { keys: 'j', label: 'Next pair', group: 'This page', run: () => go(rows[index + 1]) },
    { keys: 'k', label: 'Previous pair', group: 'This page', run: () => go(rows[index - 1]) },
  ])
  if (list.error && !list.data) return <PageError error={list.error} onRetry={() => void list.refetch()} />
  if (list.isPending)
    return (
      <div className={page.content}>
        <Skeleton height={300} />
      </div>
    )
  if (!shown)
    return (
      <Empty icon={<CircleCheckIcon size={28} aria-hidden />} title="No pairs here">
        {capitalize(kind.plural)} that are new or have changed are compared every 15 minutes. Pairs that may be one are
        listed here.
      </Empty>
    )
  return (
    <div className={css.split}>
      <PairList
        rows={rows}
        shown={shown}
        onPick={go}
        has_more={list.hasNextPage}
        is_busy={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
      <PairView key={keyOf(shown)} kind={kind} pair={shown} onDecided={() => go(rows[index + 1] ?? rows[index - 1])} />
    </div>
  )
}

function StatusChoice({ status, onChoose }: { status: PairStatus; onChoose: (status: PairStatus) => void }) {
  return (
    <div className={page.row} role="radiogroup" aria-label="Status">
      {statuses.map(([value, label]) => (
        <Button
          key={value}
          role="radio"
          aria-checked={status === value}
          look={status === value ? 'plain' : 'ghost'}
          onClick={() => onChoose(value)}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

interface PairListProps {
  rows: readonly Pair[]
  shown: Pair
  onPick: (pair: Pair) => void
  has_more: boolean
  is_busy: boolean
  onMore: () => void
}

function PairList({ rows, shown, onPick, has_more, is_busy, onMore }: PairListProps) {
  return (
    <nav className={css.list} aria-label="Pairs">
      {rows.map((pair) => (
        <button
          key={keyOf(pair)}
          type="button"
          className={css.pair}
          aria-current={pair === shown}
          onClick={() => onPick(pair)}
        >
          <span className={css.names}>
            <bdi>{pair.names[0]}</bdi>
            {pair.names[1] !== pair.names[0] && <bdi>{pair.names[1]}</bdi>}
          </span>
          <span className={css.certainty}>
            <Meter value={pair.certainty * 100} label={`${formatShare(pair.certainty)} certain`} />
            {formatShare(pair.certainty)}
          </span>
          <span className={css.reasons}>{pair.reasons.join(', ')}</span>
        </button>
      ))}
      {has_more && (
        <Button is_busy={is_busy} onClick={onMore}>
          More
        </Button>
      )}
    </nav>
  )
}
