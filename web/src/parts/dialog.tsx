import type { ModalProps } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'

const Modal = lazy(async () => ({ default: (await import('./modal.tsx')).Modal }))

/** Mantine's Modal, loaded when it is first opened: the first page has no need of it. */
export function Dialog(props: ModalProps) {
  const [wanted, setWanted] = useState(false)
  if (props.opened && !wanted) setWanted(true)
  if (!wanted) return null
  return (
    <Suspense>
      <Modal {...props} />
    </Suspense>
  )
}
