// The filters of the customers page, as they stand in its address.
import { type customerKinds, validationStates } from '../../../../src/customers/schema.ts'

const numbers = [
  'seenWithin',
  'notSeenWithin',
  'valueFrom',
  'valueTo',
  'salesFrom',
  'salesTo',
  'scoreFrom',
  'scoreTo',
  'segment',
  'touchpoint',
  'company',
  'silent',
  'boughtWithin',
] as const
const sorts = ['seen', 'new', 'name', 'value', 'sales', 'score'] as const
type State = (typeof validationStates)[number]

export interface CustomerSearch extends Partial<Record<(typeof numbers)[number], number | undefined>> {
  search?: string | undefined
  /** Several, with commas between. */
  state?: string | undefined
  kind?: (typeof customerKinds)[number] | undefined
  unmended?: 'true' | undefined
  sort?: (typeof sorts)[number] | undefined
}

/** The address reads "42" as a number and "true" as a truth value: as they were written. */
function written(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : ''
}

/** Whatever stands in the address, as far as it means something. */
export function readFilter(given: Record<string, unknown>): CustomerSearch {
  const read: CustomerSearch = {}
  const search = written(given['search'])
  if (search !== '') read.search = search.slice(0, 200)
  const state = written(given['state'])
    .split(',')
    .filter((each) => (validationStates as readonly string[]).includes(each))
  if (state.length > 0) read.state = state.join(',')
  if (given['kind'] === 'person' || given['kind'] === 'company') read.kind = given['kind']
  if (written(given['unmended']) === 'true') read.unmended = 'true'
  const sort = sorts.find((each) => each === given['sort'])
  if (sort) read.sort = sort
  for (const name of numbers) {
    const value = Number(given[name] ?? Number.NaN)
    if (Number.isSafeInteger(value) && value >= 0) read[name] = value
  }
  return read
}

export function statesOf(filter: CustomerSearch): State[] {
  return (filter.state?.split(',') ?? []) as State[]
}

/** As the server takes it: text only. */
export function queryOf({ sort: _, ...filter }: CustomerSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )
}

export function isFiltered(filter: CustomerSearch): boolean {
  return Object.keys(queryOf(filter)).length > 0
}
