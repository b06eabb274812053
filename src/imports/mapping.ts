// What the wizard knows of a file, column by column, and what its rows then tell.
import { z } from '@hono/zod-openapi'
import { sourceSchema } from './schema.ts'

/** What a column can be. */
export const roles = [
  'email',
  'phone',
  'customer_id',
  'anonymous_id',
  'name',
  'company',
  'trait',
  'event',
  'time',
  'moment',
  'promised',
  'order_id',
  'project_id',
  'contract_id',
  'subscription_id',
  'amount',
  'line_amount',
  'unit_price',
  'quantity',
  'currency',
  'item',
  'rating',
  'words',
  'channel',
  'key',
  'detail',
  'leave',
] as const
export type ColumnRole = (typeof roles)[number]

export const columnMappingSchema = z
  .object({
    column: z.string().min(1).max(200),
    role: z.enum(roles),
    event: z
      .string()
      .max(200)
      .optional()
      .describe(
        'For moment and time: what happened then. For promised: the event that keeps it. For amounts, rating, words and detail: the event they belong to.',
      ),
    scale: z.string().max(20).optional().describe('For rating: "1-5", "0-10"'),
  })
  .openapi('ColumnMapping')
export type ColumnMapping = z.infer<typeof columnMappingSchema>

export const mappingSchema = z
  .object({
    title: z.string().trim().min(1).max(120),
    file: z.string().min(1).max(200),
    layout: sourceSchema.omit({ file: true, columns: true, fill_down: true, optional: true }).default({}),
    dates: z.enum(['day-first', 'month-first']).default('day-first'),
    numbers: z.enum(['point', 'comma']).optional(),
    time_zone: z.string().max(60).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    spread: z
      .boolean()
      .default(false)
      .describe('One order or project covers several rows, its fields only on the first'),
    columns: z.array(columnMappingSchema).min(1).max(2_000),
  })
  .openapi('ImportMapping')
export type Mapping = z.infer<typeof mappingSchema>

const sales = /completed|placed|ordered|sold|signed|started|renewed|sent|paid/i

/** Something that rows tell happened: a date column with an event's name, or the column that names the events. */
export interface Happening {
  column: string
  /** Undefined: the `event` column names it row by row. */
  event?: string
}

export function happeningsOf(mapping: Pick<Mapping, 'columns'>): Happening[] {
  const named = mapping.columns.find((column) => column.role === 'event')
  return mapping.columns.flatMap(({ column, role, event }): Happening[] => {
    if (role === 'time') return named ? [{ column }] : [{ column, event: event || 'Visit Logged' }]
    return role === 'moment' ? [{ column, event: event || titled(column) }] : []
  })
}

/** A rating belongs to the review, an amount to the sale, a detail to the first thing that happened. */
export function belongsTo(column: ColumnMapping, happening: Happening, all: Happening[]): boolean {
  if (happening.event === undefined || all.length === 1) return true
  const wanted = all.find(({ event }) => event !== undefined && event === column.event)
  if (wanted) return wanted === happening
  const said = column.role === 'rating' || column.role === 'words'
  const review = all.find(isReview)
  // Without a day of its own, an answer goes with the last thing that happened in its row.
  if (said && !review) return true
  return happening === (said ? review : (saleOf(all) ?? all[0]))
}

export function isReview({ event }: Happening): boolean {
  return /review|survey|feedback|complaint|note/i.test(event ?? '')
}

export function saleOf(all: Happening[]): Happening | undefined {
  return (
    all.find(({ event }) =>
      /^(order|project) (completed|placed|ordered|sold)|contract signed|subscription started/i.test(
        event ?? '',
      ),
    ) ?? all.find(({ event }) => sales.test(event ?? ''))
  )
}

function titled(text: string): string {
  return text.replaceAll(/[_-]+/g, ' ').replaceAll(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase())
}
