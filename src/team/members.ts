// Who works here: the first owner, invitations, roles, and leaving.
import { sql } from 'kysely'
import { Conflict, Invalid, NotFound, TrothError } from '../lib/errors.ts'
import type { Actor, Role } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { accountsOf } from './accounts.ts'
import { audit } from './audit.ts'
import { type FirstRun, firstRunEvent, type Invitation, type Member } from './schema.ts'
import { hashOf, randomText } from './secrets.ts'
import { changeWorkspace, type WorkspaceChange } from './workspace.ts'

interface Newcomer {
  name: string
  email: string
  /** Without one they sign in by link until they choose one. */
  password?: string
  role: Role
}

/** True until somebody works here. */
export async function isFirstRun(db: Db): Promise<boolean> {
  const found = await row(db, sql<{ any: boolean }>`select exists(select from auth.member) as any`)
  return found?.any !== true
}

/** Makes the owner and says whose company this is. @throws Conflict when there is an owner already */
export async function firstRun(
  store: Store,
  owner: Omit<Newcomer, 'role'>,
  workspace: WorkspaceChange,
): Promise<string> {
  return makeOwner(store, owner, workspace, (tx) =>
    store.jobs.publish(tx, firstRunEvent, { buying: workspace.buying ?? null } satisfies FirstRun),
  )
}

async function makeOwner(
  store: Store,
  owner: Omit<Newcomer, 'role'>,
  workspace: WorkspaceChange,
  tell: (tx: Tx) => Promise<void> = async () => {},
): Promise<string> {
  const hash = await hashPassword(store, owner.password)
  return transaction(store.db, async (tx) => {
    await sql`lock table auth.member in exclusive mode`.execute(tx)
    if (!(await isFirstRun(tx)))
      throw new Conflict('Troth is set up already. Sign in, or ask an owner for an invitation.')
    const id = await addMember(tx, { ...owner, role: 'owner' }, hash)
    await changeWorkspace(tx, { kind: 'member', id, name: owner.name }, workspace)
    await tell(tx)
    return id
  })
}

/** The first owner's id, made if nobody works here yet: for `demo`, which has nobody to ask. */
export async function ensureOwner(
  store: Store,
  owner: Omit<Newcomer, 'role'>,
  workspace: WorkspaceChange = {},
): Promise<string> {
  const known = await row(
    store.db,
    sql<{ id: string }>`
      select id from auth.member where role = 'owner' and removed_at is null order by created_at limit 1`,
  )
  return known?.id ?? makeOwner(store, owner, workspace)
}

async function hashPassword(store: Store, password: string | undefined): Promise<string | undefined> {
  if (password === undefined) return undefined
  return (await accountsOf(store)).context.password.hash(password)
}

async function addMember(tx: Tx, newcomer: Newcomer, hash: string | undefined): Promise<string> {
  const id = randomText(24)
  const email = newcomer.email.trim().toLowerCase()
  const added = await row(
    tx,
    sql<{ id: string }>`
      insert into auth.member (id, name, email, role)
      values (${id}, ${newcomer.name}, ${email}, ${newcomer.role})
      on conflict (email) do nothing
      returning id`,
  )
  if (!added)
    throw new Invalid(`Somebody with the address ${email} works here already.`, [
      { field: 'email', reason: 'taken' },
    ])
  if (hash) await setHash(tx, id, hash)
  await audit(tx, { kind: 'member', id, name: newcomer.name }, 'joined', 'team', id, { role: newcomer.role })
  return id
}

async function setHash(tx: Tx, memberId: string, hash: string): Promise<void> {
  await sql`
    insert into auth.account (id, account_id, provider_id, member_id, password)
    values (${`credential-${memberId}`}, ${memberId}, 'credential', ${memberId}, ${hash})
    on conflict (id) do update set password = excluded.password, updated_at = now()`.execute(tx)
}

export async function hasPassword(db: Db, memberId: string): Promise<boolean> {
  const found = await row(
    db,
    sql<{ any: boolean }>`select exists(select from auth.account where member_id = ${memberId}) as any`,
  )
  return found?.any === true
}

/** Changes the caller's own password; every other session of theirs ends. @throws TrothError (forbidden) when the current one is wrong */
export async function changePassword(
  store: Store,
  actor: Actor,
  change: { current?: string | undefined; password: string },
  keepToken: string | undefined,
): Promise<void> {
  if (actor.kind !== 'member')
    throw new TrothError('forbidden', 'Only somebody who is signed in has a password.')
  const { context } = await accountsOf(store)
  const hash = await context.password.hash(change.password)
  await transaction(store.db, async (tx) => {
    const account = await row(
      tx,
      sql<{ password: string }>`select password from auth.account where member_id = ${actor.id} for update`,
    )
    const right =
      !account || (await context.password.verify({ hash: account.password, password: change.current ?? '' }))
    if (!right)
      throw new Invalid('The current password is not right.', [{ field: 'current', reason: 'not right' }])
    await setHash(tx, actor.id, hash)
    await sql`delete from auth.session where member_id = ${actor.id} and token <> ${keepToken ?? ''}`.execute(
      tx,
    )
    await audit(tx, actor, 'changed', 'password', actor.id)
  })
}

export async function rename(store: Store, actor: Actor, name: string): Promise<void> {
  if (actor.kind !== 'member') throw new TrothError('forbidden', 'Only somebody who is signed in has a name.')
  await sql`update auth.member set name = ${name}, updated_at = now() where id = ${actor.id}`.execute(
    store.db,
  )
}

