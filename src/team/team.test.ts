import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { row, rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { command, company, cookieOf, house, owner, read } from './house.testing.ts'
import { listKeys, revokeKey } from './keys.ts'
import { Limit } from './limits.ts'
import { changeRole, removeMember } from './members.ts'
import { acceptInvitation, actorOfKey, createKey, createSignInLink, firstRun, invite } from './team.ts'

test('the first run makes the owner and the company, once', async () => {
  await using store = await testStore()
  const call = house(store)
  assert.equal((await read(await call('/api/me'))).firstRun, true)
  const made = await call('/api/first-run', 'POST', { owner, workspace: company })
  assert.equal(made.status, 204)
  const me = await read(await call('/api/me', 'GET', undefined, { cookie: cookieOf(made) }))
  assert.equal(me.role, 'owner')
  assert.equal(me.workspace?.name, 'Harbour & Oak')
  const again = await call('/api/first-run', 'POST', { owner, workspace: company })
  assert.equal(again.status, 409)
  assert.equal((await read(await call('/api/me'))).workspace, null)
})

test('of many first runs at once, one wins', async () => {
  await using store = await testStore()
  const tries = await Promise.allSettled(
    [1, 2, 3, 4, 5].map((n) => firstRun(store, { ...owner, email: `o${n}@example.com` }, company)),
  )
  assert.equal(tries.filter((each) => each.status === 'fulfilled').length, 1)
})

test('signing in needs the right password; signing out ends the session', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  for (const wrong of [
    { email: owner.email, password: 'wrong horse battery' },
    { email: 'nobody@example.com', password: owner.password },
    { email: "' or 1=1 --", password: "' or 1=1 --" },
  ]) {
    const refused = await call('/api/session', 'POST', wrong)
    assert.equal(refused.status, 401)
    assert.equal((await read(refused)).detail, 'The email address or the password is not right.')
    assert.equal(refused.headers.get('set-cookie'), null)
  }
  const signedIn = await call('/api/session', 'POST', { email: 'olga@example.com', password: owner.password })
  const cookie = cookieOf(signedIn)
  assert.equal((await call('/api/keys', 'GET', undefined, { cookie })).status, 200)
  const tampered = cookie.replace(/=./, (start) => (start === '=A' ? '=B' : '=A'))
  assert.equal((await call('/api/keys', 'GET', undefined, { cookie: tampered })).status, 401)
  await call('/api/session', 'DELETE', undefined, { cookie })
  assert.equal((await call('/api/keys', 'GET', undefined, { cookie })).status, 401)
})

test('guessing is slowed down per account, wherever it comes from', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const statuses: number[] = []
  for (let n = 0; n < 12; n++) {
    const body = { email: owner.email, password: `guess number ${n}` }
    statuses.push((await call('/api/session', 'POST', body, { 'x-test-address': `198.51.100.${n}` })).status)
  }
  assert.deepEqual(statuses.slice(0, 10), Array(10).fill(401))
  assert.deepEqual(statuses.slice(10), [429, 429])
})

test('a limit forgives when its window has passed', () => {
  let now = 0
  const limit = new Limit(2, 1000, () => now)
  limit.count('a', 'slow down')
  limit.count('a', 'slow down')
  assert.throws(() => limit.count('a', 'slow down'), /slow down/)
  limit.count('b', 'slow down')
  now = 1001
  limit.count('a', 'slow down')
})

test('a one-time link signs in once, and is kept only as a hash', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const path = await createSignInLink(store, 'owner')
  const first = await call(path)
  assert.equal(first.status, 303)
  assert.equal(first.headers.get('location'), '/')
  const cookie = cookieOf(first)
  assert.equal((await read(await call('/api/me', 'GET', undefined, { cookie }))).role, 'owner')
  const second = await call(path)
  assert.equal(second.headers.get('location'), '/sign-in?link=old')
  assert.equal(second.headers.get('set-cookie'), null)

  const old = await createSignInLink(store, 'owner')
  const kept = await row(store.db, sql<{ text: string }>`select t::text as text from auth.sign_in_link t`)
  assert.ok(!kept?.text.includes(old.split('/').at(-1) ?? '?'))
  await sql`update auth.sign_in_link set expires_at = now() - interval '1 second'`.execute(store.db)
  assert.equal((await call(old)).headers.get('location'), '/sign-in?link=old')
})

