// The promises the company makes, as rules. A change makes a new version; the old wording and the old rule
// stay on record, and expectations keep the version they were opened under.
import { sql } from 'kysely'
import { Conflict, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import type { Era } from './judgement.ts'
import { expectationRuleSchema, type Rule } from './schema.ts'

/** One wording of a promise, and the openings that it covers. */
export interface RuleEra extends Era {
  version: number
  statement: string
  rule: Rule
}

export interface StoredRule {
  id: number
  name: string
  version: number
  /** What the company says, in its own words. */
  statement: string
  rule: Rule
  active: boolean
  createdAt: Date
  retiredAt: Date | null
  /** The versions that hold, oldest first. A correction replaces all that went before it. */
  eras: RuleEra[]
}

export interface RuleDraft {
  name: string
  statement: string
  rule: Rule
}

interface VersionRow extends Omit<RuleEra, 'from' | 'to'> {
  validFrom: Date | null
}

/** Every rule, retired ones too, oldest first. */
export async function listRules(db: Db): Promise<StoredRule[]> {
  const found = await rows(
    db,
    sql<Omit<StoredRule, 'eras'> & { versions: VersionRow[] | null }>`
      select r.id, r.name, r.version, r.statement, r.rule, r.active, r.created_at as "createdAt",
        r.retired_at as "retiredAt",
        (
          select json_agg(json_build_object(
            'version', v.version, 'statement', v.statement, 'rule', v.rule, 'validFrom', v.valid_from
          ) order by v.version)
          from expectation_rule_versions v
          where v.rule_id = r.id
        ) as versions
      from expectation_rules r
      order by r.id`,
  )
  return found.map(({ versions, ...each }) => ({
    ...each,
    rule: expectationRuleSchema.parse(each.rule),
    eras: erasOf(versions ?? [], each.name, each.retiredAt),
  }))
}

export interface NamedRule {
  id: number
  name: string
  /** null: it is still made. */
  retiredAt: Date | null
}

/** What the promises are called, to choose one: without rules, versions and figures. */
export async function nameRules(db: Db): Promise<NamedRule[]> {
  return rows(
    db,
    sql<NamedRule>`
      select id, name, retired_at as "retiredAt"
      from expectation_rules
      order by id`,
  )
}

function erasOf(versions: VersionRow[], name: string, retiredAt: Date | null): RuleEra[] {
  const first = versions.findLastIndex((each) => each.validFrom === null)
  const holding = versions.slice(Math.max(first, 0))
  return holding.map((each, index) => ({
    version: each.version,
    statement: each.statement || name,
    rule: expectationRuleSchema.parse(each.rule),
    from: each.validFrom === null ? Number.NEGATIVE_INFINITY : new Date(each.validFrom).getTime(),
    to: new Date(holding[index + 1]?.validFrom ?? retiredAt ?? 8.64e15).getTime(),
  }))
}

/** @throws NotFound */
export async function readRule(db: Db, id: number): Promise<StoredRule> {
  const found = (await listRules(db)).find((each) => each.id === id)
  if (!found) throw new NotFound('promise', id)
  return found
}

/**
 * Makes a promise. It is judged for every customer that something happens to from now on, over their whole
 * life; a run over history judges it for all of them.
 */
export async function createRule(store: Store, draft: RuleDraft, actor: Actor): Promise<StoredRule> {
  const id = await transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into expectation_rules (name, statement, rule, created_by)
        values (${draft.name}, ${draft.statement}, ${JSON.stringify(draft.rule)}, ${actor.name})
        returning id`,
    )
    const ruleId = made?.id ?? 0
    await keepVersion(tx, ruleId, null)
    await audit(tx, actor, 'made', 'promise', ruleId, { name: draft.name })
    return ruleId
  })
  return readRule(store.db, id)
}

/**
 * Changes a promise that was at `version`; the change is the next version. `holds` from 'now': what was
 * promised before is still judged as it was promised. 'always': a correction, the past is judged by it too.
 * @throws NotFound; Conflict when somebody else changed it meanwhile
 */
export async function changeRule(
  store: Store,
  id: number,
  version: number,
  draft: RuleDraft,
  holds: 'now' | 'always',
  actor: Actor,
): Promise<StoredRule> {
  await transaction(store.db, async (tx) => {
    const current = await row(
      tx,
      sql<{ version: number }>`select version from expectation_rules where id = ${id}::bigint for update`,
    )
    if (!current) throw new NotFound('promise', id)
    if (current.version !== version)
      throw new Conflict('Somebody else has changed this promise meanwhile. Reload it and change it again.')
    await sql`
      update expectation_rules
      set name = ${draft.name}, statement = ${draft.statement}, rule = ${JSON.stringify(draft.rule)},
        version = version + 1, active = true, retired_at = null
      where id = ${id}::bigint`.execute(tx)
    await keepVersion(tx, id, holds === 'now' ? new Date() : null)
    await audit(tx, actor, 'changed', 'promise', id, { name: draft.name, version: version + 1, holds })
  })
  return readRule(store.db, id)
}

/** Opens nothing new from now on; what is open is still judged. `retired: false` takes it up again. @throws NotFound */
export async function retireRule(
  store: Store,
  id: number,
  retired: boolean,
  actor: Actor,
): Promise<StoredRule> {
  await transaction(store.db, async (tx) => {
    const changed = await row(
      tx,
      sql<{ name: string }>`
        update expectation_rules
        set active = ${!retired}, retired_at = case when ${retired} then coalesce(retired_at, now()) end
        where id = ${id}::bigint
        returning name`,
    )
    if (!changed) throw new NotFound('promise', id)
    await audit(tx, actor, retired ? 'retired' : 'took up again', 'promise', id, changed)
  })
  return readRule(store.db, id)
}

export interface RuleVersion {
  version: number
  statement: string
  rule: Rule
  createdBy: string | null
  createdAt: string
}

/** Newest first. */
export async function listVersions(db: Db, id: number): Promise<RuleVersion[]> {
  const found = await rows(
    db,
    sql<Omit<RuleVersion, 'createdAt'> & { createdAt: Date }>`
      select version, statement, rule, created_by as "createdBy", created_at as "createdAt"
      from expectation_rule_versions
      where rule_id = ${id}::bigint
      order by version desc`,
  )
  return found.map((each) => ({
    ...each,
    rule: expectationRuleSchema.parse(each.rule),
    createdAt: each.createdAt.toISOString(),
  }))
}

async function keepVersion(tx: Db, id: number, validFrom: Date | null): Promise<void> {
  await sql`
    insert into expectation_rule_versions (rule_id, version, statement, rule, created_by, created_at, valid_from)
    select id, version, statement, rule, created_by, now(), ${validFrom}::timestamptz
    from expectation_rules
    where id = ${id}::bigint`.execute(tx)
}
