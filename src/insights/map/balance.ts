import { loadMap } from '../../journey/journey.ts'
import { money } from '../../lib/phrases.ts'
import { welch } from '../../stats/welch.ts'
import type { Store } from '../../store/store.ts'
import { ask, during, inSegment, type Question, type Scope, scopeValues } from '../question.ts'
import type { BalanceAnswer } from '../schema.ts'
import { Answers, change, type Level, type Part, part, shareOf } from './level.ts'
import { firstAndLast, sharesDiffer } from './map.ts'
import { buyers, type CellRow, cells, type PromiseRow, promises } from './map-questions.ts'
import { channelNames, moneySpent } from './queries.ts'
import { type ChannelRow, channelName, channelQuestion } from './silence.ts'

export interface BalanceRow {
  by_us: boolean
  asking: boolean
  after_sale: boolean
  evidence: number | null
  experience: number | null
  answers: number
  volume: number
}

/** Before is until a customer's first sale, and after is after it: by what had happened, not by where the touchpoint stands. */
export function balanceQuestion(scope: Scope): Question {
  return {
    text: `
      with counted as (
        select touchpoint_id, after_sale, evidence, experience,
          count(*) as answers,
          count(*) filter (where not judgement) as volume
        from steps
        where ${during(scope, 'happened')}
          ${inSegment(scope, '$3')}
        group by touchpoint_id, after_sale, evidence, experience
      )
      select coalesce(t.by_us, false) as by_us, coalesce(t.asking, false) as asking, c.after_sale, c.evidence, c.experience,
        cast(sum(c.answers) as integer) as answers,
        cast(sum(c.volume) as integer) as volume
      from counted c
      left join touchpoints t on t.id = c.touchpoint_id
      group by coalesce(t.by_us, false), coalesce(t.asking, false), c.after_sale, c.evidence, c.experience
      order by 1, 2, 3, 4, 5`,
    values: scopeValues(scope),
  }
}

/** Buyers who were asked anything after their sale. */
export function askedQuestion(scope: Scope): Question {
  return {
    text: `
      select cast(count(distinct s.customer_id) as integer) as asked
      from steps s
      join touchpoints t on t.id = s.touchpoint_id
      where t.asking
        and s.after_sale
        and not s.judgement
        and s.happened >= $1::bigint
        and s.happened < $2::bigint
        ${inSegment(scope, '$3', 's.customer_id')}`,
    values: scopeValues(scope),
  }
}

/** The after-sale part against the before-sale part: of our touches, of asking, of money, of experience, of promises kept. */
export async function balance(store: Store, scope: Scope): Promise<BalanceAnswer> {
  const map = await loadMap(store.db)
  const found = await ask<BalanceRow>(store, balanceQuestion(scope))
  const [asked] = await ask<{ asked: number }>(store, askedQuestion(scope))
  const [sold] = await ask<{ buyers: number }>(store, buyers(scope))
  const judged = await ask<PromiseRow>(store, promises(scope))
  const { first, last } = firstAndLast(await ask<CellRow>(store, cells(scope)))
  const channels = await ask<ChannelRow>(store, channelQuestion(scope))
  const names = await channelNames(store)
  const { currency, spent } = await moneySpent(store, scope)

  const volume = (after: boolean, asking: boolean) =>
    found
      .filter((row) => row.by_us && row.after_sale === after && (!asking || row.asking))
      .reduce((sum, row) => sum + row.volume, 0)
  const touches = { before: volume(false, false), after: volume(true, false) }
  const asking = { before: volume(false, true), after: volume(true, true) }
  const said = { before: new Answers(), after: new Answers() }
  const inferred = { before: new Answers(), after: new Answers() }
  for (const row of found) {
    if (row.experience === null || row.evidence === 3) continue
    const side = row.after_sale ? 'after' : 'before'
    ;(row.evidence === 1 ? said : inferred)[side].add(row.experience, row.answers)
  }
  const sides = new Map(
    map.touchpoints.map((touchpoint) => [
      touchpoint.id,
      map.stages.find((stage) => stage.id === touchpoint.stageId)?.side ?? 'before',
    ]),
  )
  const paid = { before: 0, after: 0 }
  for (const each of spent) paid[sides.get(each.touchpointId) ?? 'before'] += each.minor
  const kept = { before: keptOf(judged, false), after: keptOf(judged, true) }
  const experience = { before: said.before.level, after: said.after.level }
  const told = experience.before.value !== null && experience.after.value !== null
  const experienceChange = told ? change(welch(said.after.mean, said.before.mean)) : null
  const keptChange = change(sharesDiffer(shareOf(kept.after), shareOf(kept.before)))

  return {
    asked: scope.asked,
    buyers: sold?.buyers ?? 0,
    touches: { ...touches, words: divided(touches, 'Nothing that you did is recorded yet.') },
    asking: {
      ...asking,
      askedAfter: asked?.asked ?? 0,
      words: askingWords(asking, asked?.asked ?? 0, sold?.buyers ?? 0),
    },
    money: spent.length > 0 ? { ...paid, currency, words: moneyWords(paid, currency) } : null,
    experience: { ...experience, change: experienceChange, words: levelWords(experience, experienceChange) },
    inferred: { before: inferred.before.level, after: inferred.after.level },
    kept: { ...kept, change: keptChange, words: keptWords(kept) },
    firstExperience: first.level,
    lastExperience: last.level,
    levelWords: firstLastWords(first.level, last.level),
    channels: channels.map((row) => ({ name: channelName(names, row.channel), touches: row.touches })),
  }
}

