import { list } from '../../lib/phrases.ts'
import type { Store } from '../../store/store.ts'
import { ask, dayMicros, inSegment, type Question, type Scope, scopeValues } from '../question.ts'
import type { SilenceAnswer } from '../schema.ts'
import { part } from './level.ts'
import { channelNames } from './queries.ts'

export const silenceSpans = [30, 60, 90] as const

/**
 * Buyers and the caring touches they got after their first sale. `$n` of the day of the answer comes after
 * the scope's values, then one for each span in µs. Touches of our own that bill, sell or go to everyone are not caring.
 */
export const silentBuyers = (scope: Scope, asOf: string) => `
      with bought as (
        select customer_id, min(happened) as first_sale, max(happened) as last_sale
        from sales
        where happened < ${asOf}::bigint
          ${inSegment(scope, '$3')}
        group by customer_id
      ), cared as (
        select s.customer_id, min(s.happened) as first_care, max(s.happened) as last_care
        from steps s
        join touchpoints t on t.id = s.touchpoint_id
        where t.caring
          and s.after_sale
          and not s.judgement
          and s.happened < ${asOf}::bigint
        group by s.customer_id
      ), buyers as (
        select b.customer_id, b.first_sale, c.first_care,
          case when c.last_care > b.last_sale then c.last_care else b.last_sale end as last_meant,
          b.first_sale >= $1::bigint and b.first_sale < $2::bigint as of_this_time
        from bought b
        left join cared c on c.customer_id = b.customer_id
      )`

export function silenceQuestion(scope: Scope): Question {
  const first = scopeValues(scope).length + 1
  const asOf = `$${first}`
  const spans = silenceSpans.map((days, index) => {
    const span = `$${first + 1 + index}::bigint`
    return `
        cast(count(*) filter (where of_this_time and first_sale <= ${asOf}::bigint - ${span}) as integer) as due_${days},
        cast(count(*) filter (where of_this_time and first_sale <= ${asOf}::bigint - ${span} and (first_care is null or first_care > first_sale + ${span})) as integer) as silent_${days},
        cast(count(*) filter (where last_meant <= ${asOf}::bigint - ${span}) as integer) as now_${days}`
  })
  return {
    text: `${silentBuyers(scope, asOf)}
      select cast(count(*) as integer) as buyers,
        cast(count(*) filter (where of_this_time) as integer) as buyers_of_time,${spans.join(',')}
      from buyers`,
    values: [...scopeValues(scope), scope.asOf, ...silenceSpans.map((days) => days * dayMicros)],
  }
}

export interface ChannelRow {
  channel: number
  caring: number
  touches: number
}

/** What we did for buyers after their sale, by channel: what a silence was seen through. */
export function channelQuestion(scope: Scope): Question {
  const asOf = scope.segment === null ? '$1' : '$2'
  return {
    text: `
      select s.channel,
        cast(count(*) filter (where t.caring) as integer) as caring,
        cast(count(*) as integer) as touches
      from steps s
      join touchpoints t on t.id = s.touchpoint_id
      where t.by_us
        and s.after_sale
        and not s.judgement
        and s.happened < ${asOf}::bigint
        ${inSegment(scope, '$1', 's.customer_id')}
      group by s.channel
      order by touches desc, s.channel`,
    values: scope.segment === null ? [scope.asOf] : [scope.segment, scope.asOf],
  }
}

/** Buyers without a caring touch, with the channels that were looked at; no figures where none could be seen. */
export async function silence(store: Store, scope: Scope): Promise<SilenceAnswer> {
  const channels = await ask<ChannelRow>(store, channelQuestion(scope))
  const names = await channelNames(store)
  const [counted] = await ask<Record<string, number>>(store, silenceQuestion(scope))
  const visible = channels.some((row) => row.caring > 0)
  const seen = channels.map((row) => ({ name: channelName(names, row.channel), touches: row.touches }))
  const buyers = counted?.['buyers'] ?? 0
  return {
    asked: scope.asked,
    asOf: new Date(Math.floor(scope.asOf / 1000)).toISOString(),
    visible,
    words: silenceWords(buyers, visible, channels.length > 0, seen),
    buyers,
    channels: seen,
    spans: visible
      ? silenceSpans.map((days) => ({
          days,
          sinceSale: part(counted?.[`silent_${days}`] ?? 0, counted?.[`due_${days}`] ?? 0),
          now: part(counted?.[`now_${days}`] ?? 0, buyers),
        }))
      : [],
  }
}

export function channelName(names: Map<number, string>, code: number): string {
  return names.get(code) || 'no channel named'
}

function silenceWords(
  buyers: number,
  visible: boolean,
  anything: boolean,
  channels: { name: string }[],
): string {
  if (buyers === 0) return 'Nobody has bought yet, so nobody can have been left alone.'
  if (visible)
    return `Seen through ${list(channels.slice(0, 6).map((each) => each.name))}. What you do elsewhere is not in these figures.`
  return anything
    ? 'Whether buyers were left alone can’t be told: of what you did after a sale, only deliveries, invoices and offers are recorded, no call, thanks or question. Bring in your mail, phone or visits.'
    : 'Whether buyers were left alone can’t be told: nothing that you did for them after the sale is recorded. Bring in your mail, phone or visits.'
}
