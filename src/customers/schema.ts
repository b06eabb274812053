/** A kind of thing we know a customer by, strongest first. `order` finds whose order an event is about; `anonymous_id` is a browser. Both never join two known customers. */
export const identityKinds = ['user_id', 'external', 'email', 'phone', 'order', 'anonymous_id'] as const
export type IdentityKind = (typeof identityKinds)[number]

export interface Identity {
  kind: IdentityKind
  /** For `external`: the system that the id is from ("crm"). Empty otherwise. */
  source: string
  /** Normalised: lower-cased email, E.164 phone, trimmed id. */
  value: string
}

/** Published when something happened to these customers, or they were joined or parted: canonical ids, to be judged again. */
export const recordedEvent = 'interactions.recorded'
export interface Recorded {
  customers: number[]
  /** Only judgements of ours were recorded: nothing new to judge by. */
  onlyJudgements?: boolean
}

export const validationStates = ['courting', 'unproven', 'validated', 'doubting', 'lost', 'advocate'] as const
export const customerKinds = ['person', 'company'] as const
export const purchaseKinds = ['order', 'project', 'contract', 'subscription'] as const
export const purchaseStates = ['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'] as const
