import { Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { count, number } from '../lib/words.ts'
import { Card } from '../parts/page.tsx'
import type { Today } from './today-data.ts'

const importsPage: string = '/imports'
const sampleSteps: Record<string, string> = {
  map: 'drawing its journey map',
  events: 'its customers are living their lives',
  judging: 'judging what was promised',
  counting: 'counting',
}

/** Imports and the sample company, as far as they are. */
export function UnderWay({ today }: { today: Today }) {
  const { imports, sample } = today
  if (imports.length === 0 && !sample) return null
  return (
    <Card title="Under way">
      {sample ? (
        <Bar
          label={`The sample company: ${sampleSteps[sample.step] ?? sample.step}`}
          done={sample.step === 'events' ? sample.done : sample.step === 'map' ? 0 : sample.total}
          total={sample.total}
        />
      ) : null}
      {imports.map((each) => (
        <Bar
          key={each.id}
          label={
            <Link to={importsPage}>
              {each.state === 'undoing' ? 'Undoing' : 'Importing'} {each.name}
              {each.progress.step ? `: ${each.progress.step}` : ''}
            </Link>
          }
          done={each.progress.done ?? 0}
          total={each.progress.total ?? 0}
        />
      ))}
    </Card>
  )
}

function Bar({ label, done, total }: { label: React.ReactNode; done: number; total: number }) {
  return (
    <div className="under-way">
      <div>
        {label}
        {total > 0 ? (
          <span className="n num">
            {' '}
            {number(done)} of {number(total)}
          </span>
        ) : null}
      </div>
      <Progress
        value={total > 0 ? Math.min(100, (100 * done) / total) : 100}
        animated
        mt={6}
        size="sm"
        aria-label="How far it is"
      />
    </div>
  )
}

/** Events that have no place on the map yet. */
export function UnplacedCard({ unplaced }: { unplaced: Today['unplaced'] }) {
  if (unplaced.names === 0) return null
  return (
    <Card title={`Not on your map yet · ${number(unplaced.interactions)}${unplaced.more ? ' or more' : ''}`}>
      <div className="case">
        <span className="who">{count(unplaced.names, 'kind of event', 'kinds of event')}</span>
        <span className="why">
          {unplaced.names === 1
            ? 'Until it has a place, it shows on timelines only.'
            : 'Until they have a place, they show on timelines only.'}
        </span>
        <span className="do">
          <Link to="/journey/edit">Place them</Link>
        </span>
      </div>
    </Card>
  )
}
