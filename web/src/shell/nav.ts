import type { Role } from '../../../src/lib/roles.ts'

export interface NavEntry {
  to: string
  label: string
  /** Shown in the bar at the bottom of a narrow screen; the rest is under "More". */
  main?: boolean
  /** Hidden from lower roles. */
  role?: Role
}

/** The pages in the order of the menu. A room adds its line when its page is there. */
export const navEntries: NavEntry[] = [
  { to: '/', label: 'Today', main: true },
  { to: '/journey', label: 'Journey', main: true },
  { to: '/customers', label: 'Customers', main: true },
  { to: '/expectations', label: 'Expectations', main: true },
  { to: '/learn', label: 'Learn' },
  { to: '/imports', label: 'Imports', role: 'manager' },
  { to: '/settings', label: 'Settings' },
]
