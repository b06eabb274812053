import './flows.css'
import { Button } from '@mantine/core'
import { Fragment, useMemo, useState } from 'react'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { number, percent } from '../../lib/words.ts'
import { Card } from '../../parts/page.tsx'
import { Claim } from '../../parts/words.tsx'

const few = 10
/** Steps of one way that are told before the rest is counted. */
const longest = 14

/** The commonest ways, a row each: every step by its name in the colour of its side of the sale. */
export function Ways({ answer }: { answer: Flows }) {
  const [all, setAll] = useState(false)
  const places = useMemo(() => new Map(answer.touchpoints.map((each) => [each.id, each])), [answer])
  const { ways, cases } = answer
  if (!ways || ways.commonest.length === 0) return null
  const most = ways.commonest[0]?.share ?? 1
  const several = ways.commonest.filter(({ n }) => n > 1)
  // one customer's way is no common one, unless there is nothing else
  const told = several.length > 0 ? several : ways.commonest
  const taken = told.reduce((sum, { n }) => sum + n, 0)
  const shown = all ? told : told.slice(0, few)
  const them = answer.case === 'purchase' ? 'purchases' : 'customers'
  return (
    <Card title="The commonest ways" tools={<Claim kind="counted" />}>
      <p className="fig-say">
        {ways.different === 1
          ? `All ${number(cases)} ${them} went the same way.`
          : `${number(ways.different)} different ways; ${several.length > 0 ? `the ${told.length === 1 ? 'commonest was' : `${number(told.length)} commonest were`} taken by ${percent(taken / cases, 1)} of ${number(cases)} ${them}` : `none was taken twice by ${number(cases)} ${them}`}.`}
      </p>
      <ol className="ways">
        {shown.map((way) => (
          <li key={`${way.length} ${way.steps.join(' ')}`}>
            <div className="way-share">
              <b className="num">{percent(way.share, 1)}</b>
              <span className="n">n {number(way.n)}</span>
              <span className="way-bar" style={{ width: `${(100 * way.share) / most}%` }} />
            </div>
            <p className="way">
              {runs(way.steps)
                .slice(0, longest)
                .map(({ step, times }, index) => {
                  const place = places.get(step)
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice; their order is what they are
                    <Fragment key={index}>
                      {index > 0 ? (
                        <span className="way-then" role="img" aria-label="then">
                          →
                        </span>
                      ) : null}
                      <span className={`way-step ${place?.side ?? 'before'}`}>
                        {place?.name ?? `touchpoint ${step}`}
                        {times > 1 ? ` × ${times}` : ''}
                      </span>
                    </Fragment>
                  )
                })}
              {left(way) > 0 ? <span className="n"> and {number(left(way))} more</span> : null}
            </p>
          </li>
        ))}
      </ol>
      {told.length > few ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? `Show the first ${few} only` : `Show all ${told.length}`}
        </Button>
      ) : null}
      <p className="n">
        {cases > taken
          ? `${number(cases - taken)} ${them} (${percent(1 - taken / cases, 1)}) took a way that is not listed. `
          : ''}
        {ways.toldUpTo === null
          ? ''
          : `Ways longer than ${number(ways.toldUpTo)} steps are told apart by these and their length.`}
      </p>
    </Card>
  )
}

/** The same touchpoint several times in a row, as one with its number. */
function runs(steps: number[]): { step: number; times: number }[] {
  const found: { step: number; times: number }[] = []
  for (const step of steps) {
    const last = found.at(-1)
    if (last?.step === step) last.times++
    else found.push({ step, times: 1 })
  }
  return found
}

/** Steps that are not told. */
function left({ steps, length }: { steps: number[]; length: number }): number {
  const told = runs(steps)
    .slice(0, longest)
    .reduce((sum, { times }) => sum + times, 0)
  return length - told
}
