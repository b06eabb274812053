// What is wrong with a draft, and what a saved one means for interactions that stand on the map already.
import { type FieldError, Invalid } from '../lib/errors.ts'
import { ruleKey, touchpointsOf } from './arrangement.ts'
import type { Draft, Gone, MapStage, MapTouchpoint, PlacingRule } from './schema.ts'

/** @throws Invalid naming everything that keeps this draft from being a map. */
export function assertIsMap(draft: Draft, before: readonly MapStage[]): void {
  const errors: FieldError[] = [
    ...problemsOfStages(draft.stages, before),
    ...problemsOfTouchpoints(draft.stages, before),
    ...problemsOfGone(draft, before),
  ]
  if (errors.length > 0)
    throw new Invalid(
      `The map was not saved: ${errors[0]?.reason}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}.`,
      errors,
    )
}

function problemsOfStages(stages: readonly MapStage[], before: readonly MapStage[]): FieldError[] {
  const known = new Set(before.map((stage) => stage.id))
  const ids = new Set<number>()
  const names = new Set<string>()
  let after = false
  return stages.flatMap((stage, index) => {
    const field = `stages.${index}`
    const errors: FieldError[] = []
    if (ids.has(stage.id))
      errors.push({ field: `${field}.id`, reason: `the stage ${stage.id} is in it twice` })
    if (stage.id > 0 && !known.has(stage.id))
      errors.push({ field: `${field}.id`, reason: `there is no stage ${stage.id}` })
    if (names.has(key(stage.name)))
      errors.push({ field: `${field}.name`, reason: `two stages are called “${stage.name}”: rename one` })
    if (stage.side === 'before' && after)
      errors.push({
        field: `${field}.side`,
        reason: `“${stage.name}” is before the sale and must stand before all that are after it`,
      })
    ids.add(stage.id)
    names.add(key(stage.name))
    after ||= stage.side === 'after'
    return errors
  })
}

function problemsOfTouchpoints(stages: readonly MapStage[], before: readonly MapStage[]): FieldError[] {
  const known = new Set(touchpointsOf(before).map((each) => each.id))
  const ids = new Set<number>()
  const names = new Set<string>()
  return stages.flatMap((stage, at) =>
    stage.touchpoints.flatMap((touchpoint, index) => {
      const field = `stages.${at}.touchpoints.${index}`
      const errors: FieldError[] = []
      if (ids.has(touchpoint.id))
        errors.push({ field: `${field}.id`, reason: `the touchpoint ${touchpoint.id} is in it twice` })
      if (touchpoint.id > 0 && !known.has(touchpoint.id))
        errors.push({ field: `${field}.id`, reason: `there is no touchpoint ${touchpoint.id}` })
      if (names.has(key(touchpoint.name)))
        errors.push({
          field: `${field}.name`,
          reason: `“${touchpoint.name}” is on the map twice: rename one`,
        })
      touchpoint.rules.forEach((rule, number) => {
        const reason = problemOfRule(rule)
        if (reason)
          errors.push({
            field: `${field}.rules.${number}`,
            reason: `a rule of “${touchpoint.name}” ${reason}`,
          })
      })
      ids.add(touchpoint.id)
      names.add(key(touchpoint.name))
      return errors
    }),
  )
}

/** Why a rule can't be used, or undefined. */
export function problemOfRule(rule: PlacingRule): string | undefined {
  const texts = [rule.event, rule.channel, rule.path]
  const given = texts.some((text) => text?.trim()) || (rule.where ?? []).length > 0
  if (!given) return 'has no condition: it would match everything'
  if (texts.some((text) => text?.includes('\u0000'))) return 'contains a character that can’t be stored'
  for (const condition of rule.where ?? []) {
    if (!condition.property.trim()) return 'needs the name of a property to look at'
    const needsValue = condition.is !== 'present' && condition.is !== 'absent'
    if (needsValue && (condition.value === undefined || condition.value === ''))
      return `needs a value to compare “${condition.property}” with`
    if ((condition.is === 'above' || condition.is === 'below') && !Number.isFinite(Number(condition.value)))
      return `needs a number to compare “${condition.property}” with`
  }
  return undefined
}

/** The rule without blanks around its texts and without conditions that say nothing. */
export function tidied(rule: PlacingRule): PlacingRule {
  const text = (value: string | undefined) => value?.trim() || undefined
  const event = text(rule.event)
  const channel = text(rule.channel)
  const path = text(rule.path)
  const where = (rule.where ?? []).map(({ property, is, value }) => ({
    property: property.trim(),
    is,
    ...(is === 'present' || is === 'absent' || value === undefined ? {} : { value }),
  }))
  return {
    ...(event ? { event } : {}),
    ...(channel ? { channel } : {}),
    ...(path ? { path } : {}),
    ...(where.length > 0 ? { where } : {}),
  }
}

function problemsOfGone(draft: Draft, before: readonly MapStage[]): FieldError[] {
  const kept = new Set(touchpointsOf(draft.stages).map((each) => each.id))
  const known = new Set(touchpointsOf(before).map((each) => each.id))
  return draft.gone.flatMap(({ id, to }, index) => {
    const field = `gone.${index}`
    if (!known.has(id)) return [{ field, reason: `there is no touchpoint ${id} to remove` }]
    if (kept.has(id)) return [{ field, reason: `the touchpoint ${id} is removed and still on the map` }]
    if (to !== null && !kept.has(to))
      return [
        { field, reason: `the interactions of touchpoint ${id} can’t go to ${to}: it is not on the map` },
      ]
    return []
  })
}

