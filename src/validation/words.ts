import { count, money } from '../lib/phrases.ts'
import type { StandingFact, StandingState, ValidationRules } from './schema.ts'

/** The state as a label that the customer could read about themselves. */
export const stateNames: Record<StandingState, string> = {
  courting: 'Not a customer yet',
  unproven: 'Bought, not yet confirmed',
  validated: 'Choice confirmed',
  doubting: 'Doubting the choice',
  lost: 'Lost',
  advocate: 'Brings others',
}

/** Experience −100…100 as the customer gave it: "5 of 5", "3.5 of 5". */
function stars(experience: number): string {
  return `${Number((experience / 50 + 3).toFixed(1))} of 5`
}

/** One fact as a sentence without its date: "“Assembly” rated 5 of 5". */
export function factInWords(fact: StandingFact): string {
  // A promise is stated as a sentence; here it stands within one.
  const what = (fact.what ?? '').replace(/\.\s*$/, '')
  const value = fact.value ?? 0
  switch (fact.kind) {
    case 'sale':
      return `Bought${boughtWhat(fact)}`
    case 'return_sale':
      return `Bought again${boughtWhat(fact)}`
    case 'renewal':
      return `Renewed${what ? ` ${what}` : ''}`
    case 'renewal_missed':
      return `Did not renew${what ? ` ${what}` : ''} at its date`
    case 'rating':
      return `${what || 'An answer'}, rated ${stars(value)}`
    case 'impression':
      return `${what || 'A conversation'} went ${value > 0 ? 'well' : value < 0 ? 'badly' : 'so-so'}: our impression`
    case 'kept':
      return `Promise kept: ${what}`
    case 'exceeded':
      return `More than promised: ${what}`
    case 'broken':
      return `Promise broken: ${what}${gapInWords(fact)}`
    case 'mended':
      return `Made good: ${what}`
    case 'refund':
      return `Money given back${value > 0 && fact.unit ? ` (${money(value, fact.unit)})` : ''}`
    case 'cancellation':
      return `Cancelled${what ? `: ${what}` : ' the purchase'}`
    case 'return':
      return `Asked to return${what ? `: ${what}` : ' what was bought'}`
    case 'complaint':
      return 'Complained'
    case 'help':
      return value > 1 ? `Asked for help ${value} times within a short while` : 'Asked for help'
    case 'referral':
      return what ? `Brought ${what}` : 'Brought somebody else'
    case 'care':
      return `${what || 'A caring touch'} from us`
    default:
      return fact.kind satisfies never
  }
}

/** Why the state is what it is, in one sentence for the whole. */
export function stateInWords(state: StandingState, facts: StandingFact[], rules: ValidationRules): string {
  const because = facts.filter((fact) => fact.decided)
  const kinds = new Set(because.map((fact) => fact.kind))
  switch (state) {
    case 'courting':
      return 'Has not bought yet: there is no choice to confirm.'
    case 'unproven':
      return rules.keptPromises > 0
        ? `Bought, and nothing since says whether the choice was right: no good answer, no second purchase, fewer than ${count(rules.keptPromises, 'promise')} kept.`
        : 'Bought, and nothing since says whether the choice was right: no good answer, no second purchase.'
    case 'validated':
      if (kinds.has('kept') || kinds.has('exceeded'))
        return `Confirmed without a word: ${count(because.length, 'promise')} kept, and nothing bad stands open.`
      return 'Confirmed by what the customer said or did, and nothing bad has come after it.'
    case 'doubting':
      return 'In doubt: this happened, and nothing good has come after it yet.'
    case 'lost':
      if (kinds.has('cancellation') || kinds.has('refund'))
        return 'Lost: everything bought was cancelled or paid back.'
      if (kinds.has('renewal_missed')) return 'Lost: the renewal did not come.'
      return `Lost: in doubt, and nothing good has come for ${rules.lostAfterDays} days.`
    case 'advocate':
      return kinds.has('referral')
        ? `Brings others: ${count(because.length, 'customer')} came through them.`
        : 'Keeps coming back, and says it was good.'
    default:
      return state satisfies never
  }
}

/** The rules as sentences, in the order in which they are tried. */
export function rulesInWords(rules: ValidationRules): { state: StandingState; sentence: string }[] {
  const doubts = [
    `an answer of ${stars(rules.bad)} or worse`,
    ...(rules.impressions ? ['a conversation that we think went badly'] : []),
    ...(rules.brokenPromises > 0
      ? [`${count(rules.brokenPromises, 'broken promise')} that nobody has made good`]
      : []),
    ...(rules.complaints ? ['a complaint'] : []),
    ...(rules.returns ? ['a return or a refund'] : []),
    ...(rules.helpContacts > 0
      ? [`${count(rules.helpContacts, 'call')} for help within ${rules.helpWithinDays} days`]
      : []),
  ]
  const proofs = [
    `an answer of ${stars(rules.good)} or better`,
    'buying again',
    'renewing',
    'bringing somebody',
    ...(rules.keptPromises > 0 ? [`${count(rules.keptPromises, 'kept promise')}`] : []),
  ]
  const advocates = [
    ...(rules.referrals > 0 ? [`brought ${count(rules.referrals, 'other customer')} or more`] : []),
    ...(rules.returnSales > 0
      ? [`bought again ${count(rules.returnSales, 'time')} or more and gave a good last answer`]
      : []),
  ]
  return [
    { state: 'courting', sentence: 'Has not bought yet.' },
    {
      state: 'lost',
      sentence: `Everything bought was cancelled, or a renewal did not come within ${rules.renewalGraceDays} days of its date${
        rules.lostAfterDays > 0 ? `, or a doubt has stood for ${rules.lostAfterDays} days` : ''
      }.`,
    },
    {
      state: 'doubting',
      sentence: `After the sale there was ${or(doubts)}, and nothing good after it.`,
    },
    {
      state: 'advocate',
      sentence:
        advocates.length > 0
          ? `Confirmed, and ${or(advocates)}.`
          : 'Nobody: both rules for it are switched off.',
    },
    {
      state: 'validated',
      sentence: `After the sale there was ${or(proofs)}${
        rules.confirmedForDays > 0 ? `, in the last ${rules.confirmedForDays} days` : ''
      }.`,
    },
    { state: 'unproven', sentence: 'Bought, and none of the above.' },
  ]
}

function boughtWhat(fact: StandingFact): string {
  const amount = fact.value !== undefined && fact.unit ? ` (${money(fact.value, fact.unit)})` : ''
  return `${fact.what ? ` ${fact.what}` : ''}${amount}`
}

function gapInWords(fact: StandingFact): string {
  const value = fact.value ?? 0
  if (value <= 0 || !fact.unit) return ''
  if (fact.unit === 'days') {
    const days = Math.max(1, Math.round(value))
    return `, ${count(days, 'day')} late`
  }
  if (fact.unit === 'points') return `, ${Number(value.toFixed(1))} points short`
  return `, ${money(value, fact.unit)} off`
}

function or(items: string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`
}
