// Event logs as XES 2.0 (IEEE 1849-2023): a trace for each journey, an event for each step. No namespace, as
// in the standard's own schema; elements in its order; keys of extensions declared before they are used.
import type { PoolClient } from 'pg'
import type { Journeys } from './cases.ts'
import { type LogPlace, type LogStep, leftOut, logPlaces, logSteps } from './log-rows.ts'

export async function* xes(client: PoolClient, journeys: Journeys): AsyncGenerator<string> {
  const places = await logPlaces(client)
  yield head(journeys, await leftOut(client, journeys))
  let open: number | undefined
  for await (const steps of logSteps(client, journeys)) {
    let text = ''
    for (const step of steps) {
      if (step.case_id !== open) {
        text += `${open === undefined ? '' : '  </trace>\n'}${beginning(step, journeys)}`
        open = step.case_id
      }
      text += event(step, places.get(step.touchpoint_id))
    }
    yield text
  }
  yield `${open === undefined ? '' : '  </trace>\n'}</log>\n`
}

function head({ scope, of }: Journeys, restricted: number): string {
  const { from, to, segment } = scope.asked
  const what = of === 'customer' ? 'lives of customers' : 'purchases'
  const time = from || to ? `, ${from ?? 'the beginning'} to ${to ?? 'today'}` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2023" xes.features="">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
${attribute('string', 'concept:name', 'unknown', 4)}  </global>
  <global scope="event">
${attribute('string', 'concept:name', 'unknown', 4)}${attribute('date', 'time:timestamp', '1970-01-01T00:00:00.000Z', 4)}${attribute('string', 'lifecycle:transition', 'complete', 4)}  </global>
  <classifier name="Touchpoint" scope="event" keys="concept:name"/>
${attribute('string', 'concept:name', `Troth: ${what}${segment ? `, ${segment.name}` : ''}${time}`, 2)}${attribute('string', 'lifecycle:model', 'standard', 2)}${attribute('int', 'restricted_notes_left_out', String(restricted), 2)}`
}

function beginning(step: LogStep, { of }: Journeys): string {
  return `  <trace>
${attribute('string', 'concept:name', String(step.case_id), 4)}${attribute('string', 'customer', String(step.customer_id), 4)}${attribute('string', 'customer_kind', step.company ? 'company' : 'person', 4)}${of === 'purchase' && step.purchase !== null ? attribute('string', 'purchase', step.purchase, 4) : ''}`
}

const evidences = ['', 'said', 'inferred', 'impression']

function event(step: LogStep, place: LogPlace | undefined): string {
  return `    <event>
${attribute('string', 'concept:name', place?.name ?? 'unknown', 6)}${attribute('date', 'time:timestamp', step.at.toISOString(), 6)}${attribute('string', 'lifecycle:transition', 'complete', 6)}${attribute('id', 'interaction', String(step.id), 6)}${attribute('string', 'event', step.name, 6)}${step.channel ? attribute('string', 'channel', step.channel, 6) : ''}${place ? attribute('string', 'stage', place.stage, 6) + attribute('string', 'side_of_sale', place.side, 6) : ''}${step.experience === null ? '' : attribute('float', 'experience', String(step.experience / 100), 6) + attribute('string', 'evidence', evidences[step.evidence ?? 0] ?? '', 6)}${step.purchase === null ? '' : attribute('string', 'purchase', step.purchase, 6)}    </event>
`
}

type Type = 'string' | 'date' | 'int' | 'float' | 'id'

function attribute(type: Type, key: string, value: string, indent: number): string {
  return `${' '.repeat(indent)}<${type} key="${key}" value="${escaped(value)}"/>\n`
}

const named: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** As the value of an attribute; what XML 1.0 can't hold at all is left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"\n\r\t]/g, (letter) => named[letter] ?? letter)
}
