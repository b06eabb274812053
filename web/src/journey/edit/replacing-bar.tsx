import { Button, Progress } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, reply } from '../../lib/api.ts'
import { number } from '../../lib/words.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { replacingQuery } from './queries.ts'

/** How far the placing of history by the saved rules is. */
export function ReplacingBar() {
  const queries = useQueryClient()
  const replacing = useQuery(replacingQuery).data?.replacing
  const running = replacing?.state === 'waiting' || replacing?.state === 'running'
  const was = useRef(running)
  useEffect(() => {
    if (was.current && replacing?.state === 'done') {
      toast(`History stands where the map says. ${number(replacing.changed)} interactions moved.`)
      // Everything that is counted by moment may have changed.
      void queries.invalidateQueries()
    }
    was.current = running
  }, [running, replacing, queries])
  async function act(work: Promise<unknown>) {
    try {
      await work
    } catch (error) {
      toastFailure(error)
    }
    await queries.invalidateQueries({ queryKey: replacingQuery.queryKey })
  }
  if (replacing?.state === 'cancelled')
    return (
      <div className="card replacing" role="status">
        <p>
          Placing history was stopped after {number(replacing.lookedAt)} interactions. What happened before
          stands partly where the old rules put it.
        </p>
        <Button
          size="xs"
          variant="default"
          onClick={() => void act(reply(api.api.journey.replacing.$post()))}
        >
          Place all of it again
        </Button>
      </div>
    )
  if (!replacing || !running) return null
  const share = replacing.about > 0 ? (100 * replacing.lookedAt) / replacing.about : 0
  return (
    <div className="card replacing">
      <p role="status">
        {replacing.lookedAt === 0
          ? 'History is about to be placed by the new rules.'
          : `Placing history by the new rules: ${number(replacing.lookedAt)} of about ${number(replacing.about)} interactions looked at, ${number(replacing.changed)} moved.`}{' '}
        You can go on working.
      </p>
      <Progress value={Math.min(99, share)} aria-label="How much of history has been looked at" />
      <Button
        size="xs"
        variant="default"
        onClick={() => void act(reply(api.api.journey.replacing.$delete()))}
      >
        Stop
      </Button>
    </div>
  )
}