/** What has to be looked at again after a change of the map. */
export interface Consequence {
  /** Rules that are new, gone, or now tried in another order: only events that one of them matches can change place. */
  rules: PlacingRule[]
  /** Touchpoints whose interactions are looked at whatever their name: removed ones. */
  removed: number[]
  /** Touchpoints whose interactions stay but mean something else now: another purpose, actor or side of the sale. */
  meaning: number[]
}

export function consequenceOf(before: readonly MapStage[], after: readonly MapStage[]): Consequence {
  const old = touchpointsOf(before)
  const now = touchpointsOf(after)
  const nowById = new Map(now.map((each) => [each.id, each]))
  const oldById = new Map(old.map((each) => [each.id, each]))
  const removed = old.filter((each) => !nowById.has(each.id))
  const added = now.filter((each) => !oldById.has(each.id))
  const kept = now.filter((each) => oldById.has(each.id))
  const rules = [
    ...removed.flatMap((each) => each.rules),
    ...added.flatMap((each) => each.rules),
    ...kept.flatMap((each) => differingRules(oldById.get(each.id)?.rules ?? [], each.rules)),
    ...reordered(
      old.filter((each) => nowById.has(each.id)),
      kept,
    ).flatMap((each) => each.rules),
  ]
  return {
    rules: [...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()],
    removed: removed.map((each) => each.id),
    meaning: kept.filter((each) => meansOther(each.id, before, after)).map((each) => each.id),
  }
}

/** True when history has nothing to hear of this change. */
export function isNothing(consequence: Consequence): boolean {
  return (
    consequence.rules.length === 0 && consequence.removed.length === 0 && consequence.meaning.length === 0
  )
}

function differingRules(old: readonly PlacingRule[], now: readonly PlacingRule[]): PlacingRule[] {
  const oldKeys = new Set(old.map(ruleKey))
  const nowKeys = new Set(now.map(ruleKey))
  return [
    ...old.filter((rule) => !nowKeys.has(ruleKey(rule))),
    ...now.filter((rule) => !oldKeys.has(ruleKey(rule))),
  ]
}

/** The stretch in which the order of touchpoints differs: the first matching rule wins, so order counts. */
function reordered(old: readonly MapTouchpoint[], now: readonly MapTouchpoint[]): MapTouchpoint[] {
  let start = 0
  while (start < now.length && old[start]?.id === now[start]?.id) start++
  let end = now.length
  while (end > start && old[end - 1]?.id === now[end - 1]?.id) end--
  return now.slice(start, end)
}

function meansOther(id: number, before: readonly MapStage[], after: readonly MapStage[]): boolean {
  const old = meaning(id, before)
  const now = meaning(id, after)
  return old !== now
}

function meaning(id: number, stages: readonly MapStage[]): string {
  const stage = stages.find((each) => each.touchpoints.some((touchpoint) => touchpoint.id === id))
  const touchpoint = stage?.touchpoints.find((each) => each.id === id)
  return [stage?.side, touchpoint?.by, touchpoint?.purpose].join()
}

/** One sentence about a change, for the audit and for whoever undoes it. */
export function summaryOf(
  before: readonly MapStage[],
  after: readonly MapStage[],
  gone: readonly Gone[],
): string {
  if (before.length === 0 && after.length > 0) return `Began the map with ${after.length} stages`
  const old = new Map(touchpointsOf(before).map((each) => [each.id, each]))
  const now = new Map(touchpointsOf(after).map((each) => [each.id, each]))
  const parts: string[] = []
  const named = (verb: string, names: string[]) => {
    if (names.length > 0)
      parts.push(
        `${verb} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
      )
  }
  const oldStages = new Map(before.map((stage) => [stage.id, stage]))
  const nowStages = new Set(after.map((stage) => stage.id))
  const addedStages = after.filter((stage) => !oldStages.has(stage.id))
  named(
    'added stage',
    addedStages.map((stage) => stage.name),
  )
  named(
    'removed stage',
    before.filter((stage) => !nowStages.has(stage.id)).map((stage) => stage.name),
  )
  named('renamed', renames([...oldStages.values()], after))
  named(
    'added',
    [...now.values()].filter((each) => !old.has(each.id)).map((each) => each.name),
  )
  named(
    'removed',
    [...old.values()]
      .filter((each) => !now.has(each.id))
      .map((each) => {
        const to = gone.find((one) => one.id === each.id)?.to
        return to ? `${each.name} (to ${now.get(to)?.name})` : each.name
      }),
  )
  named('renamed', renames([...old.values()], [...now.values()]))
  const changed = [...now.values()].filter((each) => {
    const was = old.get(each.id)
    return was && was.rules.map(ruleKey).join() !== each.rules.map(ruleKey).join()
  })
  named(
    'changed the rules of',
    changed.map((each) => each.name),
  )
  const others = [...now.values()].filter((each) => {
    const was = old.get(each.id)
    return was && [was.by, was.purpose, was.channel].join() !== [each.by, each.purpose, each.channel].join()
  })
  named(
    'changed what is meant by',
    others.map((each) => each.name),
  )
  const text = parts.join('; ') || (orderKey(before) === orderKey(after) ? 'changed nothing' : 'moved things')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function renames(
  old: { id: number; name: string }[],
  now: readonly { id: number; name: string }[],
): string[] {
  const names = new Map(old.map((each) => [each.id, each.name]))
  return now.flatMap((each) => {
    const was = names.get(each.id)
    return was !== undefined && was !== each.name ? [`${was} to ${each.name}`] : []
  })
}

function orderKey(stages: readonly MapStage[]): string {
  return JSON.stringify(
    stages.map((stage) => [stage.id, stage.side, stage.touchpoints.map((each) => each.id)]),
  )
}

function key(name: string): string {
  return name.trim().toLowerCase()
}
