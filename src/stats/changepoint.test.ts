import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { levelChanges, pettitt } from './changepoint.ts'
import { interrupted } from './interrupted.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, near, told, untold } from './testing.ts'

// The Nile's yearly flow at Aswan, 1871 to 1970 (Durbin & Koopman 2001; R's Nile).
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
  1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040,
  759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
  744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]

test('the Nile’s flow changed once, after 1898, from 1097.75 to 849.972', () => {
  const stretches = told(levelChanges(nile))
  assert.deepEqual(
    stretches.map(({ from, to }) => [1871 + from, 1870 + to]),
    [
      [1871, 1898],
      [1899, 1970],
    ],
  )
  near(stretches[0]?.mean.value, 1097.75)
  near(stretches[1]?.mean.value, 849.972, 1e-6)
})

test('by ranks it changed at the same place, and shuffled blocks hardly ever show as much', () => {
  const found = told(pettitt(nile))
  assert.equal(1870 + found.at, 1898)
  assert.equal(found.k, 1617)
  assert.ok(found.p < 0.01)
  assert.deepEqual(pettitt(nile), found)
})

test('two changes are two; a line of noise has none in most cases', () => {
  const chance = new Seeded(4)
  const noise = (n: number) => Array.from({ length: n }, () => chance.normal())
  const steps = noise(90).map((value, i) => value + (i < 30 ? 0 : i < 60 ? 6 : 2))
  assert.deepEqual(
    told(levelChanges(steps)).map(({ from }) => from),
    [0, 30, 60],
  )
  const alarms = Array.from({ length: 100 }, () => told(levelChanges(noise(60))).length).filter((n) => n > 1)
  assert.ok(alarms.length < 35, `${alarms.length}`)
  const surprises = Array.from({ length: 100 }, () => told(pettitt(noise(40), { rounds: 99 })).p < 0.05)
  assert.ok(surprises.filter(Boolean).length <= 12)
})

test('series too short, with gaps or without any variation give the reason or no change', () => {
  untold(levelChanges([1, 2, 3]))
  untold(pettitt([]))
  untold(levelChanges([1, 2, 3, 4, Number.NaN, 6, 7, 8]))
  assert.equal(told(levelChanges(Array(20).fill(7))).length, 1)
  assert.equal(told(pettitt(Array(20).fill(7))).p, 1)
  const clean = told(levelChanges([...Array(10).fill(1), ...Array(10).fill(2)]))
  assert.deepEqual(
    clean.map(({ from }) => from),
    [0, 10],
  )
})

test('law: neither unit nor zero changes where a series changed', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 8, maxLength: 40 })
  fc.assert(
    fc.property(values, (series) => {
      const places = (all: number[]) => told(levelChanges(all)).map(({ from }) => from)
      assertFinite(levelChanges(series))
      assert.deepEqual(places(series.map((value) => value * 4 + 64)), places(series))
    }),
  )
})

test('the flow after 1898 as an interrupted series agrees with the same fit in NumPy', () => {
  const { level, slope, trend, byNow, alike } = told(interrupted(nile, 28))
  near(alike, 0.2)
  near(trend.value, 1.1683899624, 1e-9)
  near(level.value, -289.7044639615, 1e-9)
  near(level.low, -428.6350980487, 1e-9)
  near(level.high, -150.7738298743, 1e-9)
  near(slope.value, -0.5033236025, 1e-8)
  near(byNow.low, -949.2343500064, 1e-8)
})

test('its intervals hold the truth about as often as they say, though neighbours are alike', () => {
  const chance = new Seeded(3)
  const rounds = 300
  let held = 0
  for (let round = 0; round < rounds; round++) {
    let noise = chance.normal()
    const series = Array.from({ length: 48 }, (_, t) => {
      noise = 0.3 * noise + chance.normal()
      return noise + 0.1 * t + (t >= 24 ? 2 : 0)
    })
    const { level } = told(interrupted(series, 24))
    if (level.low <= 2 && level.high >= 2) held++
  }
  assert.ok(held / rounds > 0.9, `${held} of ${rounds}`)
})

test('too short a before or after, gaps and perfect lines give the reason', () => {
  untold(interrupted(nile, 3))
  untold(interrupted(nile, 97))
  untold(interrupted([], 0))
  untold(interrupted([...nile.slice(0, 20), Number.NaN], 10))
  untold(interrupted(Array(20).fill(5), 10))
  untold(interrupted(Array(20).fill(0), 10))
})
