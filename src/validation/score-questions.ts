// What everybody's scores and the fit are counted from. One text for both engines, over the projection's tables
// or the views of the same names; rows ordered by customer and time, times in ms since 1970.

export interface ScoreQuestion {
  text: string
  values: number[]
  /** The columns, in order. */
  names: readonly string[]
}

/**
 * Every experience since the customer's first sale, until a time (µs since 1970). What parts before from after
 * is a sale that was cancelled later too.
 */
export function experiencesSinceSale(until: number): ScoreQuestion {
  return {
    text: `
      with bought as (
        select customer_id, min(happened) as happened
        from (
          select customer_id, coalesce(sold_at, delivered_at) as happened
          from purchases
          where state <> 1 or sold_at is not null
          union all
          select customer_id, happened
          from sales
        ) as sold
        group by customer_id
      )
      select cast(s.customer_id as double precision) as customer,
        cast(s.happened as double precision) / 1000 as at,
        cast(s.experience as double precision) / 100 as value,
        s.evidence = 1 as said
      from steps s
      join bought b on b.customer_id = s.customer_id and s.happened >= b.happened
      where s.experience is not null
        and s.happened <= $1
      order by s.customer_id, s.happened, s.experience, s.evidence`,
    values: [until],
    names: ['customer', 'at', 'value', 'said'],
  }
}

/** When the last thing happened that is known, but for what lies ahead. */
export function lastRecorded(until: number): ScoreQuestion {
  return {
    text: `
      select cast(max(happened) as double precision) / 1000 as at
      from steps
      where happened <= $1`,
    values: [until],
    names: ['at'],
  }
}

/** What was bought and not cancelled, each with its value in minor units. */
export function salesOfAll(): ScoreQuestion {
  return {
    text: `
      select cast(s.customer_id as double precision) as customer,
        cast(s.happened as double precision) / 1000 as at,
        cast(coalesce(p.value_minor, 0) as double precision) as minor
      from sales s
      left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id
      order by s.customer_id, s.happened, coalesce(p.value_minor, 0)`,
    values: [],
    names: ['customer', 'at', 'minor'],
  }
}

/** Others whom customers brought. */
export function referralsOfAll(): ScoreQuestion {
  return {
    text: `
      select cast(s.customer_id as double precision) as customer,
        cast(s.happened as double precision) / 1000 as at
      from steps s
      join touchpoints t on t.id = s.touchpoint_id
      where t.purpose = 10
        and not s.judgement
      order by s.customer_id, s.happened`,
    values: [],
    names: ['customer', 'at'],
  }
}

/** Contracts and subscriptions, from when to when they ran or will; `until` null: to no date. */
export function contractsOfAll(graceDays: number): ScoreQuestion {
  return {
    text: `
      select cast(customer_id as double precision) as customer,
        cast(sold_at as double precision) / 1000 as at,
        cast(least(
          coalesce(ended_at, case when state in (5, 6) then sold_at end),
          case when state in (2, 3, 4) then renews_at + $1 * cast(86400000000 as bigint) end
        ) as double precision) / 1000 as until
      from purchases
      where kind in (3, 4)
        and state <> 1
        and sold_at is not null
      order by customer_id, sold_at, until`,
    values: [graceDays],
    names: ['customer', 'at', 'until'],
  }
}
