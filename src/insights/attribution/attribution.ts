import { sql } from 'kysely'
import { attributionMethods } from '../../stats/attribution.ts'
import { row, rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { defineQuestion } from '../asking/kind.ts'
import { readScope } from '../question.ts'
import type { Estimated, PathColumns } from './estimate.ts'
import { firstSaleQuestion, type Looking, openQuestion, touchQuestion } from './questions.ts'
import { type Attribution, attributionQuery, attributionSchema } from './schema.ts'
import { attributionSheets } from './sheets.ts'
import { attributionWords } from './words.ts'

/** Fewer first sales than this: shares without intervals. */
const fewestDrawn = 30

/** What wins first sales, by several ways of counting side by side. */
export const attribution = defineQuestion({
  name: 'attribution',
  title: 'What wins first sales',
  summary: 'First sales credited to touchpoints or channels, by five ways of counting side by side',
  asked: attributionQuery,
  answer: attributionSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    const looking: Looking = {
      scope,
      by: asked.by,
      lookbackDays: asked.lookback,
      quietDays: asked.quiet,
    }
    asking.progress(0, 'Following everybody to their first sale')
    const touches = await asking.columns(
      'Touches before first sales, and before none',
      touchQuestion(looking),
      ['customer', 'place', 'ended'],
    )
    const sales = await asking.columns('First sales, and what they were worth', firstSaleQuestion(looking), [
      'customer',
      'minor',
    ])
    const [open] = await asking.rows<{ n: number }>('Who may still buy', openQuestion(looking))
    const columns: PathColumns = {
      customer: touches['customer'] ?? new Float64Array(),
      place: touches['place'] ?? new Float64Array(),
      ended: touches['ended'] ?? new Float64Array(),
      buyer: sales['customer'] ?? new Float64Array(),
      minor: sales['minor'] ?? new Float64Array(),
    }
    asking.progress(0.3, 'Crediting first sales')
    const estimated = await asking.think<Estimated>(
      new URL('./estimate.ts', import.meta.url),
      'estimate',
      columns,
      Object.values(columns).map((column: Float64Array) => column.buffer as ArrayBuffer),
    )
    const workspace = await row(asking.store.db, sql<{ currency: string }>`select currency from workspace`)
    const answer = {
      asked: scope.asked,
      by: asked.by,
      lookback: asked.lookback,
      quiet: asked.quiet,
      won: estimated.won,
      untouched: estimated.untouched,
      lost: estimated.lost,
      open: open?.n ?? 0,
      minor: 'cannotTell' in estimated.told ? 0 : estimated.told.worth,
      currency: workspace?.currency ?? 'EUR',
      credited: creditedOf(estimated, await namesOf(asking.store, asked.by)),
    }
    return { ...answer, statements: attributionWords(answer) }
  },
  sheets: attributionSheets,
})

type Named = Pick<Attribution['credited'][number], 'id' | 'name' | 'side'>

function creditedOf(
  { places, told, wonWith, lostWith }: Estimated,
  names: Map<number, Named>,
): Attribution['credited'] {
  if ('cannotTell' in told) return []
  const credited = told.channels.map((channel, index) => ({
    ...(names.get(places[index] ?? 0) ?? { id: null, name: 'unknown', side: null }),
    wonWith: wonWith[index] ?? 0,
    lostWith: lostWith[index] ?? 0,
    by: attributionMethods.map((method, at) => {
      const interval = told.won < fewestDrawn ? null : (told.intervals[index]?.[at] ?? null)
      const sales = channel.credit[method]
      return {
        method,
        sales,
        share: sales === null ? null : sales / told.won,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        minor: channel.worth[method],
      }
    }),
    least: channel.spread.low,
    most: channel.spread.high,
  }))
  return credited.toSorted((a, b) => middle(b) - middle(a) || a.name.localeCompare(b.name))
}

function middle({ by }: Attribution['credited'][number]): number {
  const shares = by.flatMap(({ share }) => share ?? []).toSorted((a, b) => a - b)
  return shares[Math.floor(shares.length / 2)] ?? 0
}

/** Words for touchpoints' ids, or for channels' codes. */
async function namesOf(store: Store, by: Looking['by']): Promise<Map<number, Named>> {
  const found =
    by === 'touchpoint'
      ? await rows(
          store.db,
          sql<Named & { place: number }>`
            select t.id as place, t.id, t.name, s.side
            from touchpoints t
            join stages s on s.id = t.stage_id`,
        )
      : await rows(
          store.db,
          sql<Named & { place: number }>`
            select code as place, null as id, case when name = '' then 'no channel' else name end as name, null as side
            from projection.channel_names`,
        )
  return new Map(found.map(({ place, ...named }) => [place, named]))
}
