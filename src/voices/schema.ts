import { z } from '@hono/zod-openapi'

/** Something said in public or unsigned, that belongs to no known customer. */
export interface IncomingVoice {
  /** The same voice said twice is one: an id from where it was found. Without it, its time, author and words. */
  key?: string
  at: Date
  author?: string
  /** Where it was found: "Google", "trustpilot.com". */
  source: string
  words: string
  /** Rating, order id and whatever else came with it. */
  properties?: Record<string, unknown>
}

export const voiceSchema = z
  .object({
    id: z.number().int(),
    at: z.iso.datetime(),
    author: z.string().nullable(),
    source: z.string(),
    words: z.string(),
    experience: z.number().int().nullable().describe('−100 to +100, from the rating'),
    touchpoint: z.object({ id: z.number().int(), name: z.string() }).nullable(),
    orderId: z.string().nullable(),
    customer: z.object({ id: z.number().int(), label: z.string() }).nullable().describe('Matched to'),
    matchedBy: z.string().nullable(),
    matchedAt: z.iso.datetime().nullable(),
    dismissedAt: z.iso.datetime().nullable(),
  })
  .openapi('Voice')
export type Voice = z.infer<typeof voiceSchema>

export const voiceStates = ['open', 'matched', 'dismissed'] as const
export type VoiceState = (typeof voiceStates)[number]
