import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import { api, unwrap } from '../../api/client.ts'
import { describeError } from '../../api/problem.ts'
import { type DuplicatePair, type Lead, queryClient } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import type { Search } from '../../list/address.ts'
import { leadName } from '../../list/lead-columns.tsx'
import { isSameValue } from '../../list/row-kinds.ts'
import { Badge, Button, Empty, Meter, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { formatShare } from '../../parts/format.ts'
import { showToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { offerUndo } from '../../shell/undo.ts'
import css from './duplicates.module.css'

type ComparedLead = Omit<Lead, 'raw_data'>
type Status = DuplicatePair['duplicate_status']

const statuses: readonly (readonly [Status, string])[] = [
  ['open', 'Open'],
  ['merged', 'Merged'],
  ['dismissed', 'Not the same'],
]

const PAGE_ROWS = 50

const duplicatesQuery = (status: Status) => ({
  queryKey: ['duplicates', status],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    unwrap(
      api.GET('/duplicates', {
        params: { query: { status, limit: PAGE_ROWS, ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor,
})

const keyOf = ({ lead_a, lead_b }: DuplicatePair): string => `${lead_a}-${lead_b}`

/** Pairs of leads that may be one: side by side, and a decision each. */
export function DuplicatesPage() {
  const search = useLocation().search as Search
  const navigate = useNavigate()
  const status = (statuses.find(([value]) => value === search['ui.status'])?.[0] ?? 'open') as Status
  const list = useInfiniteQuery(duplicatesQuery(status))
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? []
  const shown = rows.find((pair) => keyOf(pair) === search['ui.pair']) ?? rows[0]
  const index = shown ? rows.indexOf(shown) : -1
  const go = (pair: DuplicatePair | undefined): void => {
    if (!pair) return
    const next = { ...(status !== 'open' && { 'ui.status': status }), 'ui.pair': keyOf(pair) }
    void navigate({ to: '/duplicates', search: next as never, replace: true })
  }
  const skip = (by: number): void => go(rows[index + by])
  useShortcuts([
    { keys: 'j', label: 'Next pair', group: 'This page', run: () => skip(1) },
    { keys: 'k', label: 'Previous pair', group: 'This page', run: () => skip(-1) },
  ])
  return (
    <>
      <PageHead title="Duplicates">
        <StatusChoice
          status={status}
          onChoose={(value) =>
            void navigate({ to: '/duplicates', search: (value === 'open' ? {} : { 'ui.status': value }) as never })
          }
        />
      </PageHead>
      {list.error && !list.data ? (
        <PageError error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <div className={page.content}>
          <Skeleton height={300} />
        </div>
      ) : rows.length === 0 ? (
        <Empty icon={<CircleCheckIcon size={28} aria-hidden />} title="No pairs here">
          Leads are compared after every import. Pairs that may be one person or company stand here.
        </Empty>
      ) : (
        <div className={css.split}>
          <PairList
            rows={rows}
            shown={shown}
            onPick={go}
            has_more={list.hasNextPage}
            is_busy={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
          {shown && (
            <PairView key={keyOf(shown)} pair={shown} onDecided={() => go(rows[index + 1] ?? rows[index - 1])} />
          )}
        </div>
      )}
    </>
  )
}

function StatusChoice({ status, onChoose }: { status: Status; onChoose: (status: Status) => void }) {
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
  rows: readonly DuplicatePair[]
  shown: DuplicatePair | undefined
  onPick: (pair: DuplicatePair) => void
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
          <span>
            {pair.lead_a} and {pair.lead_b}
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

const comparedFields = [
  'full_name',
  'title',
  'email',
  'phone',
  'company_name',
  'company_domain',
  'city',
  'country',
  'industry',
  'tags',
  'lead_status',
  'lead_score',
  'notes',
  'external_id',
  'source',
  'created_at',
] as const satisfies readonly (keyof Lead)[]

const showValue = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)

interface PairViewProps {
  pair: DuplicatePair
  onDecided: () => void
}

const refresh = (): void => {
  for (const key of ['duplicates', 'leads', 'lead', 'stats']) void queryClient.invalidateQueries({ queryKey: [key] })
}

/** Both leads, field by field; what differs is marked. */
function PairView({ pair, onDecided }: PairViewProps) {
  const { lead_a: a, lead_b: b } = pair
  const can_write = useScope('write')
  const { data, error } = useQuery({
    queryKey: ['duplicates', 'pair', a, b],
    queryFn: ({ signal }) => unwrap(api.GET('/duplicates/{a}/{b}', { params: { path: { a, b } }, signal })),
  })
  const is_open = pair.duplicate_status === 'open'
  const merge = (keeper: number, other: number): void => {
    onDecided()
    void mergeLeads(keeper, other)
  }
  const dismiss = (): void => {
    onDecided()
    void dismissPair(a, b)
  }
  useShortcuts(
    can_write && is_open
      ? [
          { keys: 'm', label: 'Merge into the left one', group: 'This page', run: () => merge(a, b) },
          { keys: 'n', label: 'Not the same', group: 'This page', run: dismiss },
        ]
      : [],
  )
  if (error) return <PageError error={error} />
  const [first, second] = data?.leads ?? []
  if (!first || !second)
    return (
      <div className={page.content}>
        <Skeleton height={400} />
      </div>
    )
  return (
    <div className={css.view}>
      <Judgement pair={pair} />
      <Comparison first={first} second={second} />
      {can_write && is_open && (
        <div className={page.row}>
          <Button look="primary" shortcut="m" onClick={() => merge(a, b)}>
            Merge into the left one
          </Button>
          <Button onClick={() => merge(b, a)}>Merge into the right one</Button>
          <Button shortcut="n" onClick={dismiss}>
            Not the same
          </Button>
        </div>
      )}
      {can_write && pair.duplicate_status === 'merged' && <UnmergeButton first={first} second={second} />}
      {is_open && (
        <p className={page.muted}>
          The lead that stays keeps its values and takes what it lacks from the other. A merge can be undone.
        </p>
      )}
    </div>
  )
}

function Judgement({ pair }: { pair: DuplicatePair }) {
  return (
    <div className={page.row}>
      {pair.reasons.map((reason) => (
        <Badge key={reason} tone="info">
          {reason}
        </Badge>
      ))}
      <span className={page.muted}>
        {formatShare(pair.certainty)} certain
        {pair.decided_by && (
          <>
            , decided by {pair.decided_by} <Time value={pair.decided_at} />
          </>
        )}
      </span>
    </div>
  )
}

function Comparison({ first, second }: { first: ComparedLead; second: ComparedLead }) {
  return (
    <div className={page.wide}>
      <table className={cx(page.table, css.compare)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Field</span>
            </th>
            {[first, second].map((lead) => (
              <th key={lead.id} scope="col">
                <Link to="/leads/$id" params={{ id: String(lead.id) }}>
                  {leadName(lead)}
                </Link>
                {lead.is_deleted && <Badge tone="bad">deleted</Badge>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {comparedFields.map((field) => {
            const is_different = !isSameValue(first[field], second[field])
            return (
              <tr key={field} className={cx(is_different && css.different)}>
                <th scope="row">{field.replaceAll('_', ' ')}</th>
                <td>
                  <bdi>{showValue(first[field])}</bdi>
                </td>
                <td>
                  <bdi>{showValue(second[field])}</bdi>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function UnmergeButton({
  first,
  second,
}: {
  first: { id: number; is_deleted: boolean }
  second: { id: number; is_deleted: boolean }
}) {
  const merged = first.is_deleted ? first : second
  return (
    <div className={page.row}>
      <Button onClick={() => void unmergeLead(merged.id)}>Undo the merge</Button>
    </div>
  )
}

async function unmergeLead(id: number): Promise<void> {
  try {
    await unwrap(api.POST('/leads/{id}/unmerge', { params: { path: { id } } }))
    showToast('The leads are separate again', { tone: 'good' })
  } catch (error) {
    showToast('Not undone', { tone: 'bad', detail: describeError(error) })
  }
  refresh()
}

async function mergeLeads(keeper: number, other: number): Promise<void> {
  try {
    await unwrap(api.POST('/leads/{id}/merge', { params: { path: { id: keeper } }, body: { lead_ids: [other] } }))
    offerUndo({
      text: `Lead ${other} merged into ${keeper}`,
      revert: async () => {
        await unwrap(api.POST('/leads/{id}/unmerge', { params: { path: { id: other } } }))
        refresh()
        return 'The leads are separate again'
      },
    })
  } catch (error) {
    showToast('Not merged', { tone: 'bad', detail: describeError(error) })
  }
  refresh()
}

async function dismissPair(a: number, b: number): Promise<void> {
  try {
    await unwrap(api.DELETE('/duplicates/{a}/{b}', { params: { path: { a, b } } }))
    showToast('Noted: these are two', { tone: 'good' })
  } catch (error) {
    showToast('Not noted', { tone: 'bad', detail: describeError(error) })
  }
  refresh()
}
