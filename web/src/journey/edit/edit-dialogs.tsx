// What is asked while the map is edited: whose changes count, and whether to leave without saving.
import { Button, Group, Modal } from '@mantine/core'

/** Somebody else has saved the map meanwhile. `said`: what the server said of it; undefined while nobody has. */
export function FasterDialog(props: {
  said: string | undefined
  close: () => void
  solve: (keepMine: boolean) => void
}) {
  const { said, close, solve } = props
  return (
    <Modal opened={said !== undefined} onClose={close} title="Someone was faster" centered>
      <p>{said}</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => solve(false)}>
          Load the new map
        </Button>
        <Button onClick={() => solve(true)}>Put mine over it</Button>
      </Group>
    </Modal>
  )
}

export function LeaveDialog(props: { opened: boolean; stay: () => void; leave: () => void }) {
  const { opened, stay, leave } = props
  return (
    <Modal opened={opened} onClose={stay} title="Leave without saving?" centered>
      <p>Your changes of the map are not saved yet.</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={leave}>
          Leave, and lose them
        </Button>
        <Button onClick={stay}>Stay here</Button>
      </Group>
    </Modal>
  )
}
