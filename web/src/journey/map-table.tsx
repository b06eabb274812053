import type { ReactNode } from 'react'
import { number } from '../lib/words.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EvidenceDot, Money, Quote, Share } from '../parts/words.tsx'
import type { Figure, JourneyMap, Level, Part, Place } from './api.ts'

export type Open = (title: string, figure: Figure) => void

/** The map as a table with words; the same figures as the curve, each of which opens what stands behind it. */
export function MapTable({ map, open }: { map: JourneyMap; open: Open }) {
  const stage = new Map(map.stages.map((each) => [each.id, each.name]))
  const at = (place: Place) => ({ touchpoint: String(place.id) })
  const columns: Column<Place>[] = [
    {
      key: 'name',
      header: 'Touchpoint',
      value: (place) => place.name,
      cell: (place) => (
        <div className="place-name">
          <Opens act={() => open(place.name, { figure: 'touchpoint', ...at(place) })}>
            <b className="wrap-anywhere">{place.name}</b>
          </Opens>
          <br />
          <span className="n">
            {stage.get(place.stageId)}, {place.side} the sale
          </span>
        </div>
      ),
    },
    {
      key: 'customers',
      header: 'Customers',
      align: 'end',
      value: (place) => place.customers,
      cell: (place) => (
        <>
          {number(place.customers)}
          <br />
          <span className="n">{number(place.volume)} times</span>
        </>
      ),
    },
    {
      key: 'said',
      header: 'Customers said',
      align: 'end',
      value: (place) => place.said.value,
      cell: (place) => (
        <LevelCell
          level={place.said}
          evidence="said"
          open={(figure) => open(`${place.name}, as customers said`, { figure, ...at(place) })}
        />
      ),
    },
    {
      key: 'inferred',
      header: 'What happened says',
      align: 'end',
      value: (place) => place.inferred.value,
      cell: (place) => (
        <LevelCell
          level={place.inferred}
          evidence="inferred"
          open={(figure) => open(`${place.name}, as what happened says`, { figure, ...at(place) })}
        />
      ),
    },
    {
      key: 'kept',
      header: 'Promises kept',
      align: 'end',
      value: (place) => place.kept.value,
      cell: (place) => <KeptCell part={place.kept} place={place} open={open} />,
    },
    ...(map.comparedWith ? [changeColumn] : []),
    {
      key: 'words',
      header: 'In their words',
      sortable: false,
      value: (place) => place.words[0]?.text ?? null,
      cell: (place) =>
        place.words[0] ? (
          <span className="in-their-words">
            <Quote>{place.words[0].text}</Quote>
          </span>
        ) : null,
    },
  ]
  if (map.touchpoints.some((place) => place.cost))
    columns.push({
      key: 'cost',
      header: 'Cost per customer',
      align: 'end',
      value: (place) => place.cost?.perCustomerMinor ?? null,
      cell: (place) =>
        place.cost ? (
          <>
            {place.cost.perCustomerMinor === null ? null : (
              <Money minor={Math.round(place.cost.perCustomerMinor)} currency={place.cost.currency} />
            )}
            <br />
            <span className="n">
              of <Money minor={place.cost.minor} currency={place.cost.currency} />
            </span>
          </>
        ) : null,
    })
  return (
    <DataTable
      caption="The journey map, touchpoint by touchpoint"
      columns={columns}
      rows={map.touchpoints}
      rowKey={(place) => place.id}
      filter={map.touchpoints.length > 8}
      exportAs="journey"
    />
  )
}

const changeColumn: Column<Place> = {
  key: 'change',
  header: 'Change',
  align: 'end',
  value: (place) => place.compared?.saidChange?.value ?? place.compared?.inferredChange?.value ?? null,
  cell: (place) => {
    const change = place.said.value === null ? place.compared?.inferredChange : place.compared?.saidChange
    if (!change) return <span className="n">too few answers to compare</span>
    if (!change.tells) return <span className="n">can’t tell</span>
    return (
      <span className={change.value > 0 ? 'good' : 'bad'}>
        {change.value > 0 ? '▲ better' : '▼ worse'} by {Math.abs(change.value).toFixed(2)}
        <br />
        <span className="n">
          {signed(change.low)} to {signed(change.high)}
        </span>
      </span>
    )
  },
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}

/** A figure that opens what stands behind it. */
export function Opens({ act, children }: { act: () => void; children: ReactNode }) {
  return (
    <button type="button" className="opens" onClick={act}>
      {children}
    </button>
  )
}

export function LevelCell(props: {
  level: Level
  evidence: 'said' | 'inferred'
  open?: (figure: 'said' | 'inferred' | 'good' | 'bad') => void
}) {
  const { level, evidence, open } = props
  if (level.n === 0) return <span className="faint no-figure">–</span>
  const words = <LevelWords level={level} evidence={evidence} />
  return open ? <Opens act={() => open(evidence)}>{words}</Opens> : words
}

export function LevelWords({ level, evidence }: { level: Level; evidence: 'said' | 'inferred' }) {
  if (level.n === 0) return <span className="faint">no answers</span>
  if (level.value === null)
    return (
      <span className="n">
        {level.good} good, {level.bad} bad of {level.n}
        <br />
        not enough answers yet
      </span>
    )
  const tone = level.value > 0.1 ? 'good' : level.value < -0.1 ? 'bad' : 'level'
  const word = { good: 'good', bad: 'bad', level: 'neither good nor bad' }[tone]
  return (
    <>
      <span className={`experience ${tone}`}>
        <EvidenceDot evidence={evidence} />
        <span aria-hidden="true">{{ good: '▲', bad: '▼', level: '◆' }[tone]} </span>
        <span className="hidden-visually">{word} </span>
        {Math.abs(level.value).toFixed(2)}
      </span>
      <br />
      <span className="n num">
        {signed(level.low ?? 0)} to {signed(level.high ?? 0)}, n {number(level.n)}
      </span>
    </>
  )
}

function KeptCell({ part, place, open }: { part: Part; place: Place; open: Open }) {
  if (part.n === 0) return <span className="faint no-figure">–</span>
  return (
    <Opens
      act={() => open(`${place.name}: promises broken`, { figure: 'broken', touchpoint: String(place.id) })}
    >
      <PartWords part={part} />
    </Opens>
  )
}

export function PartWords({ part }: { part: Part }) {
  if (part.n === 0) return <span className="faint no-figure">–</span>
  if (part.value === null)
    return (
      <span className="n">
        {part.hits} of {part.n}
      </span>
    )
  return <Share value={part.value} low={part.low} high={part.high} n={part.n} />
}
