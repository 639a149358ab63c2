import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { connection } from '../api/client.ts'
import { lazyPart } from '../api/load-part.ts'
import { isApiError } from '../api/problem.ts'
import { meQuery, retryNow } from '../api/queries.ts'
import { setMe, signOut, useSession } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Banner, Button } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import { Dialog, preloadPopups } from '../parts/popup.tsx'
import { Tooltips } from '../parts/tooltip.tsx'
import { overlay } from './overlays.ts'
import { preferences, setPreference, usePreferences } from './preferences.ts'
import css from './shell.module.css'
import { type Shortcut, useShortcuts } from './shortcuts.ts'
import { BottomBar, Brand, Navigation, navigationPages, SideFoot } from './sidebar.tsx'
import { Toaster } from './toaster.tsx'
import { undo } from './undo.ts'

const loadPalette = () => import('./palette.tsx')
const Palette = lazyPart(loadPalette)
const Help = lazyPart(() => import('./help.tsx'))
const SignIn = lazyPart(() => import('../pages/sign-in/sign-in.tsx'))

const IDLE_MS = 1500

/** What stands around every page: navigation, palette, messages, and the sign-in form when the key is refused. */
export function Shell() {
  const { key, is_expired } = useSession()
  const { pathname } = useRouterState({ select: ({ location }) => location })
  usePreferences()
  useGlobalShortcuts()
  useMe()
  useEffect(() => {
    const idle = setTimeout(
      () =>
        preloadPopups([
          () => import('../pages/lead/lead-page.tsx'),
          loadPalette,
          () => import('../list/filters/filter-popup.tsx'),
        ]),
      IDLE_MS,
    )
    return () => clearTimeout(idle)
  }, [])
  if (key === null)
    return (
      <main>
        <Suspense>
          <SignIn key={pathname} />
        </Suspense>
      </main>
    )
  return (
    <>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      <div className={css.shell} inert={is_expired}>
        <Sidebar />
        <main id="main" className={css.main} tabIndex={-1}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
        <BottomBar />
        <ShellOverlays />
      </div>
      <Toaster />
      <Tooltips />
      <LostConnection />
      {is_expired && (
        <div className={css.over} role="dialog" aria-modal aria-label="Sign in again">
          <Suspense>
            <SignIn is_over />
          </Suspense>
        </div>
      )}
    </>
  )
}

function Sidebar() {
  const { is_side_folded } = usePreferences()
  return (
    <header className={cx(css.side, is_side_folded && css.folded)}>
      <Brand is_folded={is_side_folded} />
      <Navigation is_folded={is_side_folded} />
      <SideFoot is_folded={is_side_folded} />
    </header>
  )
}

function ShellOverlays() {
  const open = useStore(overlay)
  const close = (): void => overlay.set(null)
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'help' && <Help onClose={close} />}
      {open === 'navigation' && (
        <Dialog title="Leads" place="side" onClose={close}>
          <div className={css.sideInDrawer}>
            <Navigation />
            <SideFoot />
          </div>
        </Dialog>
      )}
    </Suspense>
  )
}

/** Whose key it is; a key that is not good any more leads to the sign-in page. */
function useMe(): void {
  const { key } = useSession()
  const { data, error } = useQuery({ ...meQuery, enabled: key !== null })
  useEffect(() => {
    if (data) setMe(data)
  }, [data])
  useEffect(() => {
    if (isApiError(error, 'unauthorized')) signOut()
  }, [error])
}

function useGlobalShortcuts(): void {
  const navigate = useNavigate()
  const client = useQueryClient()
  const group = 'Everywhere'
  const goTo: Shortcut[] = navigationPages.map(({ to, label, keys }) => ({
    keys,
    label: `Go to ${label}`,
    group: 'Go to',
    run: () => void navigate({ to }),
  }))
  useShortcuts([
    { keys: 'mod+k', label: 'Search and commands', group, is_hidden: true, run: () => overlay.set('palette') },
    { keys: '?', label: 'Keys of this page', group, run: () => overlay.set('help') },
    {
      keys: '[',
      label: 'Fold the sidebar',
      group,
      run: () => setPreference({ is_side_folded: !preferences.get().is_side_folded }),
    },
    { keys: 'r', label: 'Refresh', group, run: () => void client.invalidateQueries({ type: 'active' }) },
    { keys: 'mod+z', label: 'Undo the last change', group, run: () => void undo() },
    { keys: 'F6', label: 'To the messages', group, is_hidden: true, run: focusToasts },
    ...goTo,
  ])
}

const focusToasts = (): void => document.querySelector<HTMLElement>('[data-toasts] button')?.focus()

const SECOND_MS = 1000

/** After the second failure: what is on screen stays, and is requested again. */
function LostConnection() {
  const { failures } = useStore(connection)
  const [wait_s, setWait] = useState(0)
  useEffect(() => {
    if (failures < 2) return
    setWait(Math.min(2 ** failures, 60))
    const timer = setInterval(() => setWait((left) => Math.max(0, left - 1)), SECOND_MS)
    return () => clearInterval(timer)
  }, [failures])
  if (failures < 2) return null
  return (
    <div className={css.lost}>
      <Banner tone="warn" role="alert" actions={<Button onClick={retryNow}>Try now</Button>}>
        Not connected. {wait_s > 0 ? `Trying again in ${wait_s} s.` : 'Trying again …'}
      </Banner>
    </div>
  )
}
