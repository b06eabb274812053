import { type Mean, meanOf } from './means.ts'
import { type Share, wilson } from './proportions.ts'

export interface ReferralStrength {
  /** Customers who brought at least one other. */
  rate: Share
  /** Invitations per customer. */
  invites: Mean
  /** Invitations that became customers. */
  conversion: Share
  /** K: customers brought per customer, which is invites × conversion. Above 1 customers alone make the firm grow. */
  k: Mean
}

/**
 * How strongly customers bring others, from the invitations of each and how many of those joined. Only customers
 * and invitations that had their full time may be given: recent ones make every figure look small.
 */
export function referralStrength(
  customers: readonly { invited: number; joined: number }[],
): ReferralStrength {
  const invited = customers.reduce((sum, each) => sum + each.invited, 0)
  const joined = customers.reduce((sum, each) => sum + each.joined, 0)
  return {
    rate: wilson(customers.filter((each) => each.joined > 0).length, customers.length),
    invites: meanOf(customers.map((each) => each.invited)),
    conversion: wilson(Math.min(joined, invited), invited),
    k: meanOf(customers.map((each) => each.joined)),
  }
}
