import { sql } from 'kysely'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { row } from '../../store/database.ts'
import { defineQuestion } from '../asking/kind.ts'
import { change, part, shareOf } from '../map/level.ts'
import { readScope } from '../question.ts'
import { type CourtshipRow, courtships, type RevenueRow, revenue } from './questions.ts'
import { reasonsForLosing } from './reasons.ts'
import { courted, type Winning, winningQuery, winningSchema } from './schema.ts'
import { winningSheets } from './sheets.ts'
import { winningWords } from './words.ts'

/** What winning a sale took, for people who were brought, who came back, and who came cold. */
export const winning = defineQuestion({
  name: 'winning',
  title: 'What winning took',
  summary:
    'Win rate, days and touches to win for referred, returning and cold customers; why the others left',
  asked: winningQuery,
  answer: winningSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    asking.progress(0, 'Following everybody from the first touch')
    const found = await asking.rows<CourtshipRow>(
      'Who was courted, how it ended, and what it took',
      courtships(scope, asked.quiet),
    )
    const bought = await asking.rows<RevenueRow>('What was bought, by who bought it', revenue(scope))
    const told = await reasonsForLosing(asking.store, scope)
    const workspace = await row(asking.store.db, sql<{ currency: string }>`select currency from workspace`)
    const groups = groupsOf(found, bought)
    const answer = {
      asked: scope.asked,
      quiet: asked.quiet,
      groups,
      reasons: shares(told.filter((each) => each.about === 'reason')).map(({ words, ...rest }) => ({
        reason: words,
        ...rest,
      })),
      wentTo: shares(told.filter((each) => each.about === 'went')).map(({ words, ...rest }) => ({
        name: words,
        ...rest,
      })),
      currency: workspace?.currency ?? 'EUR',
    }
    return { ...answer, statements: winningWords(answer) }
  },
  sheets: winningSheets,
})

/** The figures of the three groups, always in the same order. */
export function groupsOf(found: CourtshipRow[], bought: RevenueRow[]): Winning['groups'] {
  const all = bought.reduce((sum, each) => sum + each.minor, 0)
  const counts = courted.map((name, index) => {
    const mine = found.filter((each) => each.courted === index + 1)
    const sum = (ended: number) => mine.reduce((n, each) => n + (each.ended === ended ? each.n : 0), 0)
    return {
      name,
      mine,
      won: sum(1),
      lost: sum(2),
      open: sum(3),
      bought: bought.find((each) => each.courted === index + 1),
    }
  })
  const cold = counts.find((each) => each.name === 'cold')
  const coldShare = cold ? wilson(cold.won, cold.won + cold.lost) : null
  return counts.map(({ name, mine, won, lost, open, bought: revenueRow }) => {
    const share = part(won, won + lost)
    const own = shareOf(share)
    return {
      courted: name,
      begun: won + lost + open,
      open,
      won: share,
      againstCold: name === 'cold' || !own || !coldShare?.n ? null : change(newcombe(own, coldShare)),
      days: spread(mine, 'days'),
      touches: spread(mine, 'touches'),
      revenueMinor: revenueRow?.minor ?? 0,
      revenueShare: all > 0 ? (revenueRow?.minor ?? 0) / all : null,
    }
  })
}

function spread(found: CourtshipRow[], what: 'days' | 'touches') {
  const values = found
    .flatMap((each) => (each[what] === null ? [] : [{ value: each[what], n: each.n }]))
    .toSorted((a, b) => a.value - b.value)
  const n = values.reduce((sum, each) => sum + each.n, 0)
  const at = (share: number): number | null => {
    let seen = 0
    for (const each of values) {
      seen += each.n
      if (seen >= share * n) return each.value
    }
    return null
  }
  return { n, median: n === 0 ? null : at(0.5), p90: n < 10 ? null : at(0.9) }
}

function shares(told: { words: string; n: number }[]) {
  const all = told.reduce((sum, each) => sum + each.n, 0)
  return told.map(({ words, n }) => ({ words, n, share: n / all }))
}
