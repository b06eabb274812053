import { money } from '../../lib/phrases.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { whole } from '../findings/finding.ts'
import type { ReturnAnswer, ReturnCurve } from './schema.ts'

type Said = Omit<ReturnAnswer, 'statements'>

export function returnWords(answer: Said): Statement[] {
  if (answer.customers === 0) return [counted('Nobody has bought in this time.', 0)]
  return [...curves(answer), ...model(answer), ...check(answer), ...bringers(answer)]
}

function curves({ first, later, difference }: Said): Statement[] {
  return [
    ...first.flatMap(within),
    ...(difference && first.length > 1
      ? [
          difference.p < 0.05
            ? goesAlong(
                `How soon they come back differs between these groups by more than chance (log-rank, p ${shortP(difference.p)}).`,
              )
            : cannotTell(
                `Whether these groups come back differently can't be told (log-rank, p ${shortP(difference.p)}).`,
              ),
        ]
      : []),
    ...later.slice(0, 1).flatMap(within),
  ]
}

function within(curve: ReturnCurve): Statement[] {
  const { value, low, high } = curve.withinYear
  const who = curve.id === 'later' ? 'Of those who bought twice' : ofWhom(curve)
  if (value === null || low === null || high === null)
    return [cannotTell(`${who}, nobody has been followed for a year yet.`, curve.n)]
  return [
    counted(
      `${who}, ${whole(100 * value)} in 100 (${whole(100 * low)} to ${whole(100 * high)}) had bought again within a year.`,
      curve.n,
    ),
  ]
}

function ofWhom({ id, name }: ReturnCurve): string {
  if (id === 'all') return 'Of all who bought'
  return name.startsWith('first bought') ? `Of those who ${name}` : `Of “${name}”`
}

function shortP(p: number): string {
  return p < 0.001 ? 'below .001' : p.toFixed(3).replace(/^0/, '')
}

function model({ model: found, cannotForetell, span, customers, currency }: Said): Statement[] {
  if (!found)
    return cannotForetell
      ? [cannotTell(`What to expect can't be told, because ${cannotForetell}.`, customers)]
      : []
  const { value, low, high } = found.expected
  const between = low === null || high === null ? '' : ` (${whole(low)} to ${whole(high)})`
  return [
    goesAlong(
      `If they go on as before, about ${whole(value)}${between} sales are to be expected of these ${whole(customers)} customers in the next ${whole(span)} days${found.expectedMinor === null ? '' : `, worth about ${money(Number(found.expectedMinor.toPrecision(3)), currency)}`}.`,
      customers,
    ),
    found.dropout === 'none detectable'
      ? counted(
          'No detectable dropout: nothing in the data says that customers stop, only that they are slow.',
          customers,
        )
      : goesAlong(`About ${whole(found.stillCustomers)} of them are still customers.`, customers),
  ]
}

function check({ check: past }: Said): Statement[] {
  if (!past) return []
  const { value, low, high } = past.foretold
  const between = low === null || high === null ? '' : ` (${whole(low)} to ${whole(high)})`
  const n = past.groups.reduce((sum, group) => sum + group.n, 0)
  return [
    counted(
      `The same model, told only what was known before ${past.until}, would have foretold ${whole(value)}${between} sales for the ${whole(past.days)} days since; it was ${whole(past.happened)}.${past.within === false ? ' That lies outside: take its figures with care.' : ''}`,
      n,
    ),
  ]
}

function bringers({ bringers: people }: Said): Statement[] {
  if (people.length === 0) return []
  return [
    counted(
      `${whole(people.length)} ${people.length === 1 ? 'customer is' : 'customers are'} hardly expected back, but brought others: thank them all the same.`,
      people.length,
    ),
  ]
}
