import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNumber, readTime, type TimeReading } from './times.ts'

const berlin: TimeReading = { zone: 'Europe/Berlin', dates: 'day-first' }
const american: TimeReading = { zone: 'America/New_York', dates: 'month-first' }
const iso = (text: string, reading = berlin) => readTime(text, reading)?.at.toISOString()

test('times are read as people write them', () => {
  assert.equal(iso('2024-07-01T10:00:00Z'), '2024-07-01T10:00:00.000Z')
  assert.equal(iso('2024-07-01 10:00:00'), '2024-07-01T08:00:00.000Z')
  assert.equal(iso('2024-01-01 10:00'), '2024-01-01T09:00:00.000Z')
  assert.equal(iso('2010-01-13T08:40:25.000+02:00'), '2010-01-13T06:40:25.000Z')
  assert.equal(iso('2024-05-02 10:00:00 +0200'), '2024-05-02T08:00:00.000Z')
  assert.equal(iso('03.05.2024 10:15'), '2024-05-03T08:15:00.000Z')
  assert.equal(iso('3.5.24, 10:15 Uhr'), '2024-05-03T08:15:00.000Z')
  assert.equal(iso('03/04/2024 2:05 PM'), '2024-04-03T12:05:00.000Z')
  assert.equal(iso('03/04/2024 2:05 PM', american), '2024-03-04T19:05:00.000Z')
  assert.equal(iso('12 Aug 2024 09:00'), '2024-08-12T07:00:00.000Z')
  assert.equal(iso('August 12, 2024'), '2024-08-12T10:00:00.000Z')
  assert.equal(iso('12. März 2024'), '2024-03-12T11:00:00.000Z')
  assert.equal(iso('12 de agosto de 2024'), '2024-08-12T10:00:00.000Z')
  assert.equal(iso('1714730400'), '2024-05-03T10:00:00.000Z')
  assert.equal(iso('1714730400000'), '2024-05-03T10:00:00.000Z')
  assert.equal(iso('20240503'), '2024-05-03T10:00:00.000Z')
})

test('a day stays a day, and what is none is none', () => {
  assert.equal(readTime('2024-05-03', berlin)?.day, '2024-05-03')
  assert.equal(readTime('31.12.2024', berlin)?.day, '2024-12-31')
  for (const text of ['', 'soon', '2024-02-30', '32.01.2024', '2024-13-01', 'A-12', '12', '5/5', '1.5'])
    assert.equal(readTime(text, berlin), undefined, text)
})

test('the hour that clocks skip and the hour they repeat are read without fail', () => {
  assert.equal(iso('2024-03-31 01:59'), '2024-03-31T00:59:00.000Z')
  assert.equal(iso('2024-03-31 03:01'), '2024-03-31T01:01:00.000Z')
  assert.ok(iso('2024-03-31 02:30'))
  assert.ok(iso('2024-10-27 02:30'))
  assert.equal(iso('2024-10-27 04:00'), '2024-10-27T03:00:00.000Z')
})

test('numbers are read with points and commas, signs and currencies', () => {
  const read: [string, number][] = [
    ['1234.5', 1234.5],
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['1.234.567', 1_234_567],
    ['12,5', 12.5],
    ['1,234', 1234],
    ['€ 99,90', 99.9],
    ['99.90 EUR', 99.9],
    ['-5', -5],
    ['(12.00)', -12],
    ["1'234.50", 1234.5],
    ['1 234,50', 1234.5],
  ]
  for (const [text, value] of read) assert.equal(readNumber(text), value, text)
  assert.equal(readNumber('1.234', 'comma'), 1234)
  for (const text of ['', 'abc', '1-2', '12 pieces', '.']) assert.equal(readNumber(text), undefined, text)
})
