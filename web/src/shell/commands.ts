// Commands in the palette (Ctrl/⌘ K) that rooms add: one line in `paletteCommands`, e.g.
//   { id: 'log', label: 'Log a conversation', role: 'member',
//     dialog: { title: 'Log a conversation', Form: lazy(() => import('../customers/log-form.tsx')…) } }
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
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

export const paletteCommands: PaletteCommand[] = [
  {
    id: 'log-call',
    label: 'Log a call',
    keywords: ['log call', 'phone', 'conversation'],
    role: 'member',
    dialog: {
      title: 'Log a call',
      Form: lazy(async () => ({ default: (await import('../customers/quick-log.tsx')).QuickCall })),
    },
  },
  {
    id: 'log-visit',
    label: 'Log a visit',
    keywords: ['log visit', 'meeting', 'conversation'],
    role: 'member',
    dialog: {
      title: 'Log a visit',
      Form: lazy(async () => ({ default: (await import('../customers/quick-log.tsx')).QuickVisit })),
    },
  },
  {
    id: 'log-mail',
    label: 'Log a mail',
    keywords: ['log mail', 'letter', 'email', 'conversation'],
    role: 'member',
    dialog: {
      title: 'Log a mail',
      Form: lazy(async () => ({ default: (await import('../customers/quick-log.tsx')).QuickMail })),
    },
  },
  {
    id: 'log-note',
    label: 'Log a note',
    keywords: ['log note', 'write down', 'add note'],
    role: 'member',
    dialog: {
      title: 'Log a note',
      Form: lazy(async () => ({ default: (await import('../customers/quick-log.tsx')).QuickNote })),
    },
  },
]
