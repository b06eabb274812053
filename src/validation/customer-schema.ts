import { z } from '@hono/zod-openapi'
import { customerKinds } from '../customers/schema.ts'
import { factSchema, standingStateSchema } from './schema.ts'
import { scoreSchema } from './score-schema.ts'

const meanSchema = z
  .object({
    n: z.number().int().describe('Answers behind it'),
    value: z.number().nullable().describe('−1 to +1; null when there is none'),
    low: z.number().nullable(),
    high: z.number().nullable(),
  })
  .openapi('MeanExperience')

const sidesSchema = z.object({ before: meanSchema, after: meanSchema })

/** A piece of a sentence, and whether what it says is good or bad news. */
const phraseSchema = z
  .object({ text: z.string(), tone: z.enum(['good', 'bad']).nullable() })
  .openapi('Phrase')
export type Phrase = z.infer<typeof phraseSchema>

const personSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  role: z.string().nullable(),
  state: standingStateSchema,
})

export const customerSchema = z
  .object({
    id: z.number().int().describe('Another than asked for when the customer was joined to it'),
    kind: z.enum(customerKinds),
    name: z.string().nullable(),
    shownName: z.string().describe('The name, or the best of what we know them by'),
    traits: z.record(z.string(), z.unknown()),
    identities: z.array(
      z.object({ kind: z.string(), source: z.string(), value: z.string(), firstSeenAt: z.iso.datetime() }),
    ),
    companies: z.array(personSchema),
    people: z.array(personSchema).describe('Of a company; the first 200'),
    peopleCount: z.number().int(),
    timeZone: z.string().nullable(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    sentence: z.array(phraseSchema).describe('What is true now, counted'),
    standing: z.object({
      state: standingStateSchema,
      label: z.string(),
      why: z.string(),
      since: z.iso.datetime().nullable(),
      facts: z.array(factSchema.extend({ sentence: z.string() })),
      interactions: z.number().int(),
      sales: z.number().int(),
      valueMinor: z.number().int(),
      currency: z.string().nullable(),
      firstSaleAt: z.iso.datetime().nullable(),
      lastSaleAt: z.iso.datetime().nullable(),
      lastSeenAt: z.iso.datetime().nullable(),
      lastCaredAt: z.iso.datetime().nullable(),
      openExpectations: z.number().int(),
      brokenUnmended: z.number().int(),
      referred: z.number().int(),
    }),
    score: scoreSchema,
    experience: z
      .object({ said: sidesSchema, inferred: sidesSchema, impression: sidesSchema })
      .describe('Before and after the first sale, by whose word it is'),
  })
  .openapi('Customer')
export type Customer = z.infer<typeof customerSchema>
