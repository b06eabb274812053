import type { MapAnswer } from '../schema.ts'

type Field = string | number | null

/** The map's table as a spreadsheet opens it, a line a touchpoint. */
export function mapCsv(map: MapAnswer): string {
  const stage = new Map(map.stages.map((each) => [each.id, each]))
  const header = [
    'stage',
    'side',
    'touchpoint',
    'customers',
    'interactions',
    'said_n',
    'said_mean',
    'said_low',
    'said_high',
    'said_good',
    'said_bad',
    'inferred_n',
    'inferred_mean',
    'inferred_low',
    'inferred_high',
    'impression_n',
    'impression_mean',
    'promises_judged',
    'promises_kept',
    'kept_share',
    'kept_low',
    'kept_high',
    'cost_minor',
    'currency',
    'in_their_words',
  ]
  const lines = map.touchpoints.map((each): Field[] => [
    stage.get(each.stageId)?.name ?? '',
    each.side,
    each.name,
    each.customers,
    each.volume,
    each.said.n,
    each.said.value,
    each.said.low,
    each.said.high,
    each.said.good,
    each.said.bad,
    each.inferred.n,
    each.inferred.value,
    each.inferred.low,
    each.inferred.high,
    each.impression.n,
    each.impression.value,
    each.kept.n,
    each.kept.hits,
    each.kept.value,
    each.kept.low,
    each.kept.high,
    each.cost?.minor ?? null,
    each.cost?.currency ?? null,
    each.words[0]?.text ?? null,
  ])
  return `${[header, ...lines].map((line) => line.map(field).join(',')).join('\r\n')}\r\n`
}

/** Quoted where needed; a leading =, +, − or @ is disarmed, so that a spreadsheet doesn't run a customer's words. */
function field(value: Field): string {
  const text = value === null ? '' : typeof value === 'number' ? String(Number(value.toFixed(6))) : value
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
