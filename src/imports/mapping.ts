// What the wizard knows of a file, column by column, and the recipe that it becomes: what a person did by
// hand can be read, kept and run again.
import { z } from '@hono/zod-openapi'
import { stringify } from 'yaml'
import { Invalid } from '../lib/errors.ts'
import { sourceSchema } from './schema.ts'
import { literal, quoted } from './workbench.ts'

/** What a column can be. */
export const roles = [
  'email',
  'phone',
  'customer_id',
  'anonymous_id',
  'name',
  'company',
  'trait',
  'event',
  'time',
  'moment',
  'promised',
  'order_id',
  'project_id',
  'contract_id',
  'subscription_id',
  'amount',
  'line_amount',
  'unit_price',
  'quantity',
  'currency',
  'item',
  'rating',
  'words',
  'channel',
  'key',
  'detail',
  'leave',
] as const
export type ColumnRole = (typeof roles)[number]

export const columnMappingSchema = z
  .object({
    column: z.string().min(1).max(200),
    role: z.enum(roles),
    event: z
      .string()
      .max(200)
      .optional()
      .describe(
        'For moment and time: what happened then. For promised: the event that keeps it. For amounts, rating, words and detail: the event they belong to.',
      ),
    scale: z.string().max(20).optional().describe('For rating: "1-5", "0-10"'),
  })
  .openapi('ColumnMapping')
export type ColumnMapping = z.infer<typeof columnMappingSchema>

export const mappingSchema = z
  .object({
    title: z.string().trim().min(1).max(120),
    file: z.string().min(1).max(200),
    layout: sourceSchema.omit({ file: true, columns: true, fill_down: true, optional: true }).default({}),
    dates: z.enum(['day-first', 'month-first']).default('day-first'),
    numbers: z.enum(['point', 'comma']).optional(),
    time_zone: z.string().max(60).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    spread: z
      .boolean()
      .default(false)
      .describe('One order or project covers several rows, its fields only on the first'),
    columns: z.array(columnMappingSchema).min(1).max(2_000),
  })
  .openapi('ImportMapping')
export type Mapping = z.infer<typeof mappingSchema>

const caseRoles = ['order_id', 'project_id', 'contract_id', 'subscription_id'] as const
const sales = /completed|placed|ordered|sold|signed|started|renewed|sent|paid/i

/** Writes the recipe of a mapping. @throws Invalid saying what is still missing */
export function recipeFrom(mapping: Mapping): string {
  const of = (role: ColumnRole) => mapping.columns.filter((column) => column.role === role)
  const first = (role: ColumnRole) => of(role)[0]
  const identities = [
    ...of('email').map(({ column }) => [column, 'email'] as const),
    ...of('phone').map(({ column }) => [column, 'phone'] as const),
    ...of('customer_id').map(({ column }) => [column, 'external_id'] as const),
    ...of('anonymous_id').map(({ column }) => [column, 'anonymous_id'] as const),
  ].filter(([, name], index, all) => all.findIndex(([, other]) => other === name) === index)
  const cases = caseRoles.flatMap((role) => of(role).slice(0, 1))
  const [mainCase] = cases
  const happenings = happeningsOf(mapping)
  const spread = mapping.spread && mainCase !== undefined
  if (mapping.spread && !mainCase)
    throw new Invalid('Say which column holds the number of the order or project that the rows belong to.')
  const from = spread ? 'cases' : 'rows'

  const recipe: Record<string, unknown> = {
    name: slug(mapping.title),
    title: mapping.title,
    ...(mapping.time_zone ? { time_zone: mapping.time_zone } : {}),
    ...(mapping.currency ? { currency: mapping.currency } : {}),
    dates: mapping.dates,
    ...(mapping.numbers ? { numbers: mapping.numbers } : {}),
    sources: {
      rows: {
        file: mapping.file,
        ...mapping.layout,
        // Only the number: an amount filled down would be added up twice.
        ...(spread ? { fill_down: { case: mainCase.column, columns: [mainCase.column] } } : {}),
      },
    },
  }
  const withCases = (select: string) => (spread ? `${casesOf(mapping, mainCase)}\n${select}` : select)

  if (identities.length === 0 && cases.length === 0) {
    const words = first('words')
    if (!words)
      throw new Invalid(
        'Nothing says whose these rows are. Mark a column as email, phone, customer number or order number; or, for reviews by people you don’t know, mark the column with their words.',
      )
    recipe['voices'] = block(voiceSelect(mapping, happenings[0]?.column))
    return print(recipe)
  }

  const traits = [...of('name'), ...of('company'), ...of('trait')]
  if (identities.length > 0 && (traits.length > 0 || happenings.length === 0))
    recipe['customers'] = block(withCases(customerSelect(mapping, identities, from)))
  if (happenings.length > 0)
    recipe['interactions'] = happenings.map((happening) =>
      block(withCases(interactionSelect(mapping, happening, happenings, identities, cases, from))),
    )
  const promises = of('promised').map((promised) => promiseOf(mapping, promised, happenings))
  if (promises.length > 0) recipe['promises'] = promises
  return print(recipe)
}

