import { z } from '@hono/zod-openapi'

/** What a page was asked with, as it stands in its address: relative ("last 90 days") stays relative. */
const searchSchema = z
  .record(z.string().max(60), z.union([z.string().max(300), z.number()]))
  .refine((search) => Object.keys(search).length <= 30, 'more than 30 things are asked')

export const viewInputSchema = z
  .object({
    name: z.string().trim().min(1).max(120),
    question: z.string().max(60).describe('The question’s name, or "map"'),
    search: searchSchema.default({}),
    shared: z.boolean().default(false).describe('Everybody in the company sees it'),
  })
  .openapi('SavedViewInput')
export type ViewInput = z.output<typeof viewInputSchema>

export const viewChangeSchema = z
  .object({ name: viewInputSchema.shape.name, shared: z.boolean() })
  .partial()
  .openapi('SavedViewChange')
export type ViewChange = z.output<typeof viewChangeSchema>

export const viewSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    question: z.string(),
    search: searchSchema,
    shared: z.boolean(),
    by: z.string().describe('Who saved it'),
    mine: z.boolean(),
    home: z.boolean().describe('On the caller’s home page'),
    createdAt: z.string(),
  })
  .openapi('SavedView')
export type View = z.output<typeof viewSchema>
