import { sql } from 'kysely'
import { listRules } from '../../expectations/expectations.ts'
import type { SourceKind } from '../../expectations/schema.ts'
import { Invalid } from '../../lib/errors.ts'
import { hasRole } from '../../lib/http.ts'
import { row, rows } from '../../store/database.ts'
import { listMembers } from '../../team/team.ts'
import type { Asking } from '../asking/asking.ts'
import { defineQuestion } from '../asking/kind.ts'
import { type ReturnTimeRow, returnTimes, usualHorizon } from '../horizon.ts'
import { part } from '../map/level.ts'
import { dayMicros, readScope } from '../question.ts'
import type { EstimateInput } from './estimate.ts'
import {
  answerColumns,
  answersTo,
  judged,
  judgedColumns,
  type PromiseRow,
  promisesMade,
} from './questions.ts'
import { type Effects, effectsQuery, effectsSchema, type Figures } from './schema.ts'
import { effectsSheets } from './sheets.ts'
import type { NamedSource } from './sources.ts'
import { effectsWords } from './words.ts'

/** What goes along with a promise that did not hold, and with where and how it was said. */
export const effects = defineQuestion({
  name: 'effects',
  title: 'What broken promises go along with',
  summary:
    'What goes along with a promise that was kept, exceeded or broken: ratings and coming back, by how far off it was, where it was said, and whether customers were told beforehand',
  asked: effectsQuery,
  answer: effectsSchema,
  personal: (asked) => asked.people === 'true',
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    const { asOf: seenUntil } = await readScope(asking.store, {})
    const rules = await listRules(asking.store.db)
    if (asked.rule !== undefined && !rules.some((rule) => rule.id === asked.rule))
      throw new Invalid(`There is no promise ${asked.rule}.`, [{ field: 'rule', reason: 'is not known' }])
    asking.progress(0, 'Looking which promises fell due')
    const made = await asking.rows<PromiseRow>('The promises that fell due', promisesMade(scope))
    const rule = rules.find((each) => each.id === (asked.rule ?? made[0]?.rule_id))
    const [times] = await asking.rows<ReturnTimeRow>('How long customers take to come back', returnTimes())
    const horizon =
      asked.horizon ?? usualHorizon(times ?? { later: null, returns: 0, first: null }, seenUntil)
    const promises = made.flatMap(({ rule_id, held, decided }) => {
      const known = rules.find((each) => each.id === rule_id)
      return known ? [{ id: rule_id, name: known.name, kept: part(held, decided) }] : []
    })
    const shared = { asked: scope.asked, promises, horizon, word: asked.word }
    if (!rule) {
      const empty = {
        ...shared,
        ...nothing,
        promise: null,
        touchpoint: null,
        touchpoints: [],
        peopleShown: 'nobody' as const,
      }
      return { ...empty, statements: effectsWords(empty) }
    }
    const known = Date.now() * 1000
    asking.progress(0.1, 'Following every promise')
    const cases = await asking.columns(
      'Every time the promise was made, and what became of it',
      judged(scope, rule.id, known),
      judgedColumns,
    )
    asking.progress(0.4, 'Reading what customers said, and when')
    const answers = await asking.columns(
      'What customers said, by where things stood',
      answersTo(scope, rule.id, known, asked.word),
      answerColumns,
    )
    const touchpoints = await touchpointsOf(asking, answers['touchpoint_id'])
    const sources = await sourcesOf(asking, cases['source'], asked.people === 'true')
    asking.progress(0.6, 'Comparing')
    const figures = await asking.think<Figures>(new URL('./estimate.ts', import.meta.url), 'estimate', {
      judged: cases,
      answers,
      word: asked.word,
      days: rule.rule.dimension === 'days',
      horizon: horizon * dayMicros,
      seenUntil,
      touchpoint: asked.touchpoint ?? null,
      sources: sources.sources,
      people: sources.people,
      otherPeople: sources.otherPeople,
    } satisfies EstimateInput)
    const workspace = await row(asking.store.db, sql<{ currency: string }>`select currency from workspace`)
    const answer: Omit<Effects, 'statements'> = {
      ...shared,
      ...figures,
      promise: {
        id: rule.id,
        name: rule.name,
        dimension: rule.rule.dimension,
        currency: rule.rule.dimension === 'money' ? (workspace?.currency ?? null) : null,
        exceededBy: rule.rule.exceededBy ?? null,
      },
      touchpoint: touchpoints.find((each) => each.id === asked.touchpoint) ?? null,
      touchpoints,
      peopleShown: sources.shown,
    }
    return { ...answer, statements: effectsWords(answer) }
  },
  sheets: effectsSheets,
})

const nothing: Figures = {
  counts: {
    all: 0,
    kept: 0,
    exceeded: 0,
    late: 0,
    neverCame: 0,
    awaited: 0,
    open: 0,
    withdrawn: 0,
    tooRecent: 0,
  },
  comparisons: [],
  steps: [],
  doses: [],
  exceeded: [],
  told: [],
  endings: [],
  moments: [],
  sources: [],
  people: [],
  fewPeople: 0,
}

async function touchpointsOf(asking: Asking, codes: Float64Array = new Float64Array()) {
  const ids = [...new Set(codes)].filter((id) => !Number.isNaN(id))
  return rows(
    asking.store.db,
    sql<{ id: number; name: string }>`
      select t.id, t.name
      from touchpoints t
      join stages s on s.id = t.stage_id
      where t.id = any(${ids}::bigint[])
      order by s.position, t.position, t.id`,
  )
}

/**
 * The sources that were met, and which persons may be named: nobody unless asked for; all of them to managers
 * and owners; to everybody else only themselves, known by their address, or by their name where no colleague
 * has the same.
 */
async function sourcesOf(asking: Asking, codes: Float64Array = new Float64Array(), people: boolean) {
  const met = await rows(
    asking.store.db,
    sql<{ code: number; kind: SourceKind; name: string | null }>`
      select code, kind, name
      from projection.source_names
      where code = any(${[...new Set(codes)].filter((code) => !Number.isNaN(code))}::integer[])
      order by kind, name nulls first`,
  )
  const persons = met.filter(({ kind }) => kind === 'person')
  const sources: NamedSource[] = [
    ...met
      .filter(({ kind }) => kind !== 'person')
      .map(({ code, kind, name }) => ({ kind, name, codes: [code] })),
    ...(persons.length > 0
      ? [{ kind: 'person' as const, name: null, codes: persons.map(({ code }) => code) }]
      : []),
  ]
  const { asker } = asking
  const everybody = asker !== null && hasRole(asker, 'manager')
  const own = people && !everybody ? await namesOf(asking) : []
  const named = people
    ? persons.filter(({ name }) => name !== null && (everybody || own.includes(same(name))))
    : []
  return {
    sources,
    people: named.map(({ code, name }): NamedSource => ({ kind: 'person', name, codes: [code] })),
    otherPeople: persons.filter((person) => !named.includes(person)).map(({ code }) => code),
    shown: !people ? ('nobody' as const) : everybody ? ('everybody' as const) : ('yourself' as const),
  }
}

/** What the asker's promises may be signed with. */
async function namesOf({ store, asker }: Asking): Promise<string[]> {
  if (asker?.kind !== 'member') return []
  const members = await listMembers(store.db)
  const own = members.find(({ id }) => id === asker.id)
  if (!own) return []
  const alone = members.filter(({ name }) => same(name) === same(own.name)).length === 1
  return [...(own.email ? [same(own.email)] : []), ...(alone ? [same(own.name)] : [])]
}

function same(name: string): string {
  return name.trim().toLowerCase()
}
