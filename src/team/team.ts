// The team's front door: members, keys, sessions, the company they work for, and who changed what.
export { audit } from './audit.ts'
export { nobody, whoIsCalling } from './callers.ts'
export { actorInWords, actorOfKey, createKey } from './keys.ts'
export { acceptInvitation, ensureOwner, firstRun, invite, listMembers } from './members.ts'
export { createSignInLink } from './sign-in.ts'
export { readWorkspace } from './workspace.ts'
