import { roles } from '../../../src/lib/roles.ts'

export const roleChoices = roles.map((role) => ({
  value: role,
  label: role.charAt(0).toUpperCase() + role.slice(1),
}))
