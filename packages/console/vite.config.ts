import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Paths of the API that the development server hands on to the local stack. */
const API_PATHS =
  '^/(leads|companies|syncs|imports|stats|api-keys|health|me|views|rejections|service|jobs|duplicates|openapi.json|docs)'

interface ModuleInfo {
  isEntry: boolean
  importers: readonly string[]
}

const known = new Map<string, boolean>()

/**
 * Whether the entry imports a module, directly or not, without `import()`. All of these become one script: the default,
 * a chunk for each set of pages that share a module, would make a first visit ask for twenty files.
 */
function isOfFirstScript(id: string, getModuleInfo: (id: string) => ModuleInfo | null): boolean {
  const answer = known.get(id)
  if (answer !== undefined) return answer
  known.set(id, false)
  const info = getModuleInfo(id)
  const is_first =
    info !== null && (info.isEntry || info.importers.some((each) => isOfFirstScript(each, getModuleInfo)))
  known.set(id, is_first)
  return is_first
}

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // The page's policy allows neither inline scripts nor data: fonts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // One style file of some kilobytes is one request; pages share most of it.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              debugName: 'first',
              name: (id, context) => (isOfFirstScript(id, (each) => context.getModuleInfo(each)) ? 'first' : null),
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { [API_PATHS]: { target: process.env.LEADS_API_URL ?? 'http://127.0.0.1:3000' } },
  },
})
