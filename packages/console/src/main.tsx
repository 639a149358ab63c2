import './styles/tokens.css'
import './styles/reset.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/queries.ts'
import { router } from './router.tsx'
import { applyPreferences, preferences } from './shell/preferences.ts'
import { startShortcuts } from './shell/shortcuts.ts'

/** Coming without a page in mind, a person arrives at the one they chose. */
function goToStartPage(): void {
  const { start_page } = preferences.get()
  const is_bare = /^\/console\/?$/.test(location.pathname) && location.search === ''
  if (is_bare && start_page && start_page !== '/') history.replaceState(null, '', `/console${start_page}`)
}

applyPreferences()
goToStartPage()
startShortcuts()

const element = document.getElementById('root')
if (element)
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
