// What can be done with an import: stopped, gone on with, run again, taken back, forgotten.
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, reply } from '../lib/api.ts'
import { ConfirmAction, toastFailure } from '../parts/actions.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import type { ImportLine } from './words.ts'

export function Actions({ line, changed }: { line: ImportLine; changed: () => void }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const param = { id: String(line.id) }
  const act = (sent: () => Promise<unknown>) => async () => {
    await sent()
    await queries.invalidateQueries({ queryKey: ['imports'] })
    changed()
  }
  const stopped = line.state === 'cancelled' || line.state === 'failed'
  const brought = line.counts.created + line.counts.updated > 0
  return (
    <>
      {line.state === 'waiting' || line.state === 'running' ? (
        <Button
          variant="default"
          size="xs"
          disabled={line.stopping}
          onClick={() =>
            void act(() => reply(api.api.imports[':id'].cancellation.$post({ param })))().catch(toastFailure)
          }
        >
          Stop
        </Button>
      ) : null}
      {stopped ? (
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            void act(() => reply(api.api.imports[':id'].resumption.$post({ param })))().catch(toastFailure)
          }
        >
          Go on
        </Button>
      ) : null}
      {line.state === 'done' ? (
        <LinkButton to="/imports/new" search={{ again: line.id }} variant="default" size="xs">
          Run again on newer files
        </LinkButton>
      ) : null}
      {line.state === 'done' || (stopped && brought) ? (
        <ConfirmAction
          label="Take it back"
          question={`Take back everything that "${line.name}" brought in?`}
          confirm="Take it back"
          danger
          act={act(() => reply(api.api.imports[':id'].undoing.$post({ param })))}
        >
          <p>
            What it created goes, what it changed is as it was, and customers that only it brought are gone.
            What others have added since stays.
          </p>
        </ConfirmAction>
      ) : null}
      {line.state === 'undone' || (stopped && !brought) ? (
        <ConfirmAction
          label="Forget it"
          question="Take this import off the list?"
          confirm="Forget it"
          act={async () => {
            await reply(api.api.imports[':id'].$delete({ param }))
            await queries.invalidateQueries({ queryKey: ['imports'] })
            await navigate({ to: '/imports' })
          }}
        />
      ) : null}
    </>
  )
}
