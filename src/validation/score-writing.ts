// Everybody's scores into the database: a few differences as they are, a night in which most have moved as a
// table of its own that takes the old one's place. Changing most of a million rows took half a minute and left
// the table twice its size; a new table takes seconds, and readers wait for its change of name only.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Store } from '../store/store.ts'

/** From so many changes on, and a quarter of all, a new table is faster. */
const manyChanges = 20_000
/** How long the new table waits for its place; shorter than Postgres takes to see a deadlock. */
const patience = '800ms'

/**
 * @param copied rows as scoresToCopy gives them
 * @param many changes from which on the table is replaced, if they are a quarter of all
 */
export async function writeEverybody(
  store: Store,
  copied: Uint8Array,
  { many = manyChanges }: { many?: number } = {},
): Promise<void> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    await client.query(
      'create temp table fresh_scores (customer_id bigint, score smallint, pieces integer) on commit drop',
    )
    await pipeline(
      Readable.from(pieced(copied)),
      client.query(copyFrom('copy fresh_scores from stdin (format binary)')),
    )
    await client.query('analyze fresh_scores')
    // Only from here on others wait, as they do for one another.
    await client.query("select pg_advisory_xact_lock(hashtext('validation.standings'))")
    const { all, changed } = await changes(client)
    if (changed < many || changed * 4 < all || !(await replace(client))) {
      await takeAway(client)
      await change(client)
    }
    await client.query('commit')
    await forgetTheGone(client)
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function changes(client: PoolClient): Promise<{ all: number; changed: number }> {
  const { rows } = await client.query<{ all: number; changed: number }>(`
    select count(*) as all,
      count(*) filter (where (s.score, s.pieces) is distinct from (f.score, f.pieces)) as changed
    from fresh_scores f
    left join scores s on s.customer_id = f.customer_id`)
  return rows[0] ?? { all: 0, changed: 0 }
}

/** Puts a new table in the old one's place. False, with nothing changed, where somebody holds the old one for long. */
async function replace(client: PoolClient): Promise<boolean> {
  await client.query('savepoint replacing')
  await client.query('create table scores_next (like scores including defaults including constraints)')
  await client.query(`
    insert into scores_next (customer_id, score, pieces)
    select customer_id, score, pieces
    from fresh_scores
    union all
    select s.customer_id, s.score, s.pieces
    from scores s
    where not exists (select from fresh_scores f where f.customer_id = s.customer_id)
      and ${ofCompanyWithPeople}`)
  await client.query('alter table scores_next add constraint scores_next_pkey primary key (customer_id)')
  await client.query('create index scores_next_score on scores_next (score, customer_id)')
  await client.query('analyze scores_next')
  try {
    await client.query(`set local lock_timeout = '${patience}'`)
    await client.query('lock table scores in access exclusive mode')
  } catch (error) {
    // not to be had just now: a backup is reading it
    if ((error as { code?: string }).code !== '55P03') throw error
    await client.query('rollback to savepoint replacing')
    return false
  }
  await client.query('set local lock_timeout to default')
  await client.query('drop table scores')
  await client.query('alter table scores_next rename to scores')
  await client.query('alter index scores_next_pkey rename to scores_pkey')
  await client.query('alter index scores_next_score rename to scores_score')
  return true
}

/** Companies with people are scored one by one; the columns don't know them. */
const ofCompanyWithPeople = `exists (
        select
        from customers c
        join memberships m on m.company_id = c.id
        where c.canonical_id = s.customer_id
      )`

/** Scores of customers who have none any more, but for companies with people. */
async function takeAway(client: PoolClient): Promise<void> {
  await client.query(`
    delete from scores s
    where not exists (select from fresh_scores f where f.customer_id = s.customer_id)
      and not ${ofCompanyWithPeople}`)
}

async function change(client: PoolClient): Promise<void> {
  await client.query(`
    insert into scores (customer_id, score, pieces)
    select f.customer_id, f.score, f.pieces
    from fresh_scores f
    left join scores s on s.customer_id = f.customer_id
    where (s.score, s.pieces) is distinct from (f.score, f.pieces)
    on conflict (customer_id) do update
    set score = excluded.score, pieces = excluded.pieces`)
}

/** Scores of customers who were erased or joined to others since the columns were read. */
async function forgetTheGone(client: PoolClient): Promise<void> {
  await client.query(`
    delete from scores s
    where not exists (
      select
      from customers c
      where c.id = s.customer_id
        and c.canonical_id = c.id
    )`)
}

/** In pieces that a socket likes. */
function* pieced(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 18)
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(1 << 18, bytes.length - at))
}
