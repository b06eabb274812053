import { z } from '@hono/zod-openapi'
import { partSchema, sentenceSchema } from '../schema.ts'

const caseSchema = z
  .object({
    customerId: z.number().int(),
    name: z.string(),
    people: z.number().int().nullable().describe('How many people a company has'),
    company: z.string().nullable().describe('The company the person belongs to'),
    why: z.string().describe('The facts, in a sentence'),
    words: z.string().nullable().describe("The customer's own words"),
    takenBy: z.string().nullable().describe('Who said that they will see to it'),
    expectationId: z.number().int().nullable(),
  })
  .openapi('TodayCase')
export type TodayCase = z.infer<typeof caseSchema>

const cases = z.object({ total: z.number().int(), rows: z.array(caseSchema) })

export const todaySchema = z
  .object({
    date: z.iso.date().describe("Today in the company's time zone"),
    timeZone: z.string(),
    currency: z.string(),
    empty: z.boolean().describe('True while nothing has come in yet'),
    few: z.boolean().describe('Fewer than 300 customers: cases come first, figures later'),
    sentence: sentenceSchema,
    mend: cases
      .extend({
        promises: z.number().int().describe('Those customers’ promises'),
        days: z.number().int().describe('How long ago they may have been broken'),
        everywhere: z
          .number()
          .int()
          .describe(
            'All broken promises that nobody has made good, older ones too, as /api/expectations counts them',
          ),
      })
      .describe('Customers with promises broken in the last 30 days that nobody has made good'),
    doubt: cases,
    silent: z.object({
      visible: z.boolean().describe('False when no caring word was ever recorded: then nothing can be said'),
      total: z.number().int(),
      days: z.number().int(),
      boughtWithin: z.number().int(),
      valued: z.number().int().describe('Of them, those who spent more than valuedMinor'),
      valuedMinor: z.number().int().nullable(),
    }),
    renewals: cases,
    thank: cases,
    unplaced: z.object({ names: z.number().int(), interactions: z.number().int(), more: z.boolean() }),
    imports: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        state: z.string(),
        progress: z.object({
          step: z.string().optional(),
          done: z.number().optional(),
          total: z.number().optional(),
        }),
      }),
    ),
    sample: z
      .object({ step: z.string(), done: z.number().int(), total: z.number().int() })
      .nullable()
      .describe('While the sample company is being loaded'),
    month: z.object({
      name: z.string(),
      from: z.iso.datetime(),
      until: z.iso.date(),
      buyers: z.number().int(),
      cameBack: partSchema.describe('Of those who bought this month, who had bought before'),
      referrals: z.number().int(),
      choseRightly: partSchema.nullable().describe('Null: nobody was asked'),
      kept: partSchema,
    }),
  })
  .openapi('Today')
export type TodayAnswer = z.infer<typeof todaySchema>

export const takingSchema = z
  .object({ kind: z.enum(['doubt', 'renewal', 'thank']), customerId: z.number().int().positive() })
  .openapi('Taking')
export type Taking = z.infer<typeof takingSchema>

export const thanksSchema = z
  .object({
    customerId: z.number().int().positive(),
    how: z.enum(['call', 'letter', 'mail', 'gift', 'visit']),
    words: z.string().trim().max(2_000).optional().describe('What was said or sent'),
  })
  .openapi('Thanks')
export type Thanks = z.infer<typeof thanksSchema>
