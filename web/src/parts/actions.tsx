import { Button, type ButtonProps, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { said } from '../lib/api.ts'
import { Dialog } from './dialog.tsx'

/** Says that something was done, with a way back for eight seconds. */
export function toast(message: string, undo?: () => Promise<unknown>): void {
  const id = crypto.randomUUID()
  notifications.show({
    id,
    autoClose: undo ? 8_000 : 4_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            undo().then(
              () => toast('Undone.'),
              (error: unknown) => toastFailure(error),
            )
          }}
        >
          Undo
        </Button>
      </Group>
    ) : (
      message
    ),
  })
}

export function toastFailure(error: unknown): void {
  notifications.show({
    message: said(error),
    color: 'red',
    withBorder: true,
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  })
}

/**
 * A button for something that can't simply be undone: asks first, in words that say what will happen.
 * With `undo`, a toast offers the way back afterwards.
 */
export function ConfirmAction(props: {
  label: ReactNode
  question: string
  children?: ReactNode
  /** What the confirming button says ("Revoke the key"). */
  confirm: string
  act: () => Promise<unknown>
  done?: string
  undo?: () => Promise<unknown>
  button?: ButtonProps & { 'aria-label'?: string }
  danger?: boolean
}) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  async function confirmed() {
    setBusy(true)
    try {
      await props.act()
      close()
      if (props.done) toast(props.done, props.undo)
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant="default" size="xs" {...props.button} onClick={ask}>
        {props.label}
      </Button>
      <Dialog opened={open} onClose={close} title={props.question} centered>
        {props.children}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Keep as it is
          </Button>
          <Button
            {...(props.danger ? { color: 'red.8' } : {})}
            loading={busy}
            onClick={() => void confirmed()}
          >
            {props.confirm}
          </Button>
        </Group>
      </Dialog>
    </>
  )
}
