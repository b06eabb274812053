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