/** Something that rows tell happened: a date column with an event's name, or the column that names the events. */
export interface Happening {
  column: string
  /** Undefined: the `event` column names it row by row. */
  event?: string
}

export function happeningsOf(mapping: Pick<Mapping, 'columns'>): Happening[] {
  const named = mapping.columns.find((column) => column.role === 'event')
  return mapping.columns.flatMap(({ column, role, event }): Happening[] => {
    if (role === 'time') return named ? [{ column }] : [{ column, event: event || 'Visit Logged' }]
    return role === 'moment' ? [{ column, event: event || titled(column) }] : []
  })
}

function customerSelect(mapping: Mapping, identities: (readonly [string, string])[], from: string): string {
  const keys = identities.map(([column]) => quoted(column))
  const one = (column: string) => `arg_max(nullif(trim(${quoted(column)}), ''), _line)`
  const names = mapping.columns.filter(({ role }) => role === 'name')
  const lines = [
    ...identities.map(([column, name]) => `${quoted(column)} as ${name}`),
    ...names.map(({ column }) => `${one(column)} as ${names.length > 1 ? nameOf(column) : 'name'}`),
    ...mapping.columns
      .filter(({ role }) => role === 'company')
      .slice(0, 1)
      .map(({ column }) => `${one(column)} as company_name`),
    ...mapping.columns
      .filter(({ role }) => role === 'trait')
      .map(({ column }) => `${one(column)} as ${quoted(column)}`),
    'any_value(_file) as _file',
    'min(_line) as _line',
  ]
  const present = identities.map(([column]) => `trim(${quoted(column)}) <> ''`).join(' or ')
  return `select\n  ${lines.join(',\n  ')}\nfrom ${from}\nwhere ${present}\ngroup by ${keys.join(', ')}`
}

function nameOf(column: string): string {
  if (/first|vor|pr[eé]n|nombre|given/i.test(column)) return 'first_name'
  if (/last|nach|sur|famil|apell|sobre|cogn/i.test(column)) return 'last_name'
  return 'name'
}

function interactionSelect(
  mapping: Mapping,
  happening: Happening,
  all: Happening[],
  identities: (readonly [string, string])[],
  cases: ColumnMapping[],
  from: string,
): string {
  const mine = (role: ColumnRole) =>
    mapping.columns.filter((column) => column.role === role && belongsTo(column, happening, all))
  const key =
    mapping.columns.find(({ role }) => role === 'key') ??
    (all.some((each) => !each.event) ? undefined : cases[0])
  const named = mapping.columns.find(({ role }) => role === 'event')
  const worth = worthOf(mapping, mine)
  const [rating] = mine('rating')
  const [words] = mine('words')
  const [channel] = mapping.columns.filter(({ role }) => role === 'channel')
  const [currency] = mapping.columns.filter(({ role }) => role === 'currency')
  const bought = saleOf(all)
  const sale = happening.event === undefined || happening === bought
  const later = all.slice(all.indexOf(happening) + 1)
  const last = (said: ColumnMapping) =>
    said.event || later.length === 0 || all.some(isReview)
      ? quoted(said.column)
      : `case when ${later.map(({ column }) => `coalesce(trim(${quoted(column)}), '') = ''`).join(' and ')} then ${quoted(said.column)} end`
  const lines = [
    `${quoted(happening.column)} as at`,
    `${happening.event === undefined && named ? quoted(named.column) : literal(happening.event ?? '')} as event`,
    ...(key ? [`${quoted(key.column)} as key`] : []),
    ...identities.map(([column, name]) => `${quoted(column)} as ${name}`),
    // What was asked for but never bought is no purchase.
    ...cases.map(({ column, role }) =>
      bought && bought !== happening
        ? `case when trim(${quoted(bought.column)}) <> '' then ${quoted(column)} end as ${role}`
        : `${quoted(column)} as ${role}`,
    ),
    ...(worth ? [`${worth} as value`] : []),
    ...(worth && currency ? [`${quoted(currency.column)} as currency`] : []),
    ...(rating
      ? [`${last(rating)} as rating`, ...(rating.scale ? [`${literal(rating.scale)} as scale`] : [])]
      : []),
    ...(words ? [`${last(words)} as words`] : []),
    ...(channel ? [`${quoted(channel.column)} as channel`] : []),
    ...(sale
      ? mapping.columns
          .filter(({ role }) => role === 'promised')
          .map((promised) => `${quoted(promised.column)} as ${promisedProperty(promised)}`)
      : []),
    ...(sale && mapping.spread && mapping.columns.some(({ role }) => role === 'item') ? ['products'] : []),
    ...(mapping.spread
      ? []
      : [
          ...mine('item')
            .slice(0, 1)
            .map(({ column }) => `${quoted(column)} as product_name`),
          ...mine('quantity').map(({ column }) => `${quoted(column)} as quantity`),
          ...mine('unit_price').map(({ column }) => `${quoted(column)} as price`),
        ]),
    ...mine('detail').map(({ column }) => quoted(column)),
    '_file',
    '_line',
  ]
  return `select\n  ${lines.join(',\n  ')}\nfrom ${from}\nwhere trim(${quoted(happening.column)}) <> ''`
}

