// Commands in the palette (Ctrl/⌘ K) that rooms add: one line in `paletteCommands`, e.g.
//   { id: 'log', label: 'Log a conversation', role: 'member',
//     dialog: { title: 'Log a conversation', Form: lazy(() => import('../customers/log-form.tsx')…) } }
import type { ComponentType, LazyExoticComponent } from 'react'
import type { Role } from '../../../src/lib/roles.ts'

export interface DialogProps {
  close: () => void
}

export interface PaletteCommand {
  id: string
  label: string
  description?: string
  /** Other words that find it. */
  keywords?: string[]
  /** Hidden from lower roles. */
  role?: Role
  /** Shown over whatever page is open; loaded when first used. */
  dialog: { title: string; Form: LazyExoticComponent<ComponentType<DialogProps>> }
}

export const paletteCommands: PaletteCommand[] = []
