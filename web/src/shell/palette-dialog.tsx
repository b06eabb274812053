// What the command palette shows: finds pages and customers, and runs the commands of commands.ts.
import '@mantine/spotlight/styles.css'
import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { type Role, roles } from '../../../src/lib/roles.ts'
import { Problem, problemIn } from '../lib/api.ts'
import { useSession } from '../lib/session.ts'
import { Waiting } from '../parts/page.tsx'
import { type PaletteCommand, paletteCommands } from './commands.ts'
import { navEntries } from './nav.ts'

const [palette, paletteActions] = createSpotlight()

/** Opens whenever `asked` grows. */
export function PaletteDialog({ asked }: { asked: number }) {
  useEffect(() => {
    if (asked > 0) paletteActions.open()
  }, [asked])
  const navigate = useNavigate()
  const role = useSession()?.role ?? null
  const [query, setQuery] = useState('')
  const [command, setCommand] = useState<PaletteCommand>()
  const customers = useCustomerSearch(query)
  // Customers come a moment after the letters: when nothing else fitted, Enter means the first of them.
  useEffect(() => {
    if (customers.length > 0) selectFirst()
  }, [customers])
  const may = (needed: Role | undefined) =>
    !needed || (role !== null && roles.indexOf(role) >= roles.indexOf(needed))

  const commands: SpotlightActionData[] = paletteCommands
    .filter((each) => may(each.role))
    .map((each) => ({
      id: `command-${each.id}`,
      label: each.label,
      ...(each.description ? { description: each.description } : {}),
      ...(each.keywords ? { keywords: each.keywords } : {}),
      onClick: () => setCommand(each),
    }))
  const pages: SpotlightActionData[] = [...navEntries.filter((entry) => may(entry.role)), ...morePages].map(
    (entry) => ({
      id: `page-${entry.to}`,
      label: entry.label,
      onClick: () => void navigate({ to: entry.to }),
    }),
  )
  const found: SpotlightActionData[] = customers.map((customer) => ({
    id: `customer-${customer.id}`,
    label: customer.label,
    // The server has judged that it matches (by email, phone or order), whatever the label says.
    keywords: [query],
    ...(customer.about ? { description: customer.about } : {}),
    onClick: () => void navigate({ to: `/customers/${customer.id}` }),
  }))

  return (
    <>
      <Spotlight
        store={palette}
        query={query}
        onQueryChange={setQuery}
        actions={[
          ...(found.length > 0 ? [{ group: 'Customers', actions: found }] : []),
          ...(commands.length > 0 ? [{ group: 'Do', actions: commands }] : []),
          { group: 'Go to', actions: pages },
        ]}
        shortcut={null}
        highlightQuery
        scrollable
        maxHeight={420}
        nothingFound="Nobody and nothing by that name"
        searchProps={{
          placeholder: 'Find a customer, open a page, log a conversation',
          'aria-label': 'Find',
        }}
      />
      <Modal
        opened={command !== undefined}
        onClose={() => setCommand(undefined)}
        title={command?.dialog.title}
        centered
      >
        <Suspense fallback={<Waiting />}>
          {command ? <command.dialog.Form close={() => setCommand(undefined)} /> : null}
        </Suspense>
      </Modal>
    </>
  )
}

function selectFirst(): void {
  const list = document.getElementById(palette.getState().listId)
  if (!list || list.querySelector('[data-selected]')) return
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  palette.updateState((state) => ({ ...state, selected: 0 }))
}

/** Pages that are not in the menu. */
const morePages: { to: string; label: string; role?: Role }[] = [
  { to: '/settings/account', label: 'Your account and theme' },
  { to: '/settings/team', label: 'Team and invitations' },
  { to: '/settings/keys', label: 'Keys', role: 'owner' },
  { to: '/settings/changes', label: 'Who changed what', role: 'owner' },
  { to: '/send-events', label: 'Send events' },
  { to: '/docs/api', label: 'API reference' },
]

interface FoundCustomer {
  id: number
  label: string
  about: string
}

const none: FoundCustomer[] = []

function useCustomerSearch(query: string): FoundCustomer[] {
  const [wanted] = useDebouncedValue(query.trim(), 150)
  const { data } = useQuery({
    queryKey: ['palette-customers', wanted],
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<FoundCustomer[]> => {
      const response = await fetch(`/api/customers?limit=6&search=${encodeURIComponent(wanted)}`, { signal })
      if (!response.ok) throw await problemIn(response)
      const { items } = (await response.json()) as {
        items: { id: number; label: string; email: string | null; company: { label: string } | null }[]
      }
      return items.map(({ id, label, email, company }) => ({
        id,
        label,
        about: [email, company?.label].filter((each) => each && each !== label).join(' · '),
      }))
    },
    throwOnError: (error) => !(error instanceof Problem),
  })
  return wanted.length >= 2 ? (data ?? none) : none
}
