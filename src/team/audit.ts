import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { AuditEntry } from './schema.ts'

/**
 * Writes down who changed what; call it in the transaction of the change. `action` is a verb in the past
 * ("merged", "made", "erased"), `subject` the noun ("customer", "touchpoint"). Details never hold secrets.
 */
export async function audit(
  tx: Db,
  actor: Pick<Actor, 'kind' | 'id' | 'name'>,
  action: string,
  subject: string,
  subjectId: string | number | null,
  details: Record<string, unknown> = {},
): Promise<void> {
  await sql`
    insert into audit (actor, actor_name, action, subject, subject_id, details)
    values (
      ${`${actor.kind}:${actor.id}`}, ${actor.name}, ${action}, ${subject},
      ${subjectId === null ? null : String(subjectId)}, ${JSON.stringify(details)}
    )`.execute(tx)
}

export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  subjectId?: string | undefined
  before?: number | undefined
  limit: number
}

/** The newest first; `before` is the id to go on from. */
export function listAudit(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  const { actor = null, action = null, subject = null, subjectId = null, before = null } = filter
  return rows(
    db,
    sql<AuditEntry>`
      select id, at, actor, actor_name as "actorName", action, subject, subject_id as "subjectId", details
      from audit
      where (${actor}::text is null or actor_name ilike '%' || ${actor === null ? null : escapeLike(actor)} || '%')
        and (${action}::text is null or action = ${action})
        and (${subject}::text is null or subject = ${subject})
        and (${subjectId}::text is null or subject_id = ${subjectId})
        and (${before}::bigint is null or id < ${before})
      order by id desc
      limit ${filter.limit}`,
  )
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** What has been done to what so far, for the filter's choices. */
export async function auditWords(db: Db): Promise<{ actions: string[]; subjects: string[] }> {
  const found = await row(
    db,
    sql<{ actions: string[] | null; subjects: string[] | null }>`
      select array_agg(distinct action order by action) as actions,
        array_agg(distinct subject order by subject) as subjects
      from audit`,
  )
  return { actions: found?.actions ?? [], subjects: found?.subjects ?? [] }
}
