// The queries of choosing: everybody who asked or was courted, from their first touch on, and whether they bought
// later. A row a customer in the columns of touchpoint analysis, so that choosing is counted as coming back is.
import { dayMicros, during, growing, inSegment, type Question, type Scope, scopeValues } from '../question.ts'
import { statuses } from './outcome.ts'

export interface CourtingRow {
  courted: number
  /** Days: by when a quarter, and nine in ten, of those who bought had; null where nobody did. */
  quarter: number | null
  most: number | null
  /** Days for which half can be followed. */
  half_seen: number | null
}

/** What the lengths of choosing are chosen from. */
export function courtingQuestion(scope: Scope): Question {
  const { text, values, place } = begin(scope)
  const took = `cast(f.first_sale_at - f.begun as double precision) / ${dayMicros}`
  return {
    text: `${text}
      select cast(count(*) as integer) as courted,
        cast(percentile_cont(0.25) within group (order by ${took}) filter (where f.first_sale_at is not null) as double precision) as quarter,
        cast(percentile_cont(0.9) within group (order by ${took}) filter (where f.first_sale_at is not null) as double precision) as most,
        cast(percentile_cont(0.5) within group (order by cast(${place(scope.asOf)}::bigint - f.begun as double precision) / ${dayMicros}) as double precision) as half_seen
      from firsts f`,
    values,
  }
}

/** Days from the first touch to the landmark, and on from there. */
export interface ChoosingSpans {
  landmark: number
  horizon: number
}

/** status tooEarly: had bought by the landmark. outcome: bought after it and by the end. */
export function courtedQuestion(scope: Scope, { landmark, horizon }: ChoosingSpans): Question {
  const { text, values, place } = begin(scope)
  const after = `f.begun + ${place(landmark * dayMicros)}::bigint`
  const end = `f.begun + ${place((landmark + horizon) * dayMicros)}::bigint`
  const asOf = place(scope.asOf)
  return {
    text: `${text}
      select f.customer_id,
        cast(floor(cast(f.begun as double precision) / ${dayMicros}) as integer) as day,
        cast(null as double precision) as minor,
        false as bought_before,
        coalesce(f.kind = 2, false) as company,
        coalesce(f.referred, false) as referred,
        f.channel,
        cast(case when f.first_sale_at <= ${after} then ${statuses.tooEarly}
          when ${end} > ${asOf}::bigint then ${statuses.tooRecent}
          else ${statuses.counted} end as integer) as status,
        false as early,
        cast(case when f.first_sale_at > ${after} and f.first_sale_at <= ${end} then 1 else 0 end as double precision) as outcome
      from firsts f
      order by f.customer_id`,
    values,
  }
}

/** What each of them met before the sale's side of the map ends, up to the landmark; as touchesQuestion. */
export function courtedTouchesQuestion(
  scope: Scope,
  { landmark }: ChoosingSpans,
  lookback: number,
): Question {
  const { text, values, place } = begin(scope)
  return {
    text: `${text}
      select s.customer_id,
        s.touchpoint_id,
        case when s.evidence in (1, 2) then s.experience end as felt,
        coalesce(s.evidence = 1, false) as said,
        true as before_sale
      from steps s
      join firsts f on f.customer_id = s.customer_id
      join touchpoints t on t.id = s.touchpoint_id
      where s.happened - f.begun >= -${place(lookback * dayMicros)}::bigint
        and s.happened - f.begun <= ${place(landmark * dayMicros)}::bigint
        and (f.first_sale_at is null or s.happened < f.first_sale_at)
        and t.side = 1
        and (not s.judgement or s.evidence = 2)`,
    values,
  }
}

/**
 * Who asked or was courted: met a touchpoint before the sale that is neither the sale itself nor one to many at once
 * (advertising, newsletters), and had not bought before that.
 */
function begin(scope: Scope) {
  const { values, place } = growing(scopeValues(scope))
  return {
    text: `
      with courted as (
        select s.customer_id, min(s.happened) as begun
        from steps s
        join touchpoints t on t.id = s.touchpoint_id
        where t.side = 1
          and t.purpose not in (2, 7)
          and not s.judgement
          ${inSegment(scope, '$3', 's.customer_id')}
        group by s.customer_id
        having ${during(scope, 'min(s.happened)')}
      ), firsts as (
        select d.customer_id, d.begun, c.kind, c.referred, c.first_sale_at, c.first_channel as channel
        from courted d
        left join customers c on c.customer_id = d.customer_id
        where c.first_sale_at is null
          or c.first_sale_at > d.begun
      )`,
    values,
    place,
  }
}
