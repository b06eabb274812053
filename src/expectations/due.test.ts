import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths, dayOf, startOfDay } from '../lib/days.ts'
import { daysOff, readDue, type Span } from './due.ts'

const berlin = { said: Date.parse('2026-06-01T09:30:00Z'), timeZone: 'Europe/Berlin' }

/** First and last local day of a span, and how exactly it is judged. */
function spoken(span: Span | null, timeZone = 'Europe/Berlin'): string | null {
  return span && `${dayOf(span.from, timeZone)}…${dayOf(span.at - 1, timeZone)} ${span.precision}`
}

const said: [unknown, string | null][] = [
  ['2026-08-21', '2026-08-21…2026-08-21 day'],
  ['2026-08-21 00:00:00', '2026-08-21…2026-08-21 day'],
  ['2026-08-21T00:00:00.000Z', '2026-08-21…2026-08-21 day'],
  ['21.8.2026', '2026-08-21…2026-08-21 day'],
  ['2026-W34', '2026-08-17…2026-08-23 week'],
  ['week 34', '2026-08-17…2026-08-23 week'],
  ['KW 34', '2026-08-17…2026-08-23 week'],
  ['34. KW 2027', '2027-08-23…2027-08-29 week'],
  ['week 3', '2027-01-18…2027-01-24 week'],
  ['2026-W53', '2026-12-28…2027-01-03 week'],
  ['2025-W53', null],
  ['early September', '2026-09-01…2026-09-10 part'],
  ['mid-September', '2026-09-11…2026-09-20 part'],
  ['end of February 2028', '2028-02-21…2028-02-29 part'],
  ['Anfang März', '2027-03-01…2027-03-10 part'],
  ['August', '2026-08-01…2026-08-31 month'],
  ['2026-08', '2026-08-01…2026-08-31 month'],
  ['6 weeks', '2026-07-13…2026-07-13 day'],
  ['6 to 8 weeks', '2026-07-13…2026-07-27 day'],
  ['within 3 working days', '2026-06-04…2026-06-04 day'],
  ['2 Monate', '2026-08-01…2026-08-01 day'],
  ['2026-02-30', null],
  ['soon', null],
  ['42', null],
  ['', null],
  [null, null],
]

for (const [words, meant] of said)
  test(`“${String(words)}” means ${meant ?? 'no time at all'}`, () => {
    assert.equal(spoken(readDue(words, berlin)), meant)
  })

test('hours run to the minute', () => {
  const span = readDue('4 hours', berlin)
  assert.equal(span?.at, berlin.said + 4 * 3_600_000)
  assert.equal(daysOff(span as Span, berlin.said + 4 * 3_600_000, 'UTC'), 0)
  assert.equal(daysOff(span as Span, berlin.said + 28 * 3_600_000, 'UTC'), 1)
})

test('a time of day is a promise to within the hour, and can be read as its day', () => {
  const span = readDue('2026-08-21T14:00:00+02:00', berlin) as Span
  assert.equal(daysOff(span, Date.parse('2026-08-21T12:59:00Z'), 'Europe/Berlin'), 0)
  assert.ok(daysOff(span, Date.parse('2026-08-21T13:01:00Z'), 'Europe/Berlin') > 0)
  const day = readDue('2026-08-21T23:30:00Z', { ...berlin, precision: 'day' })
  assert.equal(spoken(day), '2026-08-22…2026-08-22 day')
})

test('a day ends at the customer’s midnight', () => {
  const span = readDue('2018-08-27 00:00:00', { ...berlin, timeZone: 'America/Sao_Paulo' }) as Span
  assert.equal(daysOff(span, Date.parse('2018-08-28T02:59:59Z'), 'America/Sao_Paulo'), 0)
  assert.equal(daysOff(span, Date.parse('2018-08-28T03:00:00Z'), 'America/Sao_Paulo'), 1)
  assert.equal(daysOff(span, Date.parse('2018-08-25T12:00:00Z'), 'America/Sao_Paulo'), -2)
})

test('days without a midnight and days of 23 and 25 hours are days', () => {
  // Brazil moved its clocks at midnight: 2018-11-04 began at 01:00.
  assert.equal(
    new Date(startOfDay('2018-11-04', 'America/Sao_Paulo')).toISOString(),
    '2018-11-04T03:00:00.000Z',
  )
  assert.equal(dayOf(startOfDay('2018-11-04', 'America/Sao_Paulo') - 1, 'America/Sao_Paulo'), '2018-11-03')
  for (const [day, hours] of [
    ['2026-03-29', 23],
    ['2026-10-25', 25],
  ] as const) {
    const span = readDue(day, berlin) as Span
    assert.equal((span.at - span.from) / 3_600_000, hours)
  }
  assert.equal(addMonths('2026-01-31', 1), '2026-02-28')
})
