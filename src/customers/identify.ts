// Whose is it? Finds, for a batch of things that came in, the customer each belongs to; makes the customers
// that are new; joins those that an event shows to be one.
//
// The rules: an identity belongs to one customer. Strong identities (user id, external id, email, phone)
// may join customers, weak ones (a browser, an order) only bring an unknown visitor to a known customer.
// No automatic join may give a customer more identities of a kind than the limit, so one bad column
// can't melt the customer base into one person: what is refused is kept as a conflict for a person to
// settle, and the event goes to the customer of its strongest identity.
import type { Tx } from '../store/database.ts'
import { count, type Group, isVisitor, pickSurvivor, root } from './identity-group.ts'
import { isWeak, parseKey, strength } from './identity-key.ts'
import {
  canonicalsOf,
  erased,
  findOwners,
  loadGroups,
  readBarred,
  withoutBlocked,
} from './identity-queries.ts'
import { takeBack, writeConflicts, writeCustomers, writeIdentities } from './identity-rows.ts'
import { joinCustomers } from './join.ts'
import {
  type Asked,
  asked,
  bare,
  defaultLimits,
  type Identified,
  type IdentifyOptions,
  type Keyed,
  type Subject,
} from './subject.ts'

/** Why something of an erased customer is refused. Whoever keeps what was refused must not keep this. */
export const erasedReason = 'This customer was erased at their request and is not brought back.'

/**
 * Finds or makes the customer of each subject, within the caller's transaction.
 * Refused: no identity at all, or a customer who was erased.
 */
