import { Button, Progress } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Waiting } from '../parts/page.tsx'
import { useRun } from './use-question.ts'

/** In the place of an answer on its way: how far the count is, and a way to stop it. `small`: beside an older answer. */
export function Counting({ name, small }: { name: string; small?: boolean }) {
  const run = useRun(name, true)
  const queries = useQueryClient()
  const stop = () => void queries.cancelQueries({ queryKey: ['question', name] })
  return (
    <div role="status" className="counting">
      {run ? (
        <>
          <span>
            {run.words} … {Math.round(100 * run.done)} %
          </span>
          <Progress value={100 * run.done} size="sm" aria-label="How far the count is" />
          <Button size="xs" variant="default" onClick={stop}>
            Stop
          </Button>
        </>
      ) : small ? null : (
        <Waiting height={320} />
      )}
    </div>
  )
}

/** After a count was stopped: that it was, and the way back. `older`: what stands below answers what was asked before. */
export function Stopped({ again, older }: { again: () => void; older?: boolean }) {
  return (
    <div role="status" className="counting">
      <span>The count was stopped.{older ? ' What stands below answers what was asked before.' : ''}</span>
      <Button size="xs" variant="default" onClick={again}>
        Count it
      </Button>
    </div>
  )
}
