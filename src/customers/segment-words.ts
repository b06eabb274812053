// A segment's rule in plain words: "bought at least twice, and has a broken promise not yet made good".
import { never } from '../lib/errors.ts'
import { money } from '../lib/phrases.ts'
import type { SegmentCondition, SegmentRule } from './segment-rule.ts'

/** What the ids in a rule stand for. */
export interface Names {
  /** That values are in. */
  currency: string
  touchpoints: Map<number, string>
  promises: Map<number, string>
  segments: Map<number, string>
  companies: Map<number, string>
}

export function sayRule(rule: SegmentRule, names: Names): string {
  if ('all' in rule && rule.all.length === 0) return 'everybody'
  if ('any' in rule && rule.any.length === 0) return 'nobody'
  return say(rule, names, false)
}

function say(rule: SegmentRule, names: Names, inner: boolean): string {
  if ('all' in rule) return grouped(rule.all, 'and', names, inner)
  if ('any' in rule) return grouped(rule.any, 'or', names, inner)
  if ('not' in rule) return `not: ${say(rule.not, names, true)}`
  return sayCondition(rule, names)
}

function grouped(rules: SegmentRule[], word: string, names: Names, inner: boolean): string {
  const parts = rules.map((rule) => say(rule, names, true))
  if (parts.length === 1) return parts[0] ?? ''
  const text =
    parts.length === 2 ? parts.join(` ${word} `) : `${parts.slice(0, -1).join(', ')}, ${word} ${parts.at(-1)}`
  return inner ? `(${text})` : text
}

function sayCondition(rule: SegmentCondition, names: Names): string {
  switch (rule.about) {
    case 'trait': {
      const verb = traitVerbs[rule.is]
      return rule.value === undefined
        ? `${rule.trait} ${verb}`
        : `${rule.trait} ${verb} ${quoted(rule.value)}`
    }
    case 'kind':
      return rule.is === 'company' ? 'is a company' : 'is a person'
    case 'identity':
      return `${rule.known ? 'we know' : 'we don’t know'} ${identityWords[rule.kind]}`
    case 'seen': {
      const when = [
        ...period(rule),
        ...(rule.notWithinDays ? [`more than ${days(rule.notWithinDays)} ago`] : []),
      ].join(' and ')
      return `${rule.which} seen ${when}`
    }
    case 'interaction':
      return spaced(
        rule.atMost === 0 ? 'never had' : 'had',
        rule.experience ? `a ${rule.experience} experience with` : '',
        rule.touchpointId !== undefined
          ? `“${names.touchpoints.get(rule.touchpointId) ?? 'a moment that was deleted'}”`
          : rule.event
            ? `“${rule.event}”`
            : 'anything',
        rule.channel ? `by ${rule.channel}` : '',
        times(rule),
        ...period(rule),
      )
    case 'expectation':
      return spaced(
        rule.atMost === 0 ? 'has no' : 'has a',
        rule.states?.length ? either(rule.states) : '',
        'promise',
        rule.ruleId === undefined ? '' : `“${names.promises.get(rule.ruleId) ?? 'one that was deleted'}”`,
        rule.unmended ? 'that was broken and is not made good yet' : '',
        times(rule),
        ...period(rule),
      )
    case 'standing':
      return `is ${either(rule.states.map((state) => stateWords[state]))}`
    case 'purchase':
      return spaced(
        rule.atMost === 0 ? 'has no' : 'has',
        rule.states?.length ? either(rule.states) : '',
        rule.kinds?.length ? either(rule.kinds) : 'purchase',
        times(rule),
        rule.withinDays || rule.from || rule.to ? 'sold' : '',
        ...period(rule),
        rule.renewsWithinDays ? `that renews within ${days(rule.renewsWithinDays)}` : '',
      )
    case 'value':
      return `bought for ${range(rule, (minor) => money(minor, names.currency))}`
    case 'sales':
      return `bought ${range(rule, String)} ${rule.to === 1 && rule.from === 1 ? 'time' : 'times'}`
    case 'referred':
      return `sent ${range(rule, String)} others`
    case 'score':
      return `has a score of ${range(rule, String)}`
    case 'silence':
      return spaced(
        rule.boughtWithinDays ? `bought within ${rule.boughtWithinDays} days and` : 'bought, and',
        `has heard nothing caring for ${rule.days} days`,
      )
    case 'company':
      return `belongs to ${names.companies.get(rule.companyId) ?? `company ${rule.companyId}`}`
    case 'segment':
      return `is in “${names.segments.get(rule.segmentId) ?? 'a segment that was deleted'}”`
    default:
      return never(rule)
  }
}

const traitVerbs = {
  equals: 'is',
  not: 'is not',
  contains: 'contains',
  starts: 'begins with',
  above: 'is above',
  below: 'is below',
  present: 'is known',
  absent: 'is not known',
} as const

const identityWords = {
  user_id: 'their user id',
  external: 'their id in another system',
  email: 'their email address',
  phone: 'their phone number',
  order: 'their order',
  anonymous_id: 'their browser',
} as const

const stateWords = {
  courting: 'not a buyer yet',
  unproven: 'a buyer with no sign since',
  validated: 'sure of the choice',
  doubting: 'doubting the choice',
  lost: 'lost',
  advocate: 'an advocate',
} as const

function times(rule: { atLeast?: number | undefined; atMost?: number | undefined }): string {
  const { atLeast, atMost } = rule
  if (atMost === 0) return ''
  if (atLeast !== undefined && atMost !== undefined)
    return atLeast === atMost ? `exactly ${often(atLeast)}` : `${atLeast} to ${often(atMost)}`
  if (atMost !== undefined) return `at most ${often(atMost)}`
  return atLeast !== undefined && atLeast > 1 ? `at least ${often(atLeast)}` : ''
}

function often(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

function period(rule: {
  withinDays?: number | undefined
  from?: string | undefined
  to?: string | undefined
}): string[] {
  return [
    ...(rule.withinDays ? [`in the last ${days(rule.withinDays)}`] : []),
    ...(rule.from ? [`since ${rule.from.slice(0, 10)}`] : []),
    ...(rule.to ? [`before ${rule.to.slice(0, 10)}`] : []),
  ]
}

function days(count: number): string {
  return count === 1 ? 'day' : `${count} days`
}

function range(
  rule: { from?: number | undefined; to?: number | undefined },
  write: (value: number) => string,
): string {
  if (rule.from !== undefined && rule.to !== undefined)
    return rule.from === rule.to ? write(rule.from) : `${write(rule.from)} to ${write(rule.to)}`
  return rule.from !== undefined ? `at least ${write(rule.from)}` : `at most ${write(rule.to ?? 0)}`
}

function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function spaced(...words: string[]): string {
  return words.filter((word) => word !== '').join(' ')
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : String(value)
}
