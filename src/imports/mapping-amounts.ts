// What things cost, out of a file's columns: amounts, prices and quantities, and lines added up to the order
// that they belong to.
import type { ColumnMapping, ColumnRole, Mapping } from './mapping.ts'
import { literal, quoted } from './sqltext.ts'

const addedUp = 'lines added up'
/** What the columns of a line are called in the list of products, as in Segment's ecommerce names. */
const itemNames: Partial<Record<ColumnRole, string>> = {
  line_amount: 'amount',
  unit_price: 'price',
  quantity: 'quantity',
}

/** What something cost: the amount that the file names; where it names none, its lines added up. */
export function worthOf(mapping: Mapping, mine: (role: ColumnRole) => ColumnMapping[]): string | undefined {
  const [amount] = mine('amount')
  const whole = amount ? quoted(amount.column) : undefined
  const line = lineWorth(mapping)
  if (!line || ![...mine('line_amount'), ...mine('unit_price')].some(({ column }) => column === line.column))
    return whole
  const lines = mapping.spread
    ? quoted(addedUp)
    : `coalesce(${written(line.number, mapping.numbers)}, ${quoted(line.column)})`
  return whole ? `coalesce(nullif(trim(${whole}), ''), ${lines})` : lines
}

/** What one line cost, as a number, and the column that says so. */
function lineWorth({ columns, numbers }: Mapping): { number: string; column: string } | undefined {
  const of = (role: ColumnRole) => columns.find((column) => column.role === role)
  const amount = of('line_amount')
  const price = of('unit_price')
  const main = amount ?? price
  if (!main) return undefined
  const quantity = amount ? undefined : of('quantity')
  const number = [main, ...(quantity ? [quantity] : [])]
    .map(({ column }) => numberOf(column, numbers))
    .map((each, index) => (index === 0 ? each : `coalesce(${each}, 1)`))
    .join(' * ')
  return { number, column: main.column }
}

/** A number as the file writes numbers, to be read again. */
function written(number: string, numbers: Mapping['numbers']): string {
  const text = `(${number})::varchar`
  return numbers === 'comma' ? `replace(${text}, '.', ',')` : text
}

/** A column's cells as numbers, whatever sign of money stands with them; empty where there is none. */
function numberOf(column: string, numbers: Mapping['numbers']): string {
  const bare = `regexp_replace(${quoted(column)}, '[^0-9.,-]', '', 'g')`
  const comma = `replace(replace(${bare}, '.', ''), ',', '.')`
  const point = `replace(${bare}, ',', '')`
  const read = numbers
    ? numbers === 'comma'
      ? comma
      : point
    : `case when regexp_matches(${bare}, ',[0-9]{1,2}$') then ${comma} else ${point} end`
  return `try_cast(${read} as decimal(18, 4))`
}

/** Several rows of one case as one: each field as it first stands, its lines' amounts added up. */
export function casesOf(mapping: Mapping, by: ColumnMapping): string {
  const used = mapping.columns.filter(({ role, column }) => role !== 'leave' && column !== by.column)
  const worth = lineWorth(mapping)
  const items = used.flatMap(({ role, column }) => {
    const name = itemNames[role]
    if (role === 'item') return [{ name: 'name', value: quoted(column), column }]
    return name ? [{ name, value: numberOf(column, mapping.numbers), column }] : []
  })
  const named = items.filter((item, index) => items.findIndex(({ name }) => name === item.name) === index)
  const lines = [
    quoted(by.column),
    ...used
      .filter(({ role }) => role !== 'item' && itemNames[role] === undefined)
      .map(({ column }) => `arg_min(nullif(trim(${quoted(column)}), ''), _line) as ${quoted(column)}`),
    // A line that can't be read is passed on as it is, so that the order is refused with it rather than too small.
    ...(worth
      ? [
          `coalesce(any_value(nullif(trim(${quoted(worth.column)}), '')) filter (${worth.number} is null), ${written(`sum(${worth.number})`, mapping.numbers)}) as ${quoted(addedUp)}`,
        ]
      : []),
    ...(items.some(({ name }) => name === 'name')
      ? [
          `to_json(list({${items.map((item) => `${literal(named.includes(item) ? item.name : item.column)}: ${item.value}`).join(', ')}} order by _line)) as products`,
        ]
      : []),
    'any_value(_file) as _file',
    'min(_line) as _line',
  ]
  return `with cases as (\n  select\n    ${lines.join(',\n    ')}\n  from rows\n  where trim(${quoted(by.column)}) <> ''\n  group by ${quoted(by.column)}\n)`
}
