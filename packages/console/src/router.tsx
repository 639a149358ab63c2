import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { lazyPage } from './api/load-part.ts'
import { parseSearch, type Search, stringifySearch } from './list/address.ts'
import { LeadsPage } from './pages/leads/leads-page.tsx'
import { NotFound } from './pages/not-found.tsx'
import { PageCrash } from './shell/page-crash.tsx'
import { Shell } from './shell/shell.tsx'

/** The console's addresses. Each page is a separate file, loaded when it is opened. */

const root = createRootRoute({ component: Shell })

/** The query string stays as it is: a page reads it with its own definitions. */
const validateSearch = (search: Record<string, unknown>): Search => search as Search

const at = <Path extends string>(path: Path, component: ReturnType<typeof lazyPage> | (() => React.ReactNode)) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch })

const routes = root.addChildren([
  at(
    '/',
    lazyPage(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
  ),
  // Part of the first script: most visits begin here, and the other pages share its list.
  at('/leads', LeadsPage),
  at(
    '/leads/$id',
    lazyPage(() => import('./pages/lead/lead-page.tsx'), 'LeadPage'),
  ),
  at(
    '/companies',
    lazyPage(() => import('./pages/companies/companies-page.tsx'), 'CompaniesPage'),
  ),
  at(
    '/companies/$id',
    lazyPage(() => import('./pages/companies/company-page.tsx'), 'CompanyPage'),
  ),
  at(
    '/syncs',
    lazyPage(() => import('./pages/syncs/syncs-page.tsx'), 'SyncsPage'),
  ),
  at(
    '/syncs/$run_id',
    lazyPage(() => import('./pages/syncs/sync-page.tsx'), 'SyncPage'),
  ),
  at(
    '/imports',
    lazyPage(() => import('./pages/imports/imports-page.tsx'), 'ImportsPage'),
  ),
  at(
    '/imports/$import_batch_id',
    lazyPage(() => import('./pages/imports/import-page.tsx'), 'ImportPage'),
  ),
  at(
    '/duplicates',
    lazyPage(() => import('./pages/duplicates/duplicates-page.tsx'), 'DuplicatesPage'),
  ),
  at(
    '/settings',
    lazyPage(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  ),
  at(
    '/settings/$tab',
    lazyPage(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  ),
])

export const router = createRouter({
  routeTree: routes,
  basepath: '/console',
  trailingSlash: 'never',
  parseSearch: (text) => parseSearch(text) as Record<string, unknown>,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageCrash,
  defaultNotFoundComponent: NotFound,
  notFoundMode: 'root',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
