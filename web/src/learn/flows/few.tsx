import { Button } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'

const few = 12

/** The first rows of many, and the button that shows them all. */
export function useFew<Row>(rows: Row[]): { shown: Row[]; more: ReactNode } {
  const [all, setAll] = useState(false)
  const shown = useMemo(() => (all ? rows : rows.slice(0, few)), [rows, all])
  const label = all ? `Show the first ${few} only` : `Show all ${rows.length}`
  const more = (
    <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
      {label}
    </Button>
  )
  return { shown, more: rows.length > few ? more : null }
}
