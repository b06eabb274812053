import { sql } from 'kysely'
import { Invalid, NotFound, TrothError } from '../../lib/errors.ts'
import { type Actor, hasRole } from '../../lib/http.ts'
import { type Db, row, rows, transaction } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { audit } from '../../team/team.ts'
import { questionKinds } from '../kinds.ts'
import type { View, ViewChange, ViewInput } from './schema.ts'

const who = (actor: Actor) => `${actor.kind}:${actor.id}`

/** The caller's own views and those that are shared, by name. */
export function listViews(db: Db, actor: Actor): Promise<View[]> {
  return rows(db, viewsOf(actor))
}

/** @throws NotFound also for somebody else's that is not shared */
export async function readView(db: Db, id: number, actor: Actor): Promise<View> {
  const view = await row(db, viewsOf(actor, id))
  if (!view) throw new NotFound('saved view', id)
  return view
}

/** @throws Invalid when there is no such question; TrothError (forbidden) when a viewer shares */
export async function saveView(store: Store, input: ViewInput, actor: Actor): Promise<View> {
  if (input.question !== 'map' && !questionKinds.some((kind) => kind.name === input.question))
    throw new Invalid(
      `There is no question ${input.question}. There are: map, ${questionKinds.map((kind) => kind.name).join(', ')}.`,
      [{ field: 'question', reason: 'is not a question' }],
    )
  if (input.shared) maySay(actor)
  return transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into saved_views (name, question, search, shared, made_by, made_by_name)
        values (${input.name}, ${input.question}, ${JSON.stringify(input.search)}, ${input.shared}, ${who(actor)}, ${actor.name})
        returning id`,
    )
    const id = made?.id ?? 0
    await audit(tx, actor, 'saved', 'view', id, { name: input.name })
    return readView(tx, id, actor)
  })
}

export async function changeView(store: Store, id: number, change: ViewChange, actor: Actor): Promise<View> {
  if (change.shared) maySay(actor)
  return transaction(store.db, async (tx) => {
    await mayChange(tx, id, actor)
    await sql`
      update saved_views
      set name = coalesce(${change.name ?? null}, name), shared = coalesce(${change.shared ?? null}, shared)
      where id = ${id}`.execute(tx)
    await audit(tx, actor, 'changed', 'view', id, change)
    return readView(tx, id, actor)
  })
}

export async function removeView(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const view = await mayChange(tx, id, actor)
    await sql`delete from saved_views where id = ${id}`.execute(tx)
    await audit(tx, actor, 'removed', 'view', id, { name: view.name })
  })
}

/** Puts a view on the caller's home page, or takes it off. */
export async function putHome(store: Store, id: number, home: boolean, actor: Actor): Promise<View> {
  await readView(store.db, id, actor)
  if (home)
    await sql`insert into home_views (view_id, member) values (${id}, ${who(actor)}) on conflict do nothing`.execute(
      store.db,
    )
  else await sql`delete from home_views where view_id = ${id} and member = ${who(actor)}`.execute(store.db)
  return readView(store.db, id, actor)
}

function viewsOf(actor: Actor, id?: number) {
  return sql<View>`
    select v.id, v.name, v.question, v.search, v.shared, v.made_by_name as by, v.made_by = ${who(actor)} as mine,
      exists (select from home_views h where h.view_id = v.id and h.member = ${who(actor)}) as home,
      to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt"
    from saved_views v
    where (v.shared or v.made_by = ${who(actor)})
      and (${id ?? null}::bigint is null or v.id = ${id ?? null}::bigint)
    order by lower(v.name), v.id`
}

async function mayChange(db: Db, id: number, actor: Actor): Promise<View> {
  const view = await readView(db, id, actor)
  if (!view.mine && !hasRole(actor, 'manager'))
    throw new TrothError(
      'forbidden',
      `“${view.name}” was saved by ${view.by}. They or a manager can change it.`,
    )
  return view
}

function maySay(actor: Actor): void {
  if (!hasRole(actor, 'member'))
    throw new TrothError('forbidden', 'Sharing a view needs the role member. Save it for yourself.')
}
