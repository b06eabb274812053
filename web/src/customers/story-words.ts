import { dateText } from '../lib/words.ts'
import type { TimelineItem } from './customer-data.ts'

/** −100…100 as it was given: "5 of 5". */
export function stars(experience: number): string {
  return `${Number((experience / 50 + 3).toFixed(1))} of 5`
}

export function toneOf(experience: number | null): 'good' | 'bad' | 'level' | 'none' {
  if (experience === null) return 'none'
  if (experience > 10) return 'good'
  return experience < -10 ? 'bad' : 'level'
}

export const toneShapes = { good: '▲', bad: '▼', level: '◆', none: '' } as const

const promiseTitles: Record<string, string> = {
  'Expectation Opened': 'Promised',
  'Expectation Kept': 'Promise kept',
  'Expectation Exceeded': 'More than promised',
  'Expectation Broken': 'Promise broken',
  'Expectation Withdrawn': 'Promise no longer needed',
  'Expectation Moved': 'Promise moved',
}

/** A promise opened, kept or broken, as a heading and what was said. */
export function promiseWords(item: TimelineItem, timeZone: string): { title: string; text: string } {
  const { properties } = item
  const assumed = properties['stated_by'] === 'customer'
  const title =
    item.name === 'Expectation Opened' && assumed ? 'Assumed' : (promiseTitles[item.name] ?? item.name)
  const parts = [textOf(properties['statement'])]
  const due = textOf(properties['due_text']) || dueOf(properties, timeZone)
  if (due && /Opened|Moved/.test(item.name)) parts.push(`by ${due}`)
  const gap = Number(properties['gap'] ?? 0)
  if (item.name === 'Expectation Broken') {
    if (properties['awaited'] === true) parts.push('has not happened')
    else if (properties['dimension'] === 'days' && gap > 0) {
      const days = Math.max(1, Math.round(gap))
      parts.push(`${days} ${days === 1 ? 'day' : 'days'} late`)
    }
    if (properties['told_before'] === true) parts.push('told beforehand')
  }
  if (item.name === 'Expectation Moved')
    parts.push(properties['moved_by'] === 'customer' ? 'asked by the customer' : 'by us')
  return { title, text: parts.filter(Boolean).join(', ') }
}

function dueOf(properties: Record<string, unknown>, timeZone: string): string {
  const due = properties['due']
  if (typeof due !== 'string') return ''
  // A day's due time is the instant at which it ends.
  const at = new Date(Date.parse(due) - 1)
  return Number.isNaN(at.getTime()) ? '' : dateText(at, timeZone, 'day')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Properties as a person can read them, longest last; what is shown elsewhere on the line is left out. */
export function details(item: TimelineItem): [string, string][] {
  return Object.entries(item.properties)
    .filter(([name]) => !hiddenProperties.has(name))
    .map(([name, value]): [string, string] => [
      name.replaceAll('_', ' '),
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    .filter(([, value]) => value !== '' && value !== 'null')
    .sort((a, b) => a[1].length - b[1].length)
}
const hiddenProperties = new Set(['review', 'review_body', 'words', 'comment', 'logged_by', 'expectation'])
