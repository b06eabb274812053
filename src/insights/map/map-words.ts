// The sentence that the map begins with: chosen by what the figures can tell, never more than that.
import type { MapAnswer, MapTouchpoint, Sentence, SilenceAnswer } from '../schema.ts'

type Piece = Sentence['parts'][number]

export function mapSentence(map: Omit<MapAnswer, 'sentence'>, silent: SilenceAnswer): Sentence {
  if (map.interactions === 0)
    return {
      parts: [{ text: 'Nothing is recorded for this time and these customers yet.' }],
      claim: 'counted',
    }
  return {
    parts: [...experiencePieces(map.touchpoints), { text: ' ' }, ...silencePieces(map, silent)],
    claim: 'counted',
  }
}

/**
 * Where it is best and worst: by what customers said; only where they said nothing by what happened, and then
 * only where something was done for them and it went now this way, now that (that a complaint is bad is no news).
 */
function experiencePieces(touchpoints: MapTouchpoint[]): Piece[] {
  const told = touchpoints.flatMap((touchpoint) => {
    const said = touchpoint.said.value !== null
    if (!said && !['use', 'sale', 'bill', 'sell', 'care'].includes(touchpoint.purpose)) return []
    const { value, low, high } = said ? touchpoint.said : touchpoint.inferred
    if (value === null || low === null || high === null || (!said && low === high)) return []
    return [{ touchpoint, said, value, low, high }]
  })
  if (told.length === 0)
    return [
      {
        text: 'There are not enough answers yet to say where the experience is good and where it is bad.',
      },
    ]
  const high = told
    .filter((each) => each.low > 0)
    .sort((a, b) => Number(b.said) - Number(a.said) || b.low - a.low)
  const low = told
    .filter((each) => each.high < 0)
    .sort((a, b) => Number(b.said) - Number(a.said) || a.high - b.high)
  const best = high.find((each) => each.touchpoint.side === 'before') ?? high[0]
  const worst = low[0]
  const at = (touchpoint: MapTouchpoint): Piece => ({ text: `“${touchpoint.name}”`, tone: 'strong' })
  const good = (value: number): Piece => ({ text: `▲ ${value.toFixed(2)}`, tone: 'good' })
  const bad = (value: number): Piece => ({ text: `▼ ${Math.abs(value).toFixed(2)}`, tone: 'bad' })
  if (best && worst)
    return [
      {
        text:
          best.touchpoint.side === 'before' ? 'People choose you gladly, most of all at ' : 'It is best at ',
      },
      at(best.touchpoint),
      { text: ' ' },
      good(best.value),
      { text: ', and are let down at ' },
      at(worst.touchpoint),
      { text: ' ' },
      bad(worst.value),
      { text: '.' },
    ]
  if (worst)
    return [
      { text: 'People are let down at ' },
      at(worst.touchpoint),
      { text: ' ' },
      bad(worst.value),
      { text: '.' },
    ]
  if (best)
    return [
      { text: 'It is best at ' },
      at(best.touchpoint),
      { text: ' ' },
      good(best.value),
      { text: '; no touchpoint that answers speak of is clearly bad.' },
    ]
  return [{ text: 'No touchpoint is clearly good or clearly bad yet.' }]
}

function silencePieces(map: Omit<MapAnswer, 'sentence'>, silent: SilenceAnswer): Piece[] {
  if (map.buyers === 0)
    return [{ text: `${map.customers.toLocaleString('en')} customers were met; nobody has bought yet.` }]
  const span = silent.spans.find((each) => each.days === 60)
  if (!silent.visible || !span || span.sinceSale.value === null) return [{ text: silent.words }]
  const { hits, n, value } = span.sinceSale
  return [
    { text: `Of ${n.toLocaleString('en')} buyers, ` },
    { text: `${hits.toLocaleString('en')} (${Math.round(value * 100)} %)`, tone: 'strong' },
    {
      text: ` heard nothing caring from you in the 60 days after paying. ${silent.channels.length > 0 ? channelWords(silent) : ''}`,
    },
  ]
}

/** "We looked at mail, phone and visits." */
function channelWords(silent: SilenceAnswer): string {
  const names = silent.channels.map((channel) => channel.name)
  return `We looked at ${names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`}.`
}
