// Enquiries that never fitted: somebody expected what we don't do. That too is an expectation gone wrong,
// made before there was anything to keep.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId, customerSummaries } from '../customers/customers.ts'
import { recordBatch } from '../interactions/interactions.ts'
import type { Actor } from '../lib/http.ts'
import { type Share, wilson } from '../stats/proportions.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'

const marked = 'Enquiry Never Fitted'
const unmarked = 'Enquiry Fitted After All'
/** What says so by itself: an offer or an enquiry that was turned down, with or without a reason. */
const declined = ['Proposal Declined', 'Enquiry Declined', marked]
const enquired = ['Proposal Sent', 'Enquiry Received', 'Design Meeting Held', ...declined]

export interface Misfits {
  /** Who never fitted, of all who enquired or were made a proposal. */
  share: Share
  reasons: {
    reason: string | null
    customers: number
    examples: { customerId: number; customer: string; at: string }[]
  }[]
}

/** Customers whose enquiry was turned down and who never bought, by the reason given last. */
export async function misfits(
  db: Db,
  { from, to, segmentId }: { from?: Date | undefined; to?: Date | undefined; segmentId?: number | undefined },
): Promise<Misfits> {
  const lines = await rows(
    db,
    sql<{ reason: string | null; customers: number; ids: number[]; times: Date[] }>`
      with turned as (
        select distinct on (c.canonical_id) c.canonical_id, i.name, i.at,
          nullif(trim(i.properties ->> 'reason'), '') as reason
        from interactions i
        join customers c on c.id = i.customer_id
        where i.name = any(${[...declined, unmarked]}::text[])
          and (${from ?? null}::timestamptz is null or i.at >= ${from ?? null}::timestamptz)
          and (${to ?? null}::timestamptz is null or i.at < ${to ?? null}::timestamptz)
          and (${segmentId ?? null}::bigint is null or c.canonical_id in (
            select customer_id
            from segment_members
            where segment_id = ${segmentId ?? null}::bigint
          ))
        order by c.canonical_id, i.at desc, i.id desc
      )
      select reason, count(*)::integer as customers,
        (array_agg(canonical_id order by at desc))[1:5] as ids,
        (array_agg(at order by at desc))[1:5] as times
      from turned
      where name <> ${unmarked}
        and not exists (
          select 1
          from purchases p
          join customers c on c.id = p.customer_id
          where c.canonical_id = turned.canonical_id and p.sold_at is not null
        )
      group by reason
      order by customers desc, reason`,
  )
  const asked = await row(
    db,
    sql<{ n: number }>`
      select count(distinct c.canonical_id)::integer as n
      from interactions i
      join customers c on c.id = i.customer_id
      where i.name = any(${enquired}::text[])
        and (${from ?? null}::timestamptz is null or i.at >= ${from ?? null}::timestamptz)
        and (${to ?? null}::timestamptz is null or i.at < ${to ?? null}::timestamptz)
        and (${segmentId ?? null}::bigint is null or c.canonical_id in (
          select customer_id
          from segment_members
          where segment_id = ${segmentId ?? null}::bigint
        ))`,
  )
  const shown = await customerSummaries(db, [...new Set(lines.flatMap(({ ids }) => ids.map(Number)))])
  const labels = new Map(shown.map(({ id, label }) => [id, label]))
  const turned = lines.reduce((sum, line) => sum + line.customers, 0)
  return {
    share: wilson(turned, asked?.n ?? 0),
    reasons: lines.map(({ reason, customers, ids, times }) => ({
      reason,
      customers,
      examples: ids.map((id, index) => ({
        customerId: Number(id),
        customer: labels.get(Number(id)) ?? String(id),
        at: (times[index] ?? new Date(0)).toISOString(),
      })),
    })),
  }
}

/** Marks a customer whose enquiry never fitted what we do (or takes that back). */
export async function markMisfit(
  store: Store,
  customer: number,
  mark: { reason: string } | null,
  actor: Actor,
): Promise<void> {
  const now = new Date()
  await transaction(store.db, async (tx) => {
    const customerId = await canonicalId(tx, customer)
    const incoming = {
      messageId: randomUUID(),
      at: now,
      receivedAt: now,
      identities: [],
      customerId,
      name: mark ? marked : unmarked,
      properties: mark ? { reason: mark.reason } : {},
      memberId: actor.id,
    }
    await recordBatch(store, tx, [incoming], { source: 'member', again: 'keep' })
    await audit(tx, actor, mark ? 'marked as never fitting' : 'took back the mark of', 'customer', customerId)
  })
  store.projection?.wake()
}
