import './journey.css'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { KeepView } from '../learn/keep-view.tsx'
import { useMay } from '../lib/session.ts'
import { count, percent } from '../lib/words.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { type Figure, type JourneyMap, mapQuery } from './api.ts'
import { BalanceCard, CareCard, SilenceCard } from './balance.tsx'
import { BehindDrawer } from './behind-drawer.tsx'
import { ExperienceCurve } from './curve.tsx'
import { FlowCard } from './flow-graph.tsx'
import { MapTable, type Open } from './map-table.tsx'
import { type JourneySearch, readSearch } from './scope.ts'
import { ScopePickers } from './scope-pickers.tsx'

export function JourneyPage() {
  const search = readSearch(useSearch({ strict: false }))
  const navigate = useNavigate()
  const mayEdit = useMay('manager')
  const found = useQuery(mapQuery(search))
  const [opened, setOpened] = useState<{ title: string; figure: Figure } | null>(null)
  const open: Open = (title, figure) => setOpened({ title, figure })
  const change = (next: JourneySearch) => void navigate({ to: '/journey', search: next, replace: true })
  const map = found.data
  return (
    <Page
      title="Journey"
      tools={
        <>
          <ScopePickers search={search} change={change} />
          <KeepView question="map" search={search} suggested="The journey" />
          {mayEdit ? (
            <LinkButton to="/journey/edit" size="xs" variant="default">
              Edit map
            </LinkButton>
          ) : null}
        </>
      }
      sentence={map && map.touchpoints.length > 0 ? <Sentence map={map} /> : null}
    >
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !map ? (
        <div className="stack">
          <Waiting height={430} />
          <Waiting height={260} />
        </div>
      ) : map.touchpoints.length === 0 ? (
        <NoMap mayEdit={mayEdit} />
      ) : map.interactions === 0 ? (
        <Nothing search={search} change={change} />
      ) : (
        <div
          className={`stack ${found.isPlaceholderData ? 'aging' : ''}`}
          aria-busy={found.isPlaceholderData}
        >
          <ExperienceCurve
            map={map}
            note={<CurveNote map={map} open={open} mayEdit={mayEdit} />}
            onOpen={(place) => open(place.name, { figure: 'touchpoint', touchpoint: String(place.id) })}
          />
          <Card title="Touchpoint by touchpoint" tools={<Claim kind="counted" />}>
            <MapTable map={map} open={open} />
          </Card>
          <BalanceCard search={search} open={open} />
          <div className="pair">
            <SilenceCard search={search} open={open} />
            <CareCard search={search} open={open} />
          </div>
          <FlowCard map={map} search={search} open={open} />
        </div>
      )}
      <BehindDrawer
        title={opened?.title ?? ''}
        figure={opened?.figure ?? null}
        search={search}
        close={() => setOpened(null)}
      />
    </Page>
  )
}

function Sentence({ map }: { map: JourneyMap }) {
  return (
    <>
      {map.sentence.parts.map((part, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence keep their order
        if (!part.tone) return <span key={index}>{part.text}</span>
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence keep their order
          <b key={index} className={part.tone === 'strong' ? 'wrap-anywhere' : part.tone}>
            {part.text}
          </b>
        )
      })}{' '}
      <Claim kind={map.sentence.claim} />
    </>
  )
}

/** What the picture's sizes and its strip mean, and what isn't on it. */
function CurveNote({ map, open, mayEdit }: { map: JourneyMap; open: Open; mayEdit: boolean }) {
  const { unplaced } = map
  const unknown = map.touchpoints.some((place) => place.said.value === null && place.inferred.value === null)
  return (
    <>
      The larger a dot, the more customers were met there.
      {unknown ? ' Below the line: not enough answers yet.' : ''}
      {unplaced.n > 0 && unplaced.share !== null ? (
        <>
          {' '}
          <button
            type="button"
            className="opens"
            onClick={() => open('Interactions that are not placed yet', { figure: 'unplaced' })}
          >
            {count(unplaced.n, 'interaction')}
            {unplaced.share < 0.005 ? '' : ` (${percent(unplaced.share)})`} {unplaced.n === 1 ? 'is' : 'are'}{' '}
            not placed yet
          </button>
          {mayEdit ? (
            <>
              {' '}
              · <Link to="/journey/edit">place them</Link>
            </>
          ) : null}
        </>
      ) : null}
    </>
  )
}

function NoMap({ mayEdit }: { mayEdit: boolean }) {
  return (
    <Card>
      <EmptyState
        title="There is no map yet"
        action={mayEdit ? <LinkButton to="/journey/edit">Start with a ready-made map</LinkButton> : null}
      >
        A map has stages before and after the sale, and touchpoints in them.{' '}
        {mayEdit
          ? 'Take a ready-made one for shops or for services and change it as you like.'
          : 'A manager can make one.'}
      </EmptyState>
    </Card>
  )
}

function Nothing({ search, change }: { search: JourneySearch; change: (next: JourneySearch) => void }) {
  const narrowed = Object.keys(search).length > 0
  return (
    <Card>
      <EmptyState
        title={narrowed ? 'Nothing is recorded for this time and these customers' : 'Nothing is recorded yet'}
        action={
          narrowed ? (
            <Button variant="default" onClick={() => change({})}>
              Show all customers and all time
            </Button>
          ) : (
            <LinkButton to="/imports">Bring in files</LinkButton>
          )
        }
      >
        {narrowed
          ? 'Choose another time or other customers.'
          : 'Bring in files from your shop, helpdesk or spreadsheets, or send events. The map draws itself from what happened.'}
      </EmptyState>
    </Card>
  )
}
