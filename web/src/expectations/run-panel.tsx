import { Button, Progress } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, reply } from '../lib/api.ts'
import { count, number } from '../lib/words.ts'
import { toastFailure } from '../parts/actions.tsx'
import { DateText } from '../parts/words.tsx'
import { refreshExpectations, runQuery } from './expectation-data.ts'

/** Runs a promise over all that is stored: starts it, shows how far it is, stops it. */
export function RunPanel({ ruleId, quiet }: { ruleId: number; quiet?: boolean }) {
  const queries = useQueryClient()
  const run = useQuery(runQuery(ruleId)).data?.run
  const going = run?.state === 'waiting' || run?.state === 'running'
  const was = useRef(going)
  useEffect(() => {
    if (was.current && !going) void refreshExpectations(queries)
    was.current = going
  }, [going, queries])
  async function start() {
    try {
      await reply(api.api.promises[':id'].runs.$post({ param: { id: String(ruleId) } }))
      await queries.invalidateQueries({ queryKey: runQuery(ruleId).queryKey })
    } catch (error) {
      toastFailure(error)
    }
  }
  async function stop(id: number) {
    try {
      await reply(api.api['promise-runs'][':id'].cancellation.$post({ param: { id: String(id) } }))
      await queries.invalidateQueries({ queryKey: runQuery(ruleId).queryKey })
    } catch (error) {
      toastFailure(error)
    }
  }
  if (run && going)
    return (
      <div role="status">
        <Progress
          value={run.total === 0 ? 0 : (run.done / run.total) * 100}
          aria-label="How far it is"
          mt="sm"
          mb={6}
        />
        <div className="page-bar">
          <span className="n num">
            {number(run.done)} of {count(run.total, 'customer')} judged, {number(run.opened)} found
          </span>
          <span className="tools">
            <Button size="xs" variant="default" onClick={() => void stop(run.id)}>
              Stop
            </Button>
          </span>
        </div>
      </div>
    )
  return (
    <div className="page-bar" style={{ marginTop: 8 }}>
      <Button size="xs" variant={quiet ? 'subtle' : 'default'} onClick={() => void start()}>
        Run it over history
      </Button>
      {run?.finishedAt ? (
        <span className="n">
          Last run <DateText at={run.finishedAt} as="ago" />
          {run.state === 'cancelled' ? ', stopped' : ''}: {count(run.done, 'customer')} judged,{' '}
          {number(run.opened)} found, {number(run.changed)} changed.
        </span>
      ) : null}
    </div>
  )
}
