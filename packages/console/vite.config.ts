import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Paths of the API that the development server hands on to the local stack. */
const API_PATHS =
  '^/(leads|companies|syncs|imports|stats|api-keys|health|me|views|rejections|service|jobs|openapi.json|docs)'

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
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { [API_PATHS]: { target: process.env.LEADS_API_URL ?? 'http://127.0.0.1:3000' } },
  },
})
