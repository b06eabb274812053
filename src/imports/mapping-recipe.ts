// The recipe that a mapping becomes: what a person did by hand can be read, kept and run again.
import { stringify } from 'yaml'
import { Invalid } from '../lib/errors.ts'
import {
  belongsTo,
  type ColumnMapping,
  type ColumnRole,
  type Happening,
  happeningsOf,
  isReview,
  type Mapping,
  saleOf,
} from './mapping.ts'
import { casesOf, worthOf } from './mapping-amounts.ts'
import { literal, quoted } from './sqltext.ts'

const caseRoles = ['order_id', 'project_id', 'contract_id', 'subscription_id'] as const

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
    recipe['customers'] = block(
      withCases(customerSelect(mapping, identities, [...happenings, ...cases], from)),
    )
  if (happenings.length > 0)
    recipe['interactions'] = happenings.map((happening) =>
      block(withCases(interactionSelect(mapping, happening, happenings, identities, cases, from))),
    )
  const promises = of('promised').map((promised) => promiseOf(mapping, promised, happenings))
  if (promises.length > 0) recipe['promises'] = promises
  return print(recipe)
}

/** @param elsewhere columns by which a row without identity is taken up, or refused, by another part */
function customerSelect(
  mapping: Mapping,
  identities: (readonly [string, string])[],
  elsewhere: { column: string }[],
  from: string,
): string {
  const keys = identities.map(([column]) => quoted(column))
  const one = (column: string) => `arg_max(nullif(trim(${quoted(column)}), ''), _line)`
  const names = mapping.columns.filter(({ role }) => role === 'name')
  const traitColumns = mapping.columns.filter(({ role }) => role === 'trait').map(({ column }) => column)
  const lines = [
    ...identities.map(([column, name]) => `${quoted(column)} as ${name}`),
    ...names.map(({ column }) => `${one(column)} as ${names.length > 1 ? nameOf(column) : 'name'}`),
    ...mapping.columns
      .filter(({ role }) => role === 'company')
      .slice(0, 1)
      .map(({ column }) => `${one(column)} as company_name`),
    ...traitColumns.map((column) => `${one(column)} as ${quoted(column)}`),
    'any_value(_file) as _file',
    'min(_line) as _line',
  ]
  const said = (columns: string[]) => columns.map((column) => `trim(${quoted(column)}) <> ''`).join(' or ')
  const present = said(identities.map(([column]) => column))
  const rest = [...names.map(({ column }) => column), ...traitColumns]
  // A row that names nobody, and that nothing else takes up, is refused with its line rather than passed over.
  const nameless =
    mapping.spread || rest.length === 0
      ? undefined
      : `(${said(rest)})${elsewhere.length > 0 ? ` and (${said(elsewhere.map(({ column }) => column))}) is not true` : ''}`
  return [
    `select\n  ${lines.join(',\n  ')}`,
    `from ${from}`,
    nameless ? `where (${present})\n  or ${nameless}` : `where ${present}`,
    nameless
      ? `group by ${keys.join(', ')}, case when (${present}) is not true then _line end`
      : `group by ${keys.join(', ')}`,
  ].join('\n')
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
  // An event without a time is refused; a date that a case has not come to yet is none.
  const there = [happening.column, ...(happening.event === undefined && named ? [named.column] : [])]
  const present = there.map((column) => `trim(${quoted(column)}) <> ''`).join(' or ')
  return `select\n  ${lines.join(',\n  ')}\nfrom ${from}\nwhere ${present}`
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

function block(select: string): string {
  return `${select}\n`
}

function print(recipe: Record<string, unknown>): string {
  return `# Made by mapping columns. Change it as you like: docs/recipes.md says how.\n${stringify(recipe, { lineWidth: 0, blockQuote: 'literal' })}`
}
