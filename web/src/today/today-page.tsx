import { EmptyState, Page } from '../parts/page.tsx'

export function TodayPage() {
  return (
    <Page title="Today">
      <EmptyState title="Nothing to do yet">
        When customers' experience comes in, what needs you is here.
      </EmptyState>
    </Page>
  )
}
