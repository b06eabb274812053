// The map in plain words: what a moment is for, and rules as sentences.
import type { MapStage, PlacingRule, Purpose } from '../../../../src/journey/schema.ts'

/** What it is for, as a person chooses it; the words say what counts as caring. */
export const purposeWords: Record<Purpose, { label: string; help: string }> = {
  sell: { label: 'Winning the customer', help: 'Advertising, advice and offers. Never ends a silence.' },
  sale: { label: 'The sale', help: 'The customer buys. The line between before and after.' },
  use: { label: 'Getting and using it', help: 'Delivery, fitting, logging in.' },
  care: { label: 'Care', help: 'Something done for the customer unasked. Ends a silence.' },
  help: { label: 'Help', help: 'Questions, complaints, returns, and our answers. Answers end a silence.' },
  ask: { label: 'Asking how it was', help: 'Surveys and requests for a review. Ends a silence.' },
  say: { label: 'The customer says how it was', help: 'Answers and reviews.' },
  bill: { label: 'Invoices and paperwork', help: 'Never ends a silence.' },
  mass: { label: 'Mass mail', help: 'Newsletters and the like. Never ends a silence.' },
  refer: { label: 'Recommending', help: 'The customer sends another.' },
}

export const byWords = { us: 'We do', customer: 'The customer' } as const

export const conditionWords = {
  equals: 'is',
  not: 'is not',
  contains: 'contains',
  starts: 'begins with',
  above: 'is above',
  below: 'is below',
  present: 'is given',
  absent: 'is missing',
} as const

/** "the event is “Order Completed”, the channel is email and total is above 500" */
export function ruleWords(rule: PlacingRule): string {
  const parts = [
    ...(rule.event ? [`the event ${textWords(rule.event)}`] : []),
    ...(rule.channel ? [`the channel is ${rule.channel}`] : []),
    ...(rule.path ? [`the page ${textWords(rule.path)}`] : []),
    ...(rule.where ?? []).map(
      ({ property, is, value }) =>
        `${property || '…'} ${conditionWords[is]}${is === 'present' || is === 'absent' ? '' : ` ${value === undefined || value === '' ? '…' : `“${value}”`}`}`,
    ),
  ]
  return parts.length > 1
    ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
    : (parts[0] ?? 'nothing yet')
}

function textWords(pattern: string): string {
  return pattern.endsWith('*') ? `begins with “${pattern.slice(0, -1)}”` : `is “${pattern}”`
}

/** The name of an event or the address of a page, when a rule says no more than that: shown short. */
export function plainWords(rule: PlacingRule): string | undefined {
  if (rule.channel || rule.where?.length) return undefined
  if (rule.path) return rule.event === 'Viewed *' || !rule.event ? `page ${rule.path}` : undefined
  return rule.event || undefined
}

export const sideWords = { before: 'before the sale', after: 'after the sale' } as const

/** Where something stands, for announcements: "Receive, after the sale, 2 of 6". */
export function placeWords(stages: readonly MapStage[], touchpointId: number): string {
  const stage = stages.find((each) => each.touchpoints.some((one) => one.id === touchpointId))
  if (!stage) return ''
  const index = stage.touchpoints.findIndex((each) => each.id === touchpointId)
  return `${stage.name}, ${sideWords[stage.side]}, ${index + 1} of ${stage.touchpoints.length}`
}
