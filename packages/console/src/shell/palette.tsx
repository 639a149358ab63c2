import { useQuery } from '@tanstack/react-query'
import { type NavigateOptions, useNavigate } from '@tanstack/react-router'
import ArrowRightIcon from 'lucide-react/icons/arrow-right'
import BookmarkIcon from 'lucide-react/icons/bookmark'
import Building2Icon from 'lucide-react/icons/building-2'
import PlayIcon from 'lucide-react/icons/play'
import RefreshCwIcon from 'lucide-react/icons/refresh-cw'
import UserIcon from 'lucide-react/icons/user'
import { type ReactNode, useEffect, useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { fetchPage, type ListedCompany, type ListedLead, latestSyncsQuery, type Sync } from '../api/queries.ts'
import { useStore } from '../api/store.ts'
import { leadName } from '../list/lead-columns.tsx'
import { isPhoneNumber } from '../list/phone-number.ts'
import { syncLabel } from '../list/status.tsx'
import { builtInViews, searchOfView, useViews } from '../list/views.ts'
import { startSync } from '../pages/syncs/start-sync.ts'
import { Kbd } from '../parts/basics.tsx'
import { Picker, type PickerOption } from '../parts/picker.tsx'
import { BareDialog } from '../parts/popups.tsx'
import { typedAhead } from './overlays.ts'
import { recentlyOpened } from './recent.ts'
import { keyLabel, useAllShortcuts } from './shortcuts.ts'

interface Command extends PickerOption {
  run: () => void
  /** Found by what was typed; not filtered again. */
  is_found?: boolean
}

const RUN_ID = /^[A-Za-z0-9]{17}$/
const APIFY_ADDRESS = /apify\.com\/.*?runs\/([A-Za-z0-9]{17})/
const EMAIL = /^\S+@\S+\.\S+$/
const LEADS_SHOWN = 6
const COMPANIES_SHOWN = 4
const ICON = 14

type Go = (options: NavigateOptions) => void

/** Everything by its name: leads, syncs, views, pages, and what can be done here. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const query = useDebounced(typed.trim(), 120)
  const navigate = useNavigate()
  const go: Go = (options) => {
    onClose()
    void navigate(options)
  }
  const found = useFound(query, go, onClose)
  const commands = useCommands(go, onClose)
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const matching = commands.filter(({ label, group = '' }) => {
    const text = `${label} ${group}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const recent = useRecent(go)
  const all: Command[] = typed.trim() === '' ? [...recent, ...commands] : [...found, ...matching]
  return (
    <BareDialog label="Search and commands" onClose={onClose}>
      <Picker
        label="Search and commands"
        placeholder="Search leads, companies, syncs and commands …"
        options={all}
        onQuery={setTyped}
        typedAhead={typedAhead}
        onPick={(value) => all.find((command) => command.value === value)?.run()}
        emptyText={query === '' ? '' : 'Nothing of this name.'}
        listHeight={420}
      />
    </BareDialog>
  )
}

function useDebounced(text: string, wait_ms: number): string {
  const [value, setValue] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setValue(text), wait_ms)
    return () => clearTimeout(timer)
  }, [text, wait_ms])
  return value
}

function useRecent(go: Go): Command[] {
  return useStore(recentlyOpened).map(({ kind, id, name }) => ({
    value: `recent ${kind} ${id}`,
    label: name,
    group: 'Opened last',
    icon: iconOf(kind),
    run: () => go(addressOf(kind, id)),
  }))
}

function addressOf(kind: 'lead' | 'company' | 'sync', id: string): NavigateOptions {
  if (kind === 'lead') return { to: '/leads/$id', params: { id } } as NavigateOptions
  if (kind === 'company') return { to: '/companies/$id', params: { id } } as NavigateOptions
  return { to: '/syncs/$run_id', params: { run_id: id } } as NavigateOptions
}

function iconOf(kind: 'lead' | 'company' | 'sync'): ReactNode {
  if (kind === 'lead') return <UserIcon size={ICON} aria-hidden />
  return kind === 'company' ? <Building2Icon size={ICON} aria-hidden /> : <RefreshCwIcon size={ICON} aria-hidden />
}

/** Leads, companies and syncs by what was typed: an address, a number, a run, or words. */
function useFound(query: string, go: Go, onClose: () => void): Command[] {
  const run_id = RUN_ID.test(query) ? query : APIFY_ADDRESS.exec(query)?.[1]
  const leads = useQuery({
    queryKey: ['palette', 'leads', query],
    enabled: query.length > 1 && !run_id,
    queryFn: ({ signal }) => findLeads(query, signal),
    staleTime: 30_000,
  })
  const companies = useQuery({
    queryKey: ['palette', 'companies', query],
    enabled: query.length > 1 && !run_id && !EMAIL.test(query),
    queryFn: ({ signal }) => findCompanies(query, signal),
    staleTime: 30_000,
  })
  const sync = useQuery({
    queryKey: ['palette', 'sync', run_id],
    enabled: run_id !== undefined,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/syncs/{run_id}', { params: { path: { run_id: run_id ?? '' } }, signal }))) as Sync,
    retry: false,
  })
  const latest = useQuery(latestSyncsQuery(50))
  const named = (latest.data?.data ?? []).filter(
    (row) => query.length > 1 && (row.actor_name ?? '').toLowerCase().includes(query.toLowerCase()),
  )
  const syncs = run_id && sync.data ? [sync.data] : named.slice(0, 4)
  return [
    ...(leads.data ?? []).map((lead) => leadCommand(lead, go)),
    ...(companies.data ?? []).map((company) => companyCommand(company, go)),
    ...syncs.map((row) => syncCommand(row, go)),
    ...(run_id && sync.isError ? [startCommand(run_id, go, onClose)] : []),
  ]
}

async function findLeads(query: string, signal: AbortSignal): Promise<ListedLead[]> {
  const fields = 'id,full_name,company_name,email,city,country'
  if (/^[1-9]\d{0,9}$/.test(query)) return (await fetchPage<ListedLead>('/leads', { id: query, fields }, signal)).data
  const asked = EMAIL.test(query)
    ? { email: query.toLowerCase() }
    : isPhoneNumber(query)
      ? { phone: query }
      : { q: query }
  return (await fetchPage<ListedLead>('/leads', { ...asked, limit: String(LEADS_SHOWN), fields } as never, signal)).data
}

async function findCompanies(query: string, signal: AbortSignal): Promise<ListedCompany[]> {
  const asked = { q: query, limit: String(COMPANIES_SHOWN), fields: 'id,name,domain,city' }
  return (await fetchPage<ListedCompany>('/companies', asked, signal)).data
}

const leadCommand = (lead: ListedLead, go: Go): Command => ({
  value: `lead ${lead.id}`,
  label: leadName(lead),
  note: [lead.full_name ? lead.company_name : null, lead.city].filter(Boolean).join(', ') || lead.email,
  group: 'Leads',
  icon: <UserIcon size={ICON} aria-hidden />,
  run: () => go({ to: '/leads/$id', params: { id: String(lead.id) } } as NavigateOptions),
})

const companyCommand = (company: ListedCompany, go: Go): Command => ({
  value: `company ${company.id}`,
  label: company.name ?? `Company ${company.id}`,
  note: [company.domain, company.city].filter(Boolean).join(', '),
  group: 'Companies',
  icon: <Building2Icon size={ICON} aria-hidden />,
  run: () => go({ to: '/companies/$id', params: { id: String(company.id) } } as NavigateOptions),
})

const syncCommand = (sync: Sync, go: Go): Command => ({
  value: `sync ${sync.run_id}`,
  label: sync.actor_name ?? sync.run_id,
  note: syncLabel(sync),
  group: 'Syncs',
  icon: <RefreshCwIcon size={ICON} aria-hidden />,
  run: () => go({ to: '/syncs/$run_id', params: { run_id: sync.run_id } } as NavigateOptions),
})

const startCommand = (run_id: string, go: Go, onClose: () => void): Command => ({
  value: `start ${run_id}`,
  label: `Sync run ${run_id}`,
  group: 'Syncs',
  icon: <PlayIcon size={ICON} aria-hidden />,
  run: () => {
    onClose()
    void startSync(run_id).then((is_queued) => is_queued && go({ to: '/syncs' } as NavigateOptions))
  },
})

function useCommands(go: Go, onClose: () => void): Command[] {
  const shortcuts = useAllShortcuts()
  const { mine, shared } = useViews()
  const keyed = [...new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut])).values()]
  const commands = keyed.flatMap(({ keys, label, group, run, is_hidden }) =>
    run && !is_hidden
      ? [
          {
            value: `key ${keys}`,
            label,
            group: group.startsWith('This') ? 'Here' : group,
            note: <Kbd>{keyLabel(keys)}</Kbd>,
            icon: <ArrowRightIcon size={ICON} aria-hidden />,
            run: () => {
              onClose()
              // After the dialog has given the focus back.
              setTimeout(run, 60)
            },
          },
        ]
      : [],
  )
  const rank = ({ group }: Command): number => ['Here', 'Go to', 'Everywhere'].indexOf(group ?? '')
  return [
    ...commands.sort((a, b) => rank(a) - rank(b)),
    ...[...mine, ...shared, ...builtInViews()].map((view) => ({
      value: `view ${view.id ?? view.name}`,
      label: view.name,
      group: 'Views',
      icon: <BookmarkIcon size={ICON} aria-hidden />,
      run: () => go({ to: '/leads', search: searchOfView(view) } as NavigateOptions),
    })),
  ]
}
