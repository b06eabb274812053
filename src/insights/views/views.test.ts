import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routesAs } from '../../lib/http-testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { viewRoutes } from './routes.ts'
import type { View } from './schema.ts'

test('a view is one’s own until it is shared; others see it then, and only a manager may change it', async () => {
  await using store = await testStore()
  const anna = as(store, 'member', 'anna')
  const ben = as(store, 'member', 'ben')
  const view = await anna<View>('POST', '/api/views', {
    name: 'Winning, last 90 days',
    question: 'winning',
    search: { period: '90d', quiet: 60 },
  })
  assert.deepEqual([view.mine, view.shared, view.home, view.by], [true, false, false, 'anna'])
  assert.deepEqual(view.search, { period: '90d', quiet: 60 })
  assert.deepEqual((await ben<{ items: View[] }>('GET', '/api/views')).items, [])
  await refused(ben('DELETE', `/api/views/${view.id}`), 404)

  await anna('PATCH', `/api/views/${view.id}`, { shared: true })
  const [seen] = (await ben<{ items: View[] }>('GET', '/api/views')).items
  assert.deepEqual([seen?.name, seen?.mine], ['Winning, last 90 days', false])
  await refused(ben('PATCH', `/api/views/${view.id}`, { name: 'Mine now' }), 403)
  await as(store, 'manager', 'cora')('DELETE', `/api/views/${view.id}`)
  assert.deepEqual((await anna<{ items: View[] }>('GET', '/api/views')).items, [])
})

test('each puts on their own home page what they like', async () => {
  await using store = await testStore()
  const anna = as(store, 'member', 'anna')
  const ben = as(store, 'viewer', 'ben')
  const { id } = await anna<View>('POST', '/api/views', { name: 'The map', question: 'map', shared: true })
  assert.equal((await ben<View>('PUT', `/api/views/${id}/home`)).home, true)
  assert.equal((await anna<{ items: View[] }>('GET', '/api/views')).items[0]?.home, false)
  assert.equal((await ben<View>('DELETE', `/api/views/${id}/home`)).home, false)
})

test('what can’t be saved says why', async () => {
  await using store = await testStore()
  const viewer = as(store, 'viewer', 'vic')
  await refused(
    viewer('POST', '/api/views', { name: 'x', question: 'horoscope' }),
    400,
    /no question horoscope/,
  )
  await refused(viewer('POST', '/api/views', { name: '  ', question: 'map' }), 400)
  await refused(
    viewer('POST', '/api/views', { name: 'x', question: 'map', shared: true }),
    403,
    /role member/,
  )
  await refused(viewer('PUT', '/api/views/99/home'), 404)
})

function as(store: TestStore, role: 'viewer' | 'member' | 'manager', id: string) {
  const routes = routesAs(viewRoutes(store), role, { id, name: id })
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await routes.request(path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status })
    return (answer.status === 204 ? undefined : await answer.json()) as Answer
  }
}

async function refused(asked: Promise<unknown>, status: number, words = /./): Promise<void> {
  await assert.rejects(asked, (error: Error & { status?: number }) => {
    assert.equal(error.status, status)
    assert.match(error.message, words)
    return true
  })
}
