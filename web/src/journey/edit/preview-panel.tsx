import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { MapStage, MapTouchpoint, Preview, PreviewExample } from '../../../../src/journey/schema.ts'
import { count, number } from '../../lib/words.ts'
import { Failure, Waiting } from '../../parts/page.tsx'
import { DateText } from '../../parts/words.tsx'
import { previewQuery } from './queries.ts'

/** What the rules of a moment, as they are being written, would bring here and take away. */
export function PreviewPanel({ stages, touchpoint }: { stages: MapStage[]; touchpoint: MapTouchpoint }) {
  const [asked] = useDebouncedValue(stages, 350)
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...previewQuery(asked, touchpoint.id),
    placeholderData: keepPreviousData,
    enabled: touchpointsOf(asked).some((each) => each.id === touchpoint.id),
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting height={120} />
  const nameOf = (id: number | null) => touchpointsOf(stages).find((each) => each.id === id)?.name
  const groups = groupsOf(data, touchpoint.id, nameOf)
  const stale = isPlaceholderData || asked !== stages
  return (
    <section className="preview" aria-label="What this would do" aria-busy={stale} data-stale={stale}>
      <h3>What this would do to what is stored</h3>
      {groups.length === 0 ? (
        <p className="muted">
          {touchpoint.rules.length === 0
            ? 'Without a rule, nothing comes here.'
            : 'Nothing that is stored matches. It may still be right for what comes in later.'}
        </p>
      ) : (
        <ul className="bare-list">
          {groups.map((group) => (
            <li key={group.words}>
              <details>
                <summary>
                  <b className="num">
                    {data.sample ? 'about ' : ''}
                    {number(group.count)}
                  </b>{' '}
                  {group.words}
                </summary>
                <Examples examples={group.examples} />
              </details>
            </li>
          ))}
        </ul>
      )}
      {data.taken.length > 0 ? (
        <p className="muted">
          {data.taken
            .map(
              (each) => `${number(each.count)} match too but go to ${nameOf(each.touchpointId) ?? 'another'}`,
            )
            .join('; ')}
          : its rule is more particular, or stands earlier on the map.
        </p>
      ) : null}
      <p className="n">
        {data.sample
          ? `Reckoned from a sample: ${number(data.lookedAt)} of about ${number(data.of)} interactions.`
          : data.lookedAt > 0
            ? `Counted over all ${count(data.lookedAt, 'interaction')} with these names.`
            : null}
      </p>
    </section>
  )
}

interface Group {
  words: string
  count: number
  examples: PreviewExample[]
}

function groupsOf(
  preview: Preview,
  here: number,
  nameOf: (id: number | null) => string | undefined,
): Group[] {
  return preview.moves.map(({ from, to, count: n, examples }) => ({
    count: n,
    examples,
    words:
      to === here && from === here
        ? 'here already, and stay'
        : to === here
          ? from === null
            ? 'without a place now, would come here'
            : `would come here from ${nameOf(from) ?? 'a moment that is removed'}`
          : to === null
            ? 'would leave here and have no place'
            : `would leave here for ${nameOf(to) ?? 'another moment'}`,
  }))
}

export function Examples({ examples }: { examples: PreviewExample[] }) {
  return (
    <ul className="bare-list examples">
      {examples.map((each) => (
        <li key={each.id} className="example">
          <span>{each.name}</span>{' '}
          <span className="n">
            <Link to={`/customers/${each.customerId}` as '/'}>
              {each.customerName ?? `customer ${each.customerId}`}
            </Link>
            , <DateText at={each.at} as="time" />
            {each.channel ? `, ${each.channel}` : ''}
            {each.path && !each.name.includes(each.path) ? `, ${each.path}` : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}
