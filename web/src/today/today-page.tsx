import './today.css'
import { useQuery } from '@tanstack/react-query'
import { useMay, useSession } from '../lib/session.ts'
import { money, number } from '../lib/words.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, Failure, Page, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { TakenCard } from './doubt-card.tsx'
import { FindingsCard } from './findings-card.tsx'
import { MendCard } from './mend-card.tsx'
import { MonthCard } from './month-card.tsx'
import { ThankCard } from './thank-card.tsx'
import { type Today, todayQuery } from './today-data.ts'
import { UnderWay, UnplacedCard } from './under-way.tsx'
import { ViewsCard } from './views-card.tsx'

const customersPage: string = '/customers'
const importsPage: string = '/imports'

export function TodayPage() {
  const found = useQuery(todayQuery)
  const me = useSession()
  const today = found.data
  const zone = today?.timeZone ?? me?.workspace?.timeZone ?? 'UTC'
  return (
    <Page
      title={greeting(me?.kind === 'member' ? me.name : '', zone)}
      beside={<span className="n today-date">{dateInWords(zone)}</span>}
      sentence={today && !today.empty ? <TodaySentence today={today} /> : undefined}
    >
      {found.isError && !today ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !today ? (
        <div className="today">
          <Waiting height={320} />
          <Waiting height={240} />
        </div>
      ) : today.empty ? (
        <FirstSteps today={today} />
      ) : (
        <div className="today">
          <div className="stack">
            <UnderWay today={today} />
            <MendCard mend={today.mend} />
            <TakenCard
              title="In doubt"
              kind="doubt"
              cases={today.doubt}
              all={{ label: 'See them all', to: '/customers', search: { state: 'doubting' } }}
            />
            <TakenCard title="Renewals near" kind="renewal" cases={today.renewals} />
            <SilentCard today={today} />
            <UnplacedCard unplaced={today.unplaced} />
            {today.few ? null : <FindingsCard />}
          </div>
          <div className="stack">
            <ViewsCard />
            <ThankCard cases={today.thank} />
            <MonthCard month={today.month} />
          </div>
        </div>
      )}
    </Page>
  )
}

function TodaySentence({ today }: { today: Today }) {
  return (
    <>
      {today.sentence.parts.map((part, index) =>
        part.tone ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence keep their order
          <b key={index}>{part.text}</b>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence keep their order
          <span key={index}>{part.text}</span>
        ),
      )}{' '}
      <Claim kind={today.sentence.claim} />
    </>
  )
}

/** Buyers whom nobody has spoken to since they paid. Where no caring word was ever recorded, nothing can be said. */
function SilentCard({ today }: { today: Today }) {
  const { silent, currency } = today
  const search: Record<string, string> = {
    silent: `${silent.days}`,
    boughtWithin: `${silent.boughtWithin}`,
  }
  if (!silent.visible || silent.total === 0) return null
  return (
    <Card title={`Silent since they paid · ${number(silent.total)}`}>
      <div className="case">
        <span className="who">
          {number(silent.total)} {silent.total === 1 ? 'buyer' : 'buyers'}
        </span>
        <span className="why">
          Bought within the last year, and no caring word in {silent.days} days
          {silent.valued > 0 && silent.valuedMinor !== null
            ? `; ${number(silent.valued)} of them spent over ${money(silent.valuedMinor, currency)}`
            : ''}
          .
        </span>
        <span className="do">
          <LinkButton to={customersPage} search={search} size="xs" variant="default">
            See them
          </LinkButton>
        </span>
      </div>
    </Card>
  )
}

/** Nothing has come in yet: the ways to begin. */
function FirstSteps({ today }: { today: Today }) {
  const manager = useMay('manager')
  return (
    <div className="stack">
      <UnderWay today={today} />
      {today.sample || today.imports.length > 0 ? null : (
        <>
          <p className="sentence" style={{ marginTop: 0 }}>
            Nothing has come in yet. As soon as Troth sees what happens with your customers, whoever needs you
            stands here.
          </p>
          <div className="first-steps">
            <Card title="Bring your files">
              <p>Orders, deliveries, calls, reviews: as you have them.</p>
              <LinkButton to={importsPage}>Import files</LinkButton>
            </Card>
            <Card title="Send events">
              <p>From your shop or app, as they happen.</p>
              <LinkButton to="/send-events" variant="default">
                See how
              </LinkButton>
            </Card>
            {manager ? (
              <Card title="Look around first">
                <p>A furniture maker with 20,000 customers. You can remove it again.</p>
                <LinkButton to="/welcome" variant="default">
                  The sample company
                </LinkButton>
              </Card>
            ) : null}
          </div>
        </>
      )}
    </div>
  )
}

function greeting(name: string, timeZone: string): string {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone }).format(new Date()),
  )
  const time =
    hour >= 5 && hour < 12 ? 'Good morning' : hour >= 12 && hour < 18 ? 'Good afternoon' : 'Good evening'
  const first = name.trim().split(/\s+/)[0] ?? ''
  return first === '' ? time : `${time}, ${first}`
}

function dateInWords(timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone,
  }).format(new Date())
}
