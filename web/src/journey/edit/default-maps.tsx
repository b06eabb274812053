import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { MapStage } from '../../../../src/journey/schema.ts'
import { count } from '../../lib/words.ts'
import { Failure, Waiting } from '../../parts/page.tsx'
import type { Draft } from './draft.ts'
import { EffectWords } from './effect.tsx'
import { previewQuery, templatesQuery } from './queries.ts'

/** The two maps that Troth brings, each with what it would do to what is stored. */
export function DefaultMaps({ onChoose }: { onChoose: (draft: Draft) => void }) {
  const { data, error, refetch } = useQuery(templatesQuery)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting height={280} />
  return (
    <div className="default-maps">
      {data.items.map((each) => (
        <article key={each.name} className="card">
          <h3>{each.title}</h3>
          <p className="muted">{each.description}</p>
          <dl>
            {each.stages.map((stage) => (
              <div key={stage.id} className={stage.side}>
                <dt>{stage.name}</dt>
                <dd>{stage.touchpoints.map((touchpoint) => touchpoint.name).join(', ')}</dd>
              </div>
            ))}
          </dl>
          <TemplateEffect stages={each.stages} />
          <Button onClick={() => onChoose({ stages: each.stages, gone: each.gone })}>
            Begin with this map
          </Button>
        </article>
      ))}
    </div>
  )
}

function TemplateEffect({ stages }: { stages: MapStage[] }) {
  const { data } = useQuery(previewQuery(stages))
  return (
    <p className="n">
      {count(stages.length, 'stage')}, {count(touchpointsOf(stages).length, 'moment')}.{' '}
      {data ? <EffectWords preview={data} /> : 'Looking at what is stored…'}
    </p>
  )
}

/** Later on: the same choice, laid over the map that is there. */
export function DefaultMapsDialog(props: {
  opened: boolean
  onClose: () => void
  onChoose: (draft: Draft) => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Begin again with a default map" size="xl">
      <p className="muted">
        Moments with the same name stay, with their money and care standards; the others go. Nothing is saved
        until you save the map.
      </p>
      {props.opened ? (
        <DefaultMaps
          onChoose={(draft) => {
            props.onChoose(draft)
            props.onClose()
          }}
        />
      ) : null}
    </Modal>
  )
}