test('an invitation lets one person join, in the role it names', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const { path } = await invite(store, command, { role: 'member', email: 'Mia@example.com' })
  const token = path.replace('/join/', '')
  const peek = await read(await call(`/api/invitations/by-token/${token}`))
  assert.deepEqual(peek, {
    company: 'Harbour & Oak',
    role: 'member',
    email: 'mia@example.com',
    invitedBy: 'Command line',
  })
  const mia = { name: 'Mia', email: 'mia@example.com', password: 'a long password' }
  const stranger = { ...mia, email: 'eve@example.com' }
  const acceptance = `/api/invitations/by-token/${token}/acceptance`
  assert.equal((await call(acceptance, 'POST', stranger)).status, 400)
  const joined = await call(acceptance, 'POST', mia)
  assert.equal(joined.status, 204)
  assert.equal((await call(acceptance, 'POST', mia)).status, 404)
  const cookie = cookieOf(joined)
  assert.equal((await call('/api/members', 'GET', undefined, { cookie })).status, 200)
  assert.equal((await call('/api/keys', 'GET', undefined, { cookie })).status, 403)
})

test('somebody always stays owner', async () => {
  await using store = await testStore()
  const olga = await firstRun(store, owner, company)
  await assert.rejects(changeRole(store, command, olga, 'viewer'), /Make another member owner first/)
  await assert.rejects(removeMember(store, command, olga), /Make another member owner first/)
  const { path } = await invite(store, command, { role: 'owner' })
  const omar = await acceptInvitation(store, path.replace('/join/', ''), {
    ...owner,
    name: 'Omar',
    email: 'omar@example.com',
  })
  const both = await Promise.allSettled([
    changeRole(store, command, olga, 'viewer'),
    changeRole(store, command, omar, 'viewer'),
  ])
  assert.equal(both.filter((each) => each.status === 'fulfilled').length, 1)
})

test('a removed member is out at once, and may be invited again', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const mia = { name: 'Mia', email: 'mia@example.com', password: 'a long password' }
  const first = await invite(store, command, { role: 'member' })
  const id = await acceptInvitation(store, first.path.replace('/join/', ''), mia)
  const cookie = cookieOf(await call('/api/session', 'POST', mia))
  await removeMember(store, command, id)
  assert.equal((await call('/api/members', 'GET', undefined, { cookie })).status, 401)
  assert.equal((await call('/api/session', 'POST', mia)).status, 401)
  const second = await invite(store, command, { role: 'viewer' })
  await acceptInvitation(store, second.path.replace('/join/', ''), mia)
  assert.equal((await call('/api/session', 'POST', mia)).status, 204)
})

test('a changed password ends the other sessions', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const here = cookieOf(await call('/api/session', 'POST', owner))
  const there = cookieOf(await call('/api/session', 'POST', owner))
  const next = { current: 'not my password', password: 'another long password' }
  assert.equal((await call('/api/me/password', 'PUT', next, { cookie: here })).status, 400)
  const right = { ...next, current: owner.password }
  assert.equal((await call('/api/me/password', 'PUT', right, { cookie: here })).status, 204)
  assert.equal((await call('/api/sessions', 'GET', undefined, { cookie: here })).status, 200)
  assert.equal((await call('/api/sessions', 'GET', undefined, { cookie: there })).status, 401)
  assert.equal((await call('/api/session', 'POST', owner)).status, 401)
})

