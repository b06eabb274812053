import { list } from '../../lib/phrases.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { inHundred, tenth, whole } from '../findings/finding.ts'
import { shareOf } from '../map/level.ts'
import type { Winning } from './schema.ts'

type Group = Winning['groups'][number]

const who: Record<Group['courted'], string> = {
  referred: 'people brought by a customer',
  returning: 'customers who bought before',
  cold: 'people who came by themselves',
}

/** The answer in sentences, none of which says more than the figures. */
export function winningWords(answer: Omit<Winning, 'statements'>): Statement[] {
  if (answer.groups.every((group) => group.begun === 0))
    return [counted('Nobody was courted in this time: nothing is recorded before a sale.', 0)]
  return [...rates(answer.groups), ...efforts(answer.groups), ...income(answer), ...losses(answer)]
}

function rates(groups: Group[]): Statement[] {
  const told = groups.flatMap((group) => {
    const share = shareOf(group.won)
    return share ? [{ group, words: `${inHundred(share)} of ${who[group.courted]}` }] : []
  })
  const thin = groups.filter((group) => group.begun > 0 && shareOf(group.won) === null)
  const n = told.reduce((sum, { group }) => sum + group.won.n, 0)
  return [
    ...(told.length > 0 ? [counted(`You won ${list(told.map((each) => each.words))}.`, n)] : []),
    ...groups.flatMap(compared),
    ...thin.map((group) =>
      cannotTell(
        `Too few of ${who[group.courted]} have decided to name a rate: ${whole(group.won.n)}; at least 10 are needed.`,
        group.won.n,
      ),
    ),
  ]
}

function compared(group: Group): Statement[] {
  const difference = group.againstCold
  if (!difference) return []
  const points = (value: number) => whole(Math.abs(100 * value))
  const span = `${points(difference.low)} to ${points(difference.high)}`
  if (!difference.tells)
    return [
      cannotTell(
        `Whether ${who[group.courted]} are won more often than those who came by themselves can't be told: the difference lies between ${signed(100 * difference.low)} and ${signed(100 * difference.high)} in 100.`,
        group.won.n,
      ),
    ]
  const more = difference.value > 0
  return [
    goesAlong(
      `${more ? 'More' : 'Fewer'} of ${who[group.courted]} are won: ${points(difference.value)} in 100 ${more ? 'more' : 'fewer'} than of those who came by themselves (${more ? span : `${points(difference.high)} to ${points(difference.low)}`}).`,
      group.won.n,
    ),
  ]
}

function efforts(groups: Group[]): Statement[] {
  const told = groups.filter((group) => group.days.n >= 10 && group.days.median !== null)
  if (told.length === 0) return []
  const words = told.map(
    (group) =>
      `${whole(group.days.median ?? 0)} days and ${whole(group.touches.median ?? 0)} touches for ${who[group.courted]}`,
  )
  return [
    counted(
      `From the first touch to the sale, half take at most ${list(words)}.`,
      told.reduce((sum, group) => sum + group.days.n, 0),
    ),
  ]
}

function income(answer: Omit<Winning, 'statements'>): Statement[] {
  const share = (name: Group['courted']) =>
    answer.groups.find((group) => group.courted === name)?.revenueShare ?? null
  const [returning, referred] = [share('returning'), share('referred')]
  if (returning === null || referred === null) return []
  return [
    counted(
      `Of what was bought, ${inWhole(returning)} in 100 came from customers who bought before and ${inWhole(referred)} in 100 from people they brought.`,
    ),
  ]
}

/** A small share with a decimal, so that it is not told as none. */
function inWhole(share: number): string {
  return share > 0 && share < 0.095 ? tenth(100 * share) : whole(100 * share)
}

function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${whole(Math.abs(value))}`
}

function losses({ reasons, wentTo }: Omit<Winning, 'statements'>): Statement[] {
  const named = (told: { words: string; n: number }[]) =>
    list(told.slice(0, 3).map((each) => `“${each.words}” (${whole(each.n)})`))
  const all = (told: { n: number }[]) => told.reduce((sum, each) => sum + each.n, 0)
  return [
    ...(reasons.length > 0
      ? [
          counted(
            `Why they did not buy, as it was noted: most often ${named(reasons.map(({ reason, n }) => ({ words: reason, n })))}.`,
            all(reasons),
          ),
        ]
      : [
          cannotTell(
            'Why people did not buy was noted nowhere. Send a `reason` with the event that says no.',
            0,
          ),
        ]),
    ...(wentTo.length > 0
      ? [counted(`They went to ${named(wentTo.map(({ name, n }) => ({ words: name, n })))}.`, all(wentTo))]
      : []),
  ]
}
