// The command palette's door: the keys that open it. What opens is loaded when it is first needed.
import { useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useEffect, useState } from 'react'

const Dialog = lazy(async () => ({ default: (await import('./palette-dialog.tsx')).PaletteDialog }))
const opening = new EventTarget()

export function openPalette(): void {
  opening.dispatchEvent(new Event('open'))
}

export function Palette() {
  // How often it was asked for: the dialog opens each time this grows.
  const [asked, setAsked] = useState(0)
  useHotkeys([['mod+K', openPalette]], [])
  useEffect(() => {
    const open = () => setAsked((times) => times + 1)
    opening.addEventListener('open', open)
    return () => opening.removeEventListener('open', open)
  }, [])
  return asked > 0 ? (
    <Suspense>
      <Dialog asked={asked} />
    </Suspense>
  ) : null
}
