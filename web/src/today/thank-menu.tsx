import { Button, Menu } from '@mantine/core'
import type { How } from './today-data.ts'

const ways: { how: How; label: string }[] = [
  { how: 'call', label: 'I called' },
  { how: 'mail', label: 'I wrote a mail' },
  { how: 'letter', label: 'I sent a card' },
  { how: 'gift', label: 'I sent a present' },
  { how: 'visit', label: 'I said it in person' },
]

/** How the customer was thanked; open from the first, as it is loaded when somebody asks for it. */
export function ThankMenu({ name, thanked }: { name: string; thanked: (how: How) => void }) {
  return (
    <Menu position="bottom-start" defaultOpened>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label={`Thank ${name}`}>
          Thank
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(({ how, label }) => (
          <Menu.Item key={how} onClick={() => thanked(how)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
