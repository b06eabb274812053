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

/**
 * Published in the transaction that joins customers, parts them again, erases one or changes who belongs to
 * a company: what is worked out per customer (standings) is worked out anew. All ids concerned.
 */
export interface CustomersChanged {
  customers: number[]
}
export const customersChangedEvent = 'customers.changed'
