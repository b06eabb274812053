import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { Card, Page } from '../parts/page.tsx'

export function SettingsPage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Page title="Settings">
      <Card title="Appearance">
        <SegmentedControl
          aria-label="Theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          data={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Card>
    </Page>
  )
}
