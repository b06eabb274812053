// What customers said, related only to what had happened when they said it. A bad review that was written
// while the parcel was still missing is about the waiting; it says nothing about the delivery.
import { type RawBuilder, sql } from 'kysely'
import { type Mean, meanFrom } from '../stats/means.ts'
import { type Db, rows } from '../store/database.ts'
import { type ExpectationFilter, picked } from './filter.ts'

/** Where things stood when the answer was given. */
export const moments = [
  'before it was said',
  'in time',
  'not due yet',
  'came late',
  'still waiting',
  'never came',
] as const
type Moment = (typeof moments)[number]
/** What became of it afterwards, as far as is known today. */
export const endings = ['came in time', 'came late', 'never came', 'open'] as const
type Ending = (typeof endings)[number]

interface AnswerGroup {
  moment: Moment
  ending: Ending
  /** Stars, 1 to 5. */
  stars: Mean
}

export interface AnswersByMoment {
  moments: { moment: Moment; stars: Mean }[]
  /** The same, told apart by what became of it later. */
  groups: AnswerGroup[]
}

/**
 * The customers' answers after one promise was made, by where things stood. An answer to another purchase
 * is left out; one that names no purchase counts until 60 days after the promise was decided.
 */
export async function answersByMoment(
  db: Db,
  filter: ExpectationFilter & { ruleId: number },
): Promise<AnswersByMoment> {
  const found = await rows(
    db,
    sql<{ moment: Moment; ending: Ending; n: number; sum: number; squares: number }>`
      with e as (${picked(filter)}), ${answers(sql`e`)}
      select moment, ending, count(*)::integer as n, sum(stars)::double precision as sum,
        sum(stars * stars)::double precision as squares
      from answer
      group by 1, 2`,
  )
  const mean = (lines: typeof found) =>
    meanFrom(
      lines.reduce((total, line) => total + line.n, 0),
      lines.reduce((total, line) => total + line.sum, 0),
      lines.reduce((total, line) => total + line.squares, 0),
    )
  return {
    moments: moments.map((moment) => ({
      moment,
      stars: mean(found.filter((line) => line.moment === moment)),
    })),
    groups: moments.flatMap((moment) =>
      endings.flatMap((ending) => {
        const lines = found.filter((line) => line.moment === moment && line.ending === ending)
        return lines.length === 0 ? [] : [{ moment, ending, stars: mean(lines) }]
      }),
    ),
  }
}

/**
 * A common table `answer` (expectation id, customer, gap, moment, ending, at, stars, bad) of what was said
 * after each expectation in the table `of` was opened, or about its purchase.
 */
export function answers(of: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    said as (
      select e.id, e.canonical_id, e.opened_at, e.gap, e.first_due_at, e.told_at, e.state, e.awaited, e.came_at, e.decided_at,
        i.at, 3 + i.experience / 50.0 as stars,
        coalesce((
          select m.due_at
          from expectation_moves m
          where m.customer_id = e.customer_id and m.expectation_id = e.id and m.counted and m.at <= i.at
          order by m.at desc
          limit 1
        ), e.first_due_at) as due_at
      from ${of} e
      join customers c on c.canonical_id = e.canonical_id
      join interactions i on i.customer_id = c.id
      where i.evidence = 1
        and i.experience is not null
        and (
          i.purchase_id = e.purchase_id
          or (
            (i.purchase_id is null or e.purchase_id is null)
            and i.at >= e.opened_at
            and i.at < coalesce(e.came_at, e.decided_at, e.due_at, now()) + interval '60 days'
          )
        )
    ),
    answer as (
      select id, canonical_id, gap, first_due_at, told_at, at, stars, stars < 2.5 as bad,
        case
          when at < opened_at then 'before it was said'
          when came_at <= at then case when state = 'broken' then 'came late' else 'in time' end
          when state = 'withdrawn' and decided_at <= at then 'never came'
          when due_at is null or at < due_at then 'not due yet'
          when came_at is not null then 'still waiting'
          when state = 'open' or (awaited and due_at > now() - interval '60 days') then 'still waiting'
          else 'never came'
        end as moment,
        case
          when came_at is not null then case when state = 'broken' then 'came late' else 'came in time' end
          when state = 'open' or (awaited and due_at > now() - interval '60 days') then 'open'
          else 'never came'
        end as ending
      from said
    )`
}
