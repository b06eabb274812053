// The command palette (Ctrl/⌘ K): finds pages and customers, and runs commands that rooms add.
import '@mantine/spotlight/styles.css'
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { navEntries } from './nav.ts'

export function openPalette(): void {
  spotlight.open()
}

export function Palette() {
  const navigate = useNavigate()
  const pages: SpotlightActionData[] = navEntries.map((entry) => ({
    id: entry.to,
    label: entry.label,
    onClick: () => void navigate({ to: entry.to }),
  }))
  return (
    <Spotlight
      actions={[{ group: 'Pages', actions: pages }]}
      shortcut="mod + K"
      nothingFound="Nothing found"
      searchProps={{ placeholder: 'Find a customer, open a page, log a conversation', 'aria-label': 'Find' }}
    />
  )
}
