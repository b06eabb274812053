import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { QuestionSearch } from './question-search.ts'

const SaveView = lazy(async () => ({ default: (await import('./save-view.tsx')).SaveView }))

/** The button that keeps what is shown under a name. */
export function KeepView(props: { question: string; search: object; suggested: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Save view
      </Button>
      <Suspense>
        {open ? (
          <SaveView
            question={props.question}
            search={props.search as QuestionSearch}
            suggested={props.suggested}
            close={() => setOpen(false)}
          />
        ) : null}
      </Suspense>
    </>
  )
}
