import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, '../dist/web'),
    emptyOutDir: true,
    // Fonts stay files: inlined as data: they would be fetched even where another script is shown.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
