import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Problem, problemIn } from '../lib/api.ts'
import { useMay, useWorkspace } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, Page } from '../parts/page.tsx'
import { Wrong } from './gate.tsx'
import './gate.css'

const importsPage: string = '/imports'

/** After the first run, and whenever there is nothing yet: the three ways to begin. */
export function WelcomePage() {
  const { name, dataSource } = useWorkspace()
  const navigate = useNavigate()
  const sample = useSubmit()
  const manager = useMay('manager')

  async function loadSample() {
    const good = await sample.submit(async () => {
      const response = await fetch('/api/sample', { method: 'POST' }).catch(() => {
        throw new Problem(0, 'No connection', 'Troth does not answer.')
      })
      if (!response.ok) throw await problemIn(response)
    })
    if (good) await navigate({ to: '/' })
  }

  return (
    <Page
      title={name ? `${name}, from first impression to last` : 'Begin'}
      sentence={
        <>
          Troth reads what happened with your customers, <b>before the sale and after it</b>, and shows where
          you keep your word. Choose how to begin.
        </>
      }
    >
      <div className="choices">
        <Card title="Bring your files">
          <p>
            Orders, deliveries, calls, reviews: spreadsheets and exports as you have them. You see what each
            row becomes before anything is kept, and can undo it.
          </p>
          <LinkButton to={importsPage}>Import files</LinkButton>
        </Card>
        <Card title="Send events">
          <p>
            If your shop or app speaks Segment’s language, point it here. Otherwise one HTTP call per thing
            that happens is enough.
          </p>
          <LinkButton to="/send-events" variant="default">
            See how
          </LinkButton>
        </Card>
        <Card title="Look around first">
          <p>
            A furniture maker with 20,000 customers, their orders, promises, deliveries and words. You can
            remove it again.
          </p>
          <Button
            variant="default"
            loading={sample.busy}
            disabled={!manager || dataSource === 'own'}
            onClick={() => void loadSample()}
          >
            Load the sample company
          </Button>
          {dataSource === 'own' ? (
            <p className="n">Your own data is here: the sample would mix with it.</p>
          ) : null}
          <Wrong message={sample.message} />
        </Card>
      </div>
    </Page>
  )
}