function keptOf(rows: PromiseRow[], after: boolean): Part {
  const here = rows.filter((row) => row.after_sale === after)
  const kept = here.reduce((sum, row) => sum + row.kept, 0)
  return part(kept, kept + here.reduce((sum, row) => sum + row.broken, 0))
}

const percent = (share: number) => `${Math.round(share * 100)} %`

function divided({ before, after }: { before: number; after: number }, nothing: string): string {
  const all = before + after
  return all === 0 ? nothing : `${percent(before / all)} before, ${percent(after / all)} after`
}

function askingWords(asking: { before: number; after: number }, asked: number, buyers: number): string {
  if (asking.before + asking.after === 0) return 'Nobody was asked how it was.'
  const share = divided(asking, '')
  return buyers === 0
    ? share
    : `${share}; ${asked.toLocaleString('en')} customers were asked after buying, ${buyers.toLocaleString('en')} bought in this time`
}

function moneyWords(paid: { before: number; after: number }, currency: string): string {
  const all = paid.before + paid.after
  if (all === 0) return 'No money is planned for this time.'
  return `${percent(paid.before / all)} of ${money(Math.round(all), currency)} is spent before the sale`
}

function levelWords(
  level: { before: Level; after: Level },
  difference: BalanceAnswer['experience']['change'],
): string {
  if (level.before.value === null && level.after.value === null)
    return 'Not enough answers yet, before or after.'
  if (level.before.value === null) return 'Not enough answers yet from before the sale.'
  if (level.after.value === null) return 'Not enough answers yet from after the sale.'
  if (!difference?.tells) return 'We can’t tell a difference between before and after.'
  return difference.value < 0
    ? 'People are let down after the sale.'
    : 'People are happier after the sale than before.'
}

function keptWords({ before, after }: { before: Part; after: Part }): string {
  const say = (of: Part, when: string) =>
    of.value === null
      ? of.n === 0
        ? `no promise fell due ${when}`
        : `${of.hits} of ${of.n} ${when} held`
      : `${percent(of.value)} of those ${when} held`
  const text = `${say(before, 'before')}, ${say(after, 'after')}`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function firstLastWords(first: Level, last: Level): string {
  if (first.value === null || last.value === null)
    return 'Not enough answers yet to tell first from last experiences.'
  const apart =
    (first.low ?? 0) > (last.high ?? 0) ? 'lower' : (first.high ?? 0) < (last.low ?? 0) ? 'higher' : null
  return apart
    ? `What customers said last is ${apart} than what they said first.`
    : 'What customers said last is about as good as what they said first.'
}