export function listMembers(db: Db): Promise<Member[]> {
  return rows(
    db,
    sql<Member>`
      select m.id, m.name, m.email, m.role, m.created_at as "createdAt",
        (select max(s.updated_at) from auth.session s where s.member_id = m.id) as "lastSeenAt"
      from auth.member m
      where m.removed_at is null
      order by m.created_at, m.id`,
  )
}

/** @throws NotFound; Conflict when nobody would be owner */
export async function changeRole(store: Store, actor: Actor, memberId: string, role: Role): Promise<void> {
  await transaction(store.db, async (tx) => {
    const member = await lockMember(tx, memberId)
    if (member.role === 'owner' && role !== 'owner') await assertAnotherOwner(tx, memberId)
    await sql`update auth.member set role = ${role}, updated_at = now() where id = ${memberId}`.execute(tx)
    await audit(tx, actor, 'changed role of', 'member', memberId, {
      name: member.name,
      from: member.role,
      to: role,
    })
  })
}

/** Ends a member's access. Their name stays beside what they did. @throws NotFound; Conflict when nobody would be owner */
export async function removeMember(store: Store, actor: Actor, memberId: string): Promise<void> {
  await transaction(store.db, async (tx) => {
    const member = await lockMember(tx, memberId)
    if (member.role === 'owner') await assertAnotherOwner(tx, memberId)
    await sql`update auth.member set removed_at = now(), email = null where id = ${memberId}`.execute(tx)
    await sql`delete from auth.session where member_id = ${memberId}`.execute(tx)
    await sql`delete from auth.account where member_id = ${memberId}`.execute(tx)
    await sql`delete from auth.sign_in_link where member_id = ${memberId}`.execute(tx)
    await audit(tx, actor, 'removed', 'member', memberId, { name: member.name })
  })
}

async function lockMember(tx: Tx, memberId: string): Promise<{ name: string; role: Role }> {
  // All owners are locked in one order, so that two owners can't remove each other at the same time.
  await sql`select from auth.member where role = 'owner' order by id for update`.execute(tx)
  const member = await row(
    tx,
    sql<{ name: string; role: Role }>`
      select name, role from auth.member where id = ${memberId} and removed_at is null for update`,
  )
  if (!member) throw new NotFound('member', memberId)
  return member
}

async function assertAnotherOwner(tx: Tx, memberId: string): Promise<void> {
  const other = await row(
    tx,
    sql`select from auth.member where role = 'owner' and removed_at is null and id <> ${memberId} limit 1`,
  )
  if (!other) throw new Conflict('Somebody must own this. Make another member owner first.')
}

/** Makes a link that lets one person join within a week; gives its path, "/join/…", which is shown once. */
export async function invite(
  store: Store,
  actor: Actor,
  invitation: { email?: string | undefined; role: Role },
): Promise<Invitation & { path: string }> {
  const token = randomText(40)
  return transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<Invitation>`
        insert into auth.invitation (token_hash, email, role, invited_by, expires_at)
        values (
          ${hashOf(token)}, ${invitation.email?.toLowerCase() ?? null}, ${invitation.role}, ${actor.name},
          now() + interval '7 days'
        )
        returning ${invitationColumns}`,
    )
    if (!made) throw new Error('the invitation was not inserted')
    await audit(tx, actor, 'invited', 'member', made.id, { ...invitation })
    return { ...made, path: `/join/${token}` }
  })
}

const invitationColumns = sql.raw(
  'id, email, role, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt"',
)
const open = sql.raw('accepted_at is null and revoked_at is null and expires_at > now()')

export function listInvitations(db: Db): Promise<Invitation[]> {
  return rows(
    db,
    sql<Invitation>`select ${invitationColumns} from auth.invitation where ${open} order by id desc`,
  )
}

export async function revokeInvitation(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store.db, async (tx) => {
    const revoked = await row(
      tx,
      sql`update auth.invitation set revoked_at = now() where id = ${id} and ${open} returning id`,
    )
    if (!revoked) throw new NotFound('open invitation', id)
    await audit(tx, actor, 'withdrew', 'invitation', id)
  })
}

export function readInvitation(db: Db, token: string): Promise<Invitation | undefined> {
  return row(
    db,
    sql<Invitation>`
      select ${invitationColumns} from auth.invitation where token_hash = ${hashOf(token)} and ${open}`,
  )
}

/** Joins the team by an invitation's link and gives the new member's id. @throws NotFound, Invalid */
export async function acceptInvitation(
  store: Store,
  token: string,
  newcomer: { name: string; email: string; password: string },
): Promise<string> {
  const hash = await hashPassword(store, newcomer.password)
  return transaction(store.db, async (tx) => {
    const invitation = await row(
      tx,
      sql<{ id: number; email: string | null; role: Role }>`
        update auth.invitation set accepted_at = now()
        where token_hash = ${hashOf(token)} and ${open}
        returning id, email, role`,
    )
    if (!invitation)
      throw new TrothError('not-found', 'This invitation is used up or too old. Ask for a new one.')
    if (invitation.email && invitation.email !== newcomer.email.trim().toLowerCase())
      throw new Invalid(`This invitation is for ${invitation.email}.`, [
        { field: 'email', reason: 'not the invited address' },
      ])
    const id = await addMember(tx, { ...newcomer, role: invitation.role }, hash)
    await sql`update auth.invitation set accepted_by = ${id} where id = ${invitation.id}`.execute(tx)
    return id
  })
}
