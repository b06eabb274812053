import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import type { Db } from '../store/database.ts'

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