const addedUp = 'lines added up'
/** What the columns of a line are called in the list of products, as in Segment's ecommerce names. */
const itemNames: Partial<Record<ColumnRole, string>> = {
  line_amount: 'amount',
  unit_price: 'price',
  quantity: 'quantity',
}

/** What something cost: the amount that the file names; where it names none, its lines added up. */
function worthOf(mapping: Mapping, mine: (role: ColumnRole) => ColumnMapping[]): string | undefined {
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

/** A rating belongs to the review, an amount to the sale, a detail to the first thing that happened. */
function belongsTo(column: ColumnMapping, happening: Happening, all: Happening[]): boolean {
  if (happening.event === undefined || all.length === 1) return true
  const wanted = all.find(({ event }) => event !== undefined && event === column.event)
  if (wanted) return wanted === happening
  const said = column.role === 'rating' || column.role === 'words'
  const review = all.find(isReview)
  // Without a day of its own, an answer goes with the last thing that happened in its row.
  if (said && !review) return true
  return happening === (said ? review : (saleOf(all) ?? all[0]))
}

function isReview({ event }: Happening): boolean {
  return /review|survey|feedback|complaint|note/i.test(event ?? '')
}

function saleOf(all: Happening[]): Happening | undefined {
  return (
    all.find(({ event }) =>
      /^(order|project) (completed|placed|ordered|sold)|contract signed|subscription started/i.test(
        event ?? '',
      ),
    ) ?? all.find(({ event }) => sales.test(event ?? ''))
  )
}

function promisedProperty({ event }: ColumnMapping): string {
  const kept = event || 'Order Delivered'
  if (/deliver/i.test(kept)) return 'promised_delivery_date'
  return `promised_${slug(kept).replaceAll('-', '_')}_date`
}

function promiseOf(mapping: Mapping, promised: ColumnMapping, all: Happening[]) {
  const opened = saleOf(all) ?? all[0]
  if (!opened?.event)
    throw new Invalid(
      `"${promised.column}" is a promised date. Say which column holds the date of the order that it was promised with.`,
    )
  const kept = promised.event || 'Order Delivered'
  return {
    name: `${kept} by the promised day`,
    statement: `${promised.column}: the day that was named.`,
    rule: {
      opened: { event: opened.event },
      due: [{ property: promisedProperty(promised) }],
      precision: 'day',
      ...(mapping.time_zone ? { timeZone: mapping.time_zone } : {}),
      kept: { event: kept },
      source: { kind: 'order' },
    },
  }
}

function voiceSelect(mapping: Mapping, time: string | undefined): string {
  const first = (role: ColumnRole) => mapping.columns.find((column) => column.role === role)
  if (!time) throw new Invalid('Mark the column that says when it was written.')
  const words = first('words')
  const rating = first('rating')
  const name = first('name')
  const channel = first('channel')
  const key = first('key')
  const lines = [
    `${quoted(time)} as at`,
    `${quoted(words?.column ?? '')} as words`,
    ...(key ? [`${quoted(key.column)} as key`] : []),
    ...(name ? [`${quoted(name.column)} as author`] : []),
    ...(channel ? [`${quoted(channel.column)} as source`] : []),
    ...(rating
      ? [`${quoted(rating.column)} as rating`, ...(rating.scale ? [`${literal(rating.scale)} as scale`] : [])]
      : []),
    ...mapping.columns
      .filter(({ role }) => role === 'detail' || role === 'item')
      .map(({ column }) => quoted(column)),
    '_file',
    '_line',
  ]
  return `select\n  ${lines.join(',\n  ')}\nfrom rows`
}

/** Several rows of one case as one: each field as it first stands, its lines' amounts added up. */
function casesOf(mapping: Mapping, by: ColumnMapping): string {
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

export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return plain.slice(0, 60).replace(/-+$/, '') || 'my-file'
}

function titled(text: string): string {
  return text.replaceAll(/[_-]+/g, ' ').replaceAll(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase())
}

function block(select: string): string {
  return `${select}\n`
}

function print(recipe: Record<string, unknown>): string {
  return `# Made by mapping columns. Change it as you like: docs/recipes.md says how.\n${stringify(recipe, { lineWidth: 0, blockQuote: 'literal' })}`
}