export async function identify(tx: Tx, given: Subject[], options: IdentifyOptions): Promise<Identified[]> {
  const limits = { ...defaultLimits, ...options.limits }
  const barred = await readBarred(tx, options.known)
  const subjects = (barred.blocked ? await withoutBlocked(tx, given) : given).map(asked)
  const canonicals = await canonicalsOf(
    tx,
    given.flatMap(({ customerId }) => customerId ?? []),
  )
  const { owners, rowsOf } = await findOwners(tx, subjects, options.known)
  const gone = barred.erased ? await erased(tx, subjects, owners) : new Set<string>()
  const groups = await loadGroups(tx, subjects, owners)
  const joins: { from: Group; into: Group; evidence: object }[] = []
  const conflicts: { groups: Group[]; evidence: object; reason: string }[] = []
  const fresh = new Map<string, Group>()
  let nextTemporary = -1

  const groupOf = ({ key }: { key: string }): Group | undefined => {
    const group = fresh.get(key) ?? groups.get(owners.get(key) ?? 0)
    return group && root(group)
  }

  const found = subjects.map(({ subject, identities }, position): Group | number | { refused: string } => {
    if (subject.customerId !== undefined)
      return canonicals.has(subject.customerId)
        ? subject.customerId
        : { refused: `There is no customer ${subject.customerId} (any more).` }
    const [sole] = identities
    const known = sole && identities.length === 1 ? groupOf(sole) : undefined
    if (known && !known.created) return known
    if (identities.some(({ key }) => gone.has(key))) return { refused: erasedReason }
    const stored = identities
      .filter((identity) => identity.kind !== 'order')
      .sort((a, b) => strength(a) - strength(b))
    const candidates = [...new Set(identities.map(groupOf).filter((group) => group !== undefined))]

    let home: Group | undefined = candidates[0]
    if (candidates.length > 1) home = settle(candidates, subject, identities)
    if (!home) {
      if (stored.length === 0)
        return {
          refused:
            identities.length < (given[position]?.identities.length ?? 0)
              ? 'All that says whose this is stands on the block list (shared by several people).'
              : identities.length > 0
                ? 'Nothing is known of this order yet, and the event names no customer.'
                : 'No user id, email, phone, external id or anonymous id says whose this is.',
        }
      home = newGroup(subject)
    }
    let target = home
    for (const identity of stored) {
      const { key } = identity
      if (groupOf(identity)) continue
      if (fits(target, identity)) {
        target.keys.add(key)
        fresh.set(key, target)
      } else if (strength(identity) < Math.min(...knownStrengths(target, stored))) {
        // A stronger identity that does not fit (a second user id on a known email) is somebody else.
        conflicts.push({
          groups: [target],
          evidence: { identity: bare(identity) },
          reason: `too many of kind ${identity.kind}`,
        })
        target = newGroup(subject)
        target.keys.add(key)
        fresh.set(key, target)
      } else
        conflicts.push({
          groups: [target],
          evidence: { identity: bare(identity) },
          reason: `too many of kind ${identity.kind}`,
        })
    }
    if (target.created) {
      if (subject.at < target.created.at) target.created.at = subject.at
      if (subject.at > target.created.lastAt) target.created.lastAt = subject.at
    }
    return target
  })

  /**
   * Of a customer's joined rows the one that the subject's strongest identity came with: should the join be
   * undone, what came in since goes back to where it belongs too.
   */
  function rowOf({ subject, identities }: Asked, canonical: Group): number | undefined {
    const [sole] = identities
    if (sole && identities.length === 1) return rowsOf.get(sole.key)
    return identities
      .slice(0, subject.identities.length)
      .sort((a, b) => strength(a) - strength(b))
      .filter((identity) => groupOf(identity) === canonical)
      .map(({ key }) => rowsOf.get(key))
      .find((id) => id !== undefined)
  }

  function newGroup(subject: Subject): Group {
    const group: Group = {
      id: nextTemporary--,
      keys: new Set(),
      created: { at: subject.at, lastAt: subject.at, kind: subject.customerKind ?? 'person' },
    }
    groups.set(group.id, group)
    return group
  }

  function knownStrengths(group: Group, identities: Keyed[]): number[] {
    return identities
      .filter((identity) => groupOf(identity) === group)
      .map(strength)
      .concat(Number.POSITIVE_INFINITY)
  }

  function fits(group: Group, identity: Keyed): boolean {
    return count(group, identity.kind, identity.source) < limits[identity.kind]
  }

  /** Joins the candidates into one where the rules allow it; gives the one that the subject goes to. */
  function settle(candidates: Group[], subject: Subject, identities: Keyed[]): Group {
    const strongest = identities.toSorted((a, b) => strength(a) - strength(b))
    let home = strongest.map(groupOf).find((group) => group !== undefined) ?? (candidates[0] as Group)
    for (const candidate of candidates) {
      const other = root(candidate)
      if (other === home) continue
      const alias = subject.previous !== undefined
      const shared = identities.filter((identity) => groupOf(identity) === other)
      const reason = alias ? undefined : whyNotJoined(home, other, shared)
      if (reason) {
        conflicts.push({ groups: [home, other], evidence: { identities: identities.map(bare) }, reason })
        continue
      }
      // Whoever is known survives a visitor; of two known, the one first in the database.
      const [into, from] = isVisitor(home) && !isVisitor(other) ? [other, home] : pickSurvivor(home, other)
      const { importId } = options
      joins.push({
        from,
        into,
        evidence: { identities: identities.map(bare), alias, ...(importId ? { importId } : {}) },
      })
      for (const key of from.keys) into.keys.add(key)
      from.joinedInto = into
      home = into
    }
    return home
  }

  function whyNotJoined(a: Group, b: Group, shared: Keyed[]): string | undefined {
    const visitor = isVisitor(a) || isVisitor(b)
    if (!visitor && shared.every((identity) => isWeak(identity.kind)))
      return 'only a browser or an order connects these customers'
    for (const key of b.keys) {
      const { kind, source } = parseKey(key)
      if (count(a, kind, source) + count(b, kind, source) > limits[kind])
        return `together they would have more than ${limits[kind]} of kind ${kind}`
    }
    return undefined
  }

  const stored = await writeCustomers(tx, [...groups.values()], options)
  const lost = await writeIdentities(tx, fresh, options)
  if (lost.length > 0) {
    if (conflicts.length > 0) throw new IdentityRace()
    await yieldTo(tx, lost, fresh, { rowsOf, stored })
  }
  for (const { from, into, evidence } of joins) {
    if (from.id < 0 || into.id < 0) throw new Error('a join was left without ids')
    await joinCustomers(tx, {
      survivor: into.id,
      absorbed: from.id,
      rule: 'shared identity',
      evidence,
      actor: options.actor,
    })
  }
  await writeConflicts(tx, conflicts)

  return found.map((result, position): Identified => {
    if (typeof result === 'number')
      return { customerId: result, canonicalId: canonicals.get(result) ?? result, created: false }
    if ('refused' in result) return result
    const canonical = root(result)
    return {
      customerId: rowOf(subjects[position] as Asked, canonical) ?? result.id,
      canonicalId: canonical.id,
      created: stored.has(result.id) && found.indexOf(result) === position,
    }
  })
}

/** Thrown when another transaction took an identity first; the caller's transaction runs again. */
class IdentityRace extends Error {
  readonly code = '40001'
  override readonly message = 'another transaction identified this customer first'
}

/**
 * Another transaction made the same new customers first, and has committed: they are its customers. Only where each is
 * known by that one thing alone; what more was concluded from it would have to be concluded anew.
 */
async function yieldTo(
  tx: Tx,
  lost: string[],
  fresh: Map<string, Group>,
  { rowsOf, stored }: { rowsOf: Map<string, number>; stored: Set<number> },
): Promise<void> {
  const found = await findOwners(tx, [asked({ identities: lost.map(parseKey), at: new Date() })])
  const groups = lost.map((key) => {
    const group = fresh.get(key)
    const owner = found.owners.get(key)
    const row = found.rowsOf.get(key)
    if (
      !group?.created ||
      group.keys.size > 1 ||
      group.joinedInto ||
      owner === undefined ||
      row === undefined
    )
      throw new IdentityRace()
    return { key, group, owner, row }
  })
  await takeBack(
    tx,
    groups.map(({ group }) => group.id),
  )
  for (const { key, group, owner, row } of groups) {
    stored.delete(group.id)
    rowsOf.set(key, row)
    group.id = owner
    delete group.created
  }
}
