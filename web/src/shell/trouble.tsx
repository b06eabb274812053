import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { said } from '../lib/api.ts'
import { EmptyState, Page } from '../parts/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <EmptyState title="Nothing lives at this address" action={<Link to="/">Go to Today</Link>}>
        It may have been moved, or the link was cut short.
      </EmptyState>
    </Page>
  )
}

/** In the place of a page that broke; the menu stays usable. */
export function BrokenPage({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="This page broke">
      <EmptyState title={said(error)} action={<Button onClick={reset}>Try again</Button>}>
        Nothing you saved is lost. If it keeps happening, reload the page.
      </EmptyState>
    </Page>
  )
}
