import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Building2Icon from 'lucide-react/icons/building-2'
import CircleHelpIcon from 'lucide-react/icons/circle-help'
import CommandIcon from 'lucide-react/icons/command'
import HouseIcon from 'lucide-react/icons/house'
import LogOutIcon from 'lucide-react/icons/log-out'
import MergeIcon from 'lucide-react/icons/merge'
import MonitorIcon from 'lucide-react/icons/monitor'
import MoonIcon from 'lucide-react/icons/moon'
import PanelLeftIcon from 'lucide-react/icons/panel-left'
import RefreshCwIcon from 'lucide-react/icons/refresh-cw'
import SettingsIcon from 'lucide-react/icons/settings'
import SunMediumIcon from 'lucide-react/icons/sun-medium'
import UploadIcon from 'lucide-react/icons/upload'
import UserIcon from 'lucide-react/icons/user'
import UsersIcon from 'lucide-react/icons/users'
import { type ReactNode, Suspense } from 'react'
import { lazyPart } from '../api/load-part.ts'
import { latestSyncsQuery } from '../api/queries.ts'
import { signOut, useSession } from '../api/session.ts'
import { readKept } from '../api/store.ts'
import { VIEWS_KEPT } from '../list/views-kept.ts'
import { IconButton } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import { overlay } from './overlays.ts'
import { setPreference, usePreferences } from './preferences.ts'
import css from './shell.module.css'
import { keyLabel } from './shortcuts.ts'

const SideViews = lazyPart(() => import('./side-views.tsx'))

const pages = [
  { to: '/', label: 'Overview', keys: 'g o', Icon: HouseIcon },
  { to: '/leads', label: 'Leads', keys: 'g l', Icon: UsersIcon },
  { to: '/companies', label: 'Companies', keys: 'g c', Icon: Building2Icon },
  { to: '/syncs', label: 'Syncs', keys: 'g s', Icon: RefreshCwIcon },
  { to: '/imports', label: 'Imports', keys: 'g i', Icon: UploadIcon },
  { to: '/duplicates', label: 'Duplicates', keys: 'g d', Icon: MergeIcon },
  { to: '/settings', label: 'Settings', keys: 'g ,', Icon: SettingsIcon },
] as const

export const navigationPages = pages

const RECENT_ROWS = 50
const DAY_MS = 86_400_000

/** Syncs that run, or else those that failed within a day. */
function useSyncsBadge(): { count: number; tone: 'info' | 'bad'; text: string } | null {
  const { data } = useQuery(latestSyncsQuery(RECENT_ROWS))
  const rows = data?.data ?? []
  const running = rows.filter(({ sync_status }) => sync_status === 'syncing' || sync_status === 'pending').length
  if (running > 0) return { count: running, tone: 'info', text: 'running' }
  const failed = rows.filter(
    ({ sync_status, updated_at }) => sync_status === 'failed' && Date.parse(updated_at) > Date.now() - DAY_MS,
  ).length
  return failed > 0 ? { count: failed, tone: 'bad', text: 'failed within a day' } : null
}

interface NavigationProps {
  is_folded?: boolean
  children?: ReactNode
}

export function Navigation({ is_folded = false }: NavigationProps) {
  const badge = useSyncsBadge()
  return (
    <nav aria-label="Pages" style={{ display: 'grid', gap: 2 }}>
      {pages.map(({ to, label, keys, Icon }) => (
        <div key={to}>
          <Link
            to={to}
            className={css.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            data-tip={is_folded ? label : undefined}
            data-tip-key={is_folded ? keyLabel(keys) : undefined}
            aria-label={is_folded ? label : undefined}
            onClick={() => overlay.set(null)}
          >
            <Icon size={16} aria-hidden />
            {!is_folded && <span>{label}</span>}
            {!is_folded && to === '/syncs' && badge && (
              <b className={cx(css.count, css[badge.tone])}>
                {badge.count}
                <span className="visually-hidden"> {badge.text}</span>
              </b>
            )}
          </Link>
          {to === '/leads' && !is_folded && <SavedViews />}
        </div>
      ))}
    </nav>
  )
}

const VIEW_HEIGHT = 26

/** Keeps the place that the views take, so that the pages below do not jump. */
function SavedViews() {
  const count = readKept(VIEWS_KEPT, 0)
  return (
    <Suspense fallback={<div style={{ height: count * VIEW_HEIGHT }} />}>
      <SideViews />
    </Suspense>
  )
}

export const Brand = ({ is_folded = false }: { is_folded?: boolean }) => (
  <Link to="/" className={css.brand} aria-label="Leads, to the overview">
    <svg className={css.brandMark} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M16 6 26 16 16 26 6 16Z" fill="var(--on-accent)" />
      <path d="M16 11 21 16 16 21 11 16Z" fill="var(--accent)" />
    </svg>
    {!is_folded && <span>Leads</span>}
  </Link>
)

const themes = { system: 'light', light: 'dark', dark: 'system' } as const
const themeIcons = { system: MonitorIcon, light: SunMediumIcon, dark: MoonIcon }

export function SideFoot({ is_folded = false }: { is_folded?: boolean }) {
  const { theme, is_side_folded } = usePreferences()
  const { me } = useSession()
  const ThemeIcon = themeIcons[theme]
  return (
    <div className={css.foot}>
      <div className={css.footRow}>
        <IconButton label="Search and commands" shortcut={keyLabel('mod+k')} onClick={() => overlay.set('palette')}>
          <CommandIcon size={15} aria-hidden />
        </IconButton>
        <IconButton label="Keys" shortcut="?" onClick={() => overlay.set('help')}>
          <CircleHelpIcon size={15} aria-hidden />
        </IconButton>
        <IconButton label={`Theme: ${theme}`} onClick={() => setPreference({ theme: themes[theme] })}>
          <ThemeIcon size={15} aria-hidden />
        </IconButton>
        <IconButton
          label={is_side_folded ? 'Unfold the sidebar' : 'Fold the sidebar'}
          shortcut="["
          onClick={() => setPreference({ is_side_folded: !is_side_folded })}
        >
          <PanelLeftIcon size={15} aria-hidden />
        </IconButton>
        {is_folded && (
          <IconButton label="Sign out" onClick={signOut}>
            <LogOutIcon size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {!is_folded && (
        <button type="button" className={css.key} onClick={signOut} data-tip="Sign out">
          <UserIcon size={15} aria-hidden />
          <div style={{ flex: 1 }}>
            <div className={css.keyName}>{me?.name ?? '…'}</div>
            <div className={css.keyScope}>{me ? `${me.scope} key` : ' '}</div>
          </div>
          <LogOutIcon size={14} aria-hidden />
          <span className="visually-hidden">, sign out</span>
        </button>
      )}
    </div>
  )
}

export function BottomBar() {
  const badge = useSyncsBadge()
  return (
    <nav className={css.bottom} aria-label="Pages">
      {pages
        .filter(({ to }) => to !== '/companies' && to !== '/duplicates')
        .map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={css.link} activeOptions={{ exact: to === '/', includeSearch: false }}>
            <Icon size={18} aria-hidden />
            <span>{label}</span>
            {to === '/syncs' && badge && <b className={cx(css.count, css[badge.tone])}>{badge.count}</b>}
          </Link>
        ))}
    </nav>
  )
}
