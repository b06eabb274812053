import type { Outcome, Spans } from './outcome.ts'

/** How an outcome is spoken of. */
export interface OutcomeWords {
  /** "coming back" */
  noun: string
  /** "came back": of 100 customers, 25 … */
  did: string
  /** "come back" */
  doing: string
  /** "between day 90 and day 360 after the first sale" */
  when: string
}

export function outcomeWords(outcome: Outcome, spans: Spans, segment: string | null): OutcomeWords {
  const when = `between day ${spans.landmark} and day ${spans.landmark + spans.horizon} after the first sale`
  switch (outcome.kind) {
    case 'return':
      return { noun: 'coming back', did: 'came back', doing: 'come back', when }
    case 'referral':
      return { noun: 'bringing others', did: 'brought somebody', doing: 'bring somebody', when }
    case 'renewal':
      return { noun: 'renewing', did: 'renewed', doing: 'renew', when: 'at the first date' }
    case 'rating':
      return { noun: 'rating well later', did: 'rated', doing: 'rate', when }
    case 'segment':
      return {
        noun: `belonging to “${segment}”`,
        did: `belong to “${segment}”`,
        doing: `belong to “${segment}”`,
        when: 'today',
      }
    default:
      return outcome satisfies never
  }
}
