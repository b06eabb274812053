// Every route, with every role, with none, and with keys: in or out exactly as the route says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type Role, roles } from '#src/lib/http.ts'
import { Operations } from '#src/server/operations.ts'
import type { Db } from '#src/store/database.ts'
import { sending, startTroth } from './troth.ts'

const callers = [...roles, 'nobody', 'read', 'ingest'] as const
type Caller = (typeof callers)[number]

/** What the guard answers: 401, 403, or undefined for "in". */
function refusal(access: string, method: string, caller: Caller): 401 | 403 | undefined {
  if (access === 'public') return undefined
  if (caller === 'nobody') return 401
  const rank = roles.indexOf(caller as Role)
  if (access === 'ingest') return caller === 'ingest' || rank >= roles.indexOf('manager') ? undefined : 403
  if (caller === 'ingest') return 403
  if (caller === 'read') return access === 'viewer' && method === 'GET' ? undefined : 403
  return rank >= roles.indexOf(access as Role) ? undefined : 403
}

test('every route lets in exactly the roles and keys that it names', async () => {
  await using troth = await startTroth()
  const { all } = new Operations(troth.app)
  assert.ok(all.length > 20)
  const wrong: string[] = []
  for (const operation of all) {
    // Signing out would end the walk for everybody after; it is public and has a test of its own.
    if (operation.path === '/api/session' && operation.method === 'DELETE') continue
    const path = operation.path.replace(/\{[^}]+\}/g, '999999999')
    for (const caller of callers) {
      const expected = refusal(operation.access, operation.method, caller)
      // What gets in is stopped by its input: an empty body and things that don't exist change nothing.
      if (expected === undefined && changesWithoutInput(operation)) continue
      const init = operation.bodies.includes('application/json')
        ? sending(operation.method, {})
        : { method: operation.method }
      const { status } = await troth.as(caller)(path, init)
      const refused = status === 401 || status === 403 ? status : undefined
      const signedInOnly = expected === undefined && operation.path.startsWith('/api/me') && caller === 'read'
      if (refused !== expected && !signedInOnly)
        wrong.push(`${operation.method} ${operation.path} (${operation.access}) as ${caller}: ${status}`)
    }
  }
  assert.deepEqual(wrong, [])
})

/** Calls that would do something real without any input: their guard is walked, their effect has tests of its own. */
function changesWithoutInput({
  method,
  bodies,
  path,
}: {
  method: string
  bodies: string[]
  path: string
}): boolean {
  return method !== 'GET' && bodies.length === 0 && !path.includes('{')
}

test('every route says who may call it, and what it is for', async () => {
  await using troth = await startTroth({ team: false })
  const document = (await (await troth.app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { 'x-access'?: string; summary?: string; responses: object }>>
  }
  const silent = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => !operation['x-access'] || !operation.summary)
      .map(([method]) => `${method} ${path}`),
  )
  assert.deepEqual(silent, [])
})

test('no route answers that is not in the API document', async () => {
  await using troth = await startTroth({ team: false })
  const known = new Set(new Operations(troth.app).all.map(({ method, path }) => `${method} ${normal(path)}`))
  const hidden = troth.app.routes
    .filter((route) => route.method !== 'ALL')
    .map((route) => `${route.method} ${normal(route.path)}`)
    .filter((route) => !known.has(route))
    // Short paths of Segment's browser library, documented under their long names.
    .filter((route) => !/^POST \/v1\/[a-z]$/.test(route))
  assert.deepEqual([...new Set(hidden)], [])
})

test('persons who made promises are in no figure of the promises; the one place that tells them apart shows all of them to managers, and to everybody else only themselves', async () => {
  await using troth = await startTroth()
  await promisesByPersons(troth.store.db)
  await troth.store.projection?.catchUp()
  const named = async (who: Caller, path: string) => {
    const response = await troth.as(who)(path)
    assert.equal(response.status, 200, `${who} ${path}`)
    return [...new Set((await response.text()).match(/Anna|member@example\.com|Few/g))]
  }
  for (const who of ['viewer', 'owner', 'read'] as const)
    for (const path of [
      '/api/expectations/summary?people=true',
      '/api/promises?people=true',
      '/api/insights/effects',
      '/api/insights/effects.csv?sheet=sources',
    ])
      assert.deepEqual(await named(who, path), [], `${who} ${path}`)
  const byName = '/api/insights/effects?people=true'
  assert.deepEqual(await named('viewer', byName), [])
  assert.deepEqual(await named('read', byName), [])
  assert.deepEqual(await named('member', byName), ['member@example.com'])
  // Few made ten: too few to be compared, for managers too
  for (const who of ['manager', 'owner'] as const)
    assert.deepEqual(await named(who, byName), ['Anna', 'member@example.com'])
})

/** Forty promises each by Anna and by a member of the team, ten by Few. */
async function promisesByPersons(db: Db): Promise<void> {
  await sql`
    insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now()
    from generate_series(1, 90) g`.execute(db)
  await sql`
    insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, first_due_at,
      due_at, came_at, gap, first_gap, source_kind, source_name)
    select g, (select min(id) from expectation_rules), 'o', 'by then', 'us', 'days', 'kept', '2026-03-01', '2026-03-20',
      '2026-03-20', '2026-03-18', -2, -2, 'person',
      case when g <= 40 then 'Anna' when g <= 80 then 'member@example.com' else 'Few' end
    from generate_series(1, 90) g`.execute(db)
}

/** {id} and :id{[0-9]+} alike. */
function normal(path: string): string {
  return path.replace(/:\w+(\{[^}]*\})?|\{[^}]+\}/g, '*')
}
