import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Jobs } from './jobs.ts'
import { testStore } from './testing.ts'

for (const batch of [1, 2])
  test(`jobs that wait are done without pauses, ${batch} at a time`, { timeout: 20_000 }, async () => {
    await using store = await testStore((each) => each.jobs.handle('counted', async () => {}, { batch }))
    for (let n = 0; n < 5; n++) await store.jobs.enqueue(store.db, 'counted', { n })

    const done: object[] = []
    const { promise: all, resolve, reject } = Promise.withResolvers<void>()
    const working = new Jobs(store.url, reject)
    working.handle(
      'counted',
      async (payloads) => {
        done.push(...payloads)
        if (done.length === 5) resolve()
      },
      { batch },
    )
    await working.start({ work: true })
    try {
      await all
      assert.deepEqual(new Set(done.map((each) => (each as { n: number }).n)), new Set([0, 1, 2, 3, 4]))
    } finally {
      await working.stop()
    }
  })
