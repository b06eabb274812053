// What is spent at a touchpoint in a period. Days never lie in two amounts of the same touchpoint: they
// would be counted twice.
import { sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { assertTouchpoint } from './queries.ts'
import type { Budget, BudgetInput } from './schema.ts'

export async function listBudgets(db: Db): Promise<Budget[]> {
  return rows(
    db,
    sql<Budget>`
      select b.id, b.touchpoint_id as "touchpointId", b.starts_on::text as "startsOn",
        b.ends_on::text as "endsOn", b.amount_minor as "amountMinor", b.currency
      from budgets b
      join touchpoints t on t.id = b.touchpoint_id
      join stages s on s.id = t.stage_id
      order by s.position, t.position, b.starts_on desc, b.id`,
  )
}

/** Adds an amount, or changes the one with this id. @throws Invalid, Conflict (days taken), NotFound */
export async function saveBudget(
  store: Store,
  input: BudgetInput,
  actor: Actor,
  id?: number,
): Promise<Budget> {
  return transaction(store.db, async (tx) => {
    const currency = await assertBudget(tx, input, id)
    const { touchpointId, startsOn, endsOn, amountMinor } = input
    const saved = await row(
      tx,
      id === undefined
        ? sql<{ id: number }>`
            insert into budgets (touchpoint_id, starts_on, ends_on, amount_minor, currency)
            values (${touchpointId}, ${startsOn}, ${endsOn}, ${amountMinor}, ${currency})
            returning id`
        : sql<{ id: number }>`
            update budgets
            set touchpoint_id = ${touchpointId}, starts_on = ${startsOn}, ends_on = ${endsOn},
              amount_minor = ${amountMinor}, currency = ${currency}
            where id = ${id}
            returning id`,
    )
    if (!saved) throw new NotFound('budget', id ?? '')
    const budget = { id: saved.id, touchpointId, startsOn, endsOn, amountMinor, currency }
    await audit(tx, actor, id === undefined ? 'made' : 'changed', 'budget', saved.id, budget)
    return budget
  })
}

export async function removeBudget(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(tx, sql<{ id: number }>`delete from budgets where id = ${id} returning id`)
    if (!removed) throw new NotFound('budget', id)
    await audit(tx, actor, 'removed', 'budget', id)
  })
}

/** Gives the currency to keep it in. */
async function assertBudget(tx: Tx, input: BudgetInput, id: number | undefined): Promise<string> {
  if (input.endsOn < input.startsOn)
    throw new Invalid('The budget ends before it begins: swap the dates.', [
      { field: 'endsOn', reason: 'before the first day' },
    ])
  await assertTouchpoint(tx, input.touchpointId, 'touchpointId')
  const workspace = await row(tx, sql<{ currency: string }>`select currency from workspace for update`)
  const currency = workspace?.currency ?? 'EUR'
  if (input.currency !== undefined && input.currency !== currency)
    throw new Invalid(
      `Budgets are kept in ${currency}, so that they can be added up: convert the ${input.currency} first.`,
      [{ field: 'currency', reason: `not ${currency}` }],
    )
  const other = await row(
    tx,
    sql<{ startsOn: string; endsOn: string }>`
      select starts_on::text as "startsOn", ends_on::text as "endsOn"
      from budgets
      where touchpoint_id = ${input.touchpointId}
        and starts_on <= ${input.endsOn}
        and ends_on >= ${input.startsOn}
        and id is distinct from ${id ?? null}::bigint
      limit 1`,
  )
  if (other)
    throw new Conflict(
      `These days already have an amount here (${other.startsOn} to ${other.endsOn}). Change that one, or choose other days.`,
    )
  return currency
}
