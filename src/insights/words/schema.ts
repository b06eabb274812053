import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, partSchema } from '../schema.ts'

export const wordsQuery = scopeQuery.extend({
  touchpoint: z.coerce.number().int().positive().optional().describe('Only what was said at this touchpoint'),
})

const exampleSchema = z.object({
  text: z.string(),
  at: z.string(),
  customerId: z.number().int(),
  interactionId: z.number().int(),
})
export type Example = z.output<typeof exampleSchema>

const termSchema = z.object({
  term: z.string(),
  good: z.number().int().describe('Good texts that say it'),
  bad: z.number().int(),
  z: z.number(),
  p: z.number().describe('Adjusted for all terms looked at (Benjamini–Hochberg)'),
  examples: z.array(exampleSchema),
})
export type Term = z.output<typeof termSchema>

export const themeSchema = z.object({
  touchpointId: z.number().int().nullable().describe('null: everywhere together'),
  name: z.string(),
  texts: z.number().int(),
  goodTexts: z.number().int(),
  badTexts: z.number().int(),
  good: z.array(termSchema),
  bad: z.array(termSchema),
  cannotTell: z.string().nullable(),
})
export type Theme = z.output<typeof themeSchema>

export const topicsSchema = z.object({
  labelled: z.number().int(),
  cannotTell: z.string().nullable().describe('Why nothing has been learned yet'),
  measured: z
    .object({
      always: partSchema.describe('Right if it always answered'),
      answers: partSchema.describe('How often it is sure enough to answer'),
      right: partSchema.describe('Right when it answers'),
    })
    .nullable(),
  topics: z.array(
    z.object({
      topic: z.string(),
      labelled: z.number().int(),
      texts: z.number().int().describe('Labelled or found'),
      good: z.number().int(),
      bad: z.number().int(),
    }),
  ),
  unsure: z.number().int(),
  toLabel: z
    .array(exampleSchema.extend({ likely: z.array(z.string()) }))
    .describe('What would teach most, if somebody said what it is about'),
})
export type Topics = z.output<typeof topicsSchema>

export const wordsSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    texts: z.number().int(),
    leftOut: z.number().int().describe('Older texts beyond what is read at once'),
    themes: z.array(themeSchema),
    topics: topicsSchema,
  })
  .openapi('Words')
export type WordsAnswer = z.output<typeof wordsSchema>

export const labelSchema = z
  .object({
    customerId: z.number().int().positive(),
    interactionId: z.number().int().positive(),
    topic: z.string().trim().min(1).max(80),
  })
  .openapi('TopicLabel')
export type Label = z.output<typeof labelSchema>
