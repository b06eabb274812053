import { Button, Group, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay, useSession } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { refresh, type TimelineItem, takeBack } from './customer-data.ts'

/** Putting right or taking back what was logged by hand, for who may. */
export function LoggedActions({ item, customer }: { item: TimelineItem; customer: number }) {
  const queries = useQueryClient()
  const manager = useMay('manager')
  const own = item.properties['logged_by'] === useSession()?.id
  const [words, setWords] = useState<string>()
  if (!own && !manager) return null

  async function save() {
    try {
      await reply(
        api.api.customers[':id'].interactions[':interactionId'].$patch({
          param: { id: String(customer), interactionId: String(item.id) },
          json: { words: words ?? '' },
        }),
      )
      setWords(undefined)
      await refresh(queries, customer)
      toast('Changed.')
    } catch (error) {
      toastFailure(error)
    }
  }
  async function remove() {
    try {
      await takeBack(queries, customer, item.id)
      toast('Taken back.')
    } catch (error) {
      toastFailure(error)
    }
  }

  if (words !== undefined)
    return (
      <div className="story-edit">
        <Textarea
          aria-label="How it went"
          autosize
          minRows={2}
          maxRows={12}
          autoFocus
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Group gap={8} mt={8}>
          <Button size="xs" onClick={() => void save()}>
            Save
          </Button>
          <Button size="xs" variant="default" onClick={() => setWords(undefined)}>
            Keep as it was
          </Button>
        </Group>
      </div>
    )
  return (
    <p className="story-own n">
      <button type="button" className="story-more" onClick={() => setWords(item.words ?? '')}>
        Change
      </button>
      {' · '}
      <button type="button" className="story-more" onClick={() => void remove()}>
        Take back
      </button>
    </p>
  )
}
