/** From least to most. A viewer reads; a member also logs and mends; a manager also edits the map, rules, segments, imports and merges; an owner also manages the team, keys and erasure. */
export const roles = ['viewer', 'member', 'manager', 'owner'] as const
export type Role = (typeof roles)[number]
