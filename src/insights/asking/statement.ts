import { z } from '@hono/zod-openapi'

/** How a sentence is known. */
export const claims = ['counted', 'goes along with', 'proven by a test', 'not enough to tell'] as const

/** A sentence that Troth writes, with how it is known. The words never say more than the claim. */
export const statementSchema = z
  .object({
    text: z.string(),
    claim: z.enum(claims),
    /** Customers, answers or promises behind it. */
    n: z.number().int().optional(),
  })
  .openapi('Statement')
export type Statement = z.infer<typeof statementSchema>

export function counted(text: string, n?: number): Statement {
  return { text, claim: 'counted', ...(n === undefined ? {} : { n }) }
}

export function goesAlong(text: string, n?: number): Statement {
  return { text, claim: 'goes along with', ...(n === undefined ? {} : { n }) }
}

export function cannotTell(text: string, n?: number): Statement {
  return { text, claim: 'not enough to tell', ...(n === undefined ? {} : { n }) }
}