test('sessions are listed without their tokens and end one by one', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const here = cookieOf(await call('/api/session', 'POST', owner, { 'user-agent': 'Firefox' }))
  const there = cookieOf(await call('/api/session', 'POST', owner, { 'user-agent': 'A phone' }))
  const listed = await call('/api/sessions', 'GET', undefined, { cookie: here })
  const text = await listed.text()
  const tokens = await rows(store.db, sql<{ token: string }>`select token from auth.session`)
  for (const { token } of tokens) assert.ok(!text.includes(token))
  const { items } = JSON.parse(text) as { items: { id: string; current: boolean; userAgent: string }[] }
  const phone = items.find((session) => session.userAgent === 'A phone')
  assert.equal(phone?.current, false)
  await call(`/api/sessions/${phone?.id}`, 'DELETE', undefined, { cookie: here })
  assert.equal((await call('/api/sessions', 'GET', undefined, { cookie: there })).status, 401)
  assert.equal((await call('/api/sessions', 'GET', undefined, { cookie: here })).status, 200)
})

test('a key opens what its scopes say, is kept only as a hash, and ends when revoked', async () => {
  await using store = await testStore()
  const call = house(store)
  await firstRun(store, owner, company)
  const { id, key } = await createKey(store, command, { name: 'Shop', scopes: ['read'] })
  const bearer = { authorization: `Bearer ${key}` }
  const basic = { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }
  assert.equal((await call('/api/members', 'GET', undefined, bearer)).status, 200)
  assert.equal((await call('/api/members', 'GET', undefined, basic)).status, 200)
  assert.equal((await call('/api/keys', 'GET', undefined, bearer)).status, 403)
  assert.equal(
    (await call('/api/members', 'GET', undefined, { authorization: `Bearer ${key}x` })).status,
    401,
  )
  const other = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
  assert.equal(
    (await call('/api/members', 'GET', undefined, { authorization: `Bearer ${other}` })).status,
    401,
  )
  const kept = await row(store.db, sql<{ text: string }>`select k::text as text from api_keys k`)
  assert.ok(!kept?.text.includes(key.slice(15)))
  await revokeKey(store, command, id)
  assert.equal(await actorOfKey(store, key), undefined)
  assert.equal((await listKeys(store.db))[0]?.revokedAt instanceof Date, true)
})

test('the command line on this machine is let in by its token alone', async () => {
  await using store = await testStore()
  const call = house(store)
  const me = async (token: string) =>
    (await call('/api/keys', 'GET', undefined, { authorization: `Bearer ${token}` })).status
  assert.equal(await me('a-local-token'), 200)
  assert.equal(await me('another-token'), 401)
})

test('the audit log says who changed what, and never a secret', async () => {
  await using store = await testStore()
  const call = house(store)
  const cookie = cookieOf(await call('/api/first-run', 'POST', { owner, workspace: company }))
  const { key } = await read(
    await call('/api/keys', 'POST', { name: 'Shop', scopes: ['ingest'] }, { cookie }),
  )
  const { path } = await read(await call('/api/invitations', 'POST', { role: 'viewer' }, { cookie }))
  await call('/api/workspace', 'PATCH', { currency: 'CHF' }, { cookie })
  const answer = await (await call('/api/audit', 'GET', undefined, { cookie })).text()
  const { items } = JSON.parse(answer) as { items: { actorName: string; action: string; subject: string }[] }
  assert.deepEqual(
    items.map(({ actorName, action, subject }) => `${actorName} ${action} ${subject}`),
    [
      'Olga changed workspace',
      'Olga invited member',
      'Olga made API key',
      'Olga changed workspace',
      'Olga joined team',
    ],
  )
  for (const secret of [key.slice(15), path.replace('/join/', ''), owner.password])
    assert.ok(!answer.includes(secret))
  const filtered = await read(
    await call('/api/audit?subject=API%20key&limit=1', 'GET', undefined, { cookie }),
  )
  assert.equal(filtered.items.length, 1)
})
