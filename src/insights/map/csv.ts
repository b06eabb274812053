import { type CsvField, csvLine } from '../../lib/csv.ts'
import type { MapAnswer } from '../schema.ts'

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
  const lines = map.touchpoints.map((each): CsvField[] => [
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
  return [header, ...lines].map(csvLine).join('')
}
