import { z } from '@hono/zod-openapi'
import { expectationRuleSchema } from '../expectations/schema.ts'

/** How one source file is read. Everything but the file is found out when it is left out. */
export const sourceSchema = z
  .strictObject({
    /** A file name in the folder; `*` stands for any letters, and several files become one table. */
    file: z.string().min(1).max(300),
    optional: z.boolean().optional(),
    encoding: z.string().max(40).optional(),
    delimiter: z.string().length(1).optional(),
    quote: z.string().max(1).optional(),
    escape: z.string().length(1).optional(),
    header: z.boolean().optional(),
    /** Lines above the header. */
    skip: z.number().int().min(0).max(1_000).optional(),
    /** What to do with rows that have fewer cells than the header. */
    short_rows: z.enum(['refuse', 'fill']).optional(),
    /** Sheet of a spreadsheet, by name or by number from 1. */
    sheet: z.union([z.string().max(120), z.number().int().min(1).max(1_000)]).optional(),
    /** Names the SELECTs use, each with the names the files may have for it; `?` marks one that may be missing. */
    columns: z.record(z.string().min(1).max(200), z.array(z.string().min(1)).min(1).max(50)).optional(),
    /** A case spread over several rows: blank cells take the value of the case's rows above. */
    fill_down: z
      .strictObject({ case: z.string().min(1), columns: z.array(z.string()).min(1).optional() })
      .optional(),
  })
  .openapi('ImportSource')
export type Source = z.infer<typeof sourceSchema>

const selects = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(50)])
const asList = (value: string | string[]) => (typeof value === 'string' ? [value] : value)

/** What a recipe can make of rows, in the order in which an import makes it. */
export const kinds = ['customers', 'purchases', 'interactions', 'expectations', 'voices'] as const
export type Kind = (typeof kinds)[number]

export const recipeSchema = z
  .strictObject({
    /** Part of every row's identity: the same recipe run again meets its own rows again. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'use small letters, digits and hyphens, at most 60'),
    title: z.string().max(200).optional(),
    description: z.string().max(4_000).optional(),
    /** The zone that times without one are in; the workspace's when left out. */
    time_zone: z.string().refine(isTimeZone, 'not a time zone ("Europe/Berlin")').optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'an ISO 4217 code, like EUR')
      .optional(),
    /** How 03/04/2024 is read. */
    dates: z.enum(['day-first', 'month-first']).optional(),
    /** How 1.234,56 is read. */
    numbers: z.enum(['point', 'comma']).optional(),
    /** The name of a ready-made journey map to begin with, where the workspace has none yet. */
    journey: z.string().max(60).optional(),
    sources: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'use letters, digits and _'),
        z
          .union([z.string().min(1), sourceSchema])
          .transform((source) => (typeof source === 'string' ? ({ file: source } satisfies Source) : source)),
      )
      .refine((sources) => Object.keys(sources).length > 0, 'name at least one file'),
    customers: selects.transform(asList).optional(),
    purchases: selects.transform(asList).optional(),
    interactions: selects.transform(asList).optional(),
    expectations: selects.transform(asList).optional(),
    voices: selects.transform(asList).optional(),
    /** Promises to keep an eye on, as the promises page writes them. */
    promises: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200),
          statement: z.string().max(1_000).default(''),
          rule: expectationRuleSchema,
        }),
      )
      .max(50)
      .optional(),
  })
  .refine((recipe) => kinds.some((kind) => recipe[kind]), {
    message: 'say what the rows become: customers, interactions, purchases, expectations or voices',
  })
export type Recipe = z.infer<typeof recipeSchema>

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
