import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { attribute, type TouchPath } from '#src/stats/attribution.ts'
import { isTold } from '#src/stats/cannot-tell.ts'
import { sharedData } from './shared-data.ts'

test('on ChannelAttribution’s paths, last touch and Markov credit what the R package does', (t) => {
  const file = sharedData('attribution', 'PathData.csv')
  if (!file) return t.skip('the channel paths are not on this machine')
  const names = new Map<string, number>()
  const paths: TouchPath[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([path = '', won, , lost]) => ({
      touches: path.split(' > ').map((name) => {
        const place = names.get(name) ?? names.size
        names.set(name, place)
        return place
      }),
      won: Number(won),
      lost: Number(lost),
    }))
  const found = attribute([...names.keys()], paths)
  assert.ok(isTold(found))
  assert.equal(found.won, 19_785)
  const credited = (method: 'last' | 'markov') =>
    ['alpha', 'iota', 'eta', 'beta', 'theta', 'lambda'].map(
      (name) => found.channels.find((each) => each.name === name)?.credit[method]?.toFixed(2) ?? null,
    )
  assert.deepEqual(credited('last').map(Number), [8447, 3355, 4167, 989, 653, 1207])
  assert.deepEqual(credited('markov'), ['5344.95', '3884.61', '3340.85', '2527.35', '1971.91', '1282.85'])
})
