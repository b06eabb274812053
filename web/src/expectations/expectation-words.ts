// How promises are spoken of on screen.

import type { z } from 'zod'
import type { DueTerm, Rule } from '../../../src/expectations/schema.ts'
import type { expectationSchema, promiseSchema } from '../../../src/expectations/wire.ts'
import { count, dateText, money, number } from '../lib/words.ts'

export type Expectation = z.infer<typeof expectationSchema>
export type Promised = z.infer<typeof promiseSchema>

/** State as a customer could read it, with its tone and its shape. */
export function standing(expectation: Pick<Expectation, 'state' | 'awaited'>): {
  word: string
  tone: 'good' | 'bad' | 'level'
  shape: string
} {
  const { state, awaited } = expectation
  switch (state) {
    case 'kept':
      return { word: 'kept', tone: 'good', shape: '▲' }
    case 'exceeded':
      return { word: 'better than said', tone: 'good', shape: '▲▲' }
    case 'broken':
      return { word: awaited ? 'overdue' : 'broken', tone: 'bad', shape: '▼' }
    case 'withdrawn':
      return { word: 'no longer needed', tone: 'level', shape: '◆' }
    case 'open':
      return { word: 'open', tone: 'level', shape: '○' }
    default:
      return state satisfies never
  }
}

export const sourceWords: Record<Expectation['sourceKind'], string> = {
  ad: 'in an ad',
  page: 'on a page',
  proposal: 'in a proposal',
  person: 'by a person',
  contract: 'in a contract',
  message: 'in a message',
  order: 'on the order',
  other: 'elsewhere',
}

/** "Thursday 19 May", "week 34 of 2026", "early September 2026", "6 weeks (by 12 July)". */
export function dueWords(expectation: Expectation): string | null {
  const { due, dueFrom, precision, dueText } = expectation
  if (!due) return null
  switch (precision) {
    case 'hour':
      return dateText(new Date(due), zone(), 'time')
    case 'week':
      return `week ${weekOf(due)} (until ${dayWords(due)})`
    case 'month':
      return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
        at(due),
      )
    case 'part': {
      const date = Number((dueFrom ?? due).slice(8, 10))
      const part = date < 11 ? 'early' : date < 21 ? 'mid' : 'late'
      return `${part} ${new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at(due))}`
    }
    case 'day':
    case null:
      return dueText && /^\d/.test(dueText) ? `${dueText} (by ${dayWords(due)})` : dayWords(due)
    default:
      return precision satisfies never
  }
}

/** A calendar day ("2026-05-19") as people say it. */
export function dayWords(day: string): string {
  return dateText(at(day), 'UTC', 'day')
}

/** "4 days late", "2 days early", "on the day", "€ 90 more than said". Null while nothing can be measured. */
export function gapWords(
  gap: number | null,
  of: Pick<Expectation, 'dimension' | 'currency' | 'precision'>,
): string | null {
  if (gap === null) return null
  switch (of.dimension) {
    case 'days': {
      if (of.precision === 'hour' && Math.abs(gap) < 2) {
        const hours = Math.round(Math.abs(gap) * 24)
        return hours === 0 ? 'within the hour' : `${count(hours, 'hour')} ${gap > 0 ? 'late' : 'early'}`
      }
      const days = Math.round(Math.abs(gap))
      return days === 0 ? 'on the day' : `${count(days, 'day')} ${gap > 0 ? 'late' : 'early'}`
    }
    case 'money':
      return gap === 0
        ? 'exactly as said'
        : `${money(Math.abs(gap), of.currency ?? 'EUR')} ${gap > 0 ? 'worse' : 'better'} than said`
    case 'points':
      return gap === 0
        ? 'exactly as said'
        : `${number(Math.abs(gap), 1)} points ${gap > 0 ? 'worse' : 'better'} than said`
    default:
      return of.dimension satisfies never
  }
}

/** A rule in plain words, one sentence a line. */
export function ruleWords(rule: Rule): string[] {
  const lines = [
    `“${eventOf(rule.opened)}” makes the promise${rule.statedBy === 'customer' ? ', as an assumption of the customer' : ''}.`,
  ]
  if (rule.due.length > 0)
    lines.push(`It is due ${rule.due.map(dueTermWords).join('; if that says nothing, ')}.`)
  if (rule.threshold) {
    const { property, value, limit } = rule.threshold
    lines.push(`It names ${limit} ${property ? `what “${property}” says` : (value ?? 'so much')}.`)
  }
  lines.push(
    `“${eventOf(rule.kept)}” keeps it${rule.keptValue ? `, with what “${rule.keptValue}” comes to` : ' when it comes in time'}.`,
  )
  if (rule.exceededBy)
    lines.push(
      `Better by ${rule.exceededBy} ${rule.dimension === 'days' ? 'days' : rule.dimension === 'points' ? 'points' : ''} or more is better than said.`,
    )
  if (rule.broken) lines.push(`“${eventOf(rule.broken)}” breaks it.`)
  if (rule.withdrawn) lines.push(`“${eventOf(rule.withdrawn)}” means it is no longer needed.`)
  if (rule.moved) lines.push(`“${eventOf(rule.moved.on)}” moves it to what “${rule.moved.due}” says.`)
  if (rule.told) lines.push(`“${eventOf(rule.told)}” tells the customer that it won’t hold.`)
  return lines
}

function dueTermWords(term: DueTerm): string {
  if ('property' in term)
    return `when “${term.property}” says${term.unit ? ` (a number of ${term.unit})` : ''}`
  return `${term.after} ${term.unit} afterwards`
}

function eventOf(match: Rule['opened']): string {
  return match.event ?? match.path ?? match.channel ?? 'anything'
}

function at(day: string): Date {
  return new Date(day.length === 10 ? `${day}T00:00:00Z` : day)
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function weekOf(day: string): number {
  const date = at(day)
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000)
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7)
}
