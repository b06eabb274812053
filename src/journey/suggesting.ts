// Where an event that no rule places probably belongs. Names are taken apart into words, words into what
// they mean (in English and German, the two languages that names have come in so far), and compared with
// what stands on the map and on the default maps. A suggestion is only ever offered, with its reason.
import { touchpointsOf } from './arrangement.ts'
import type { MapStage, MapTouchpoint, Suggestion } from './schema.ts'
import { templates } from './templates/templates.ts'

/** Word beginnings that mean the same about a customer's journey. */
const meanings: Record<string, string[]> = {
  deliver: ['deliver', 'liefer', 'geliefert', 'ausgeliefert', 'ausliefer', 'zustell', 'zugestellt', 'arriv'],
  ship: ['ship', 'dispatch', 'versand', 'versend', 'versandt', 'tracking', 'fulfil'],
  order: ['order', 'bestell', 'auftrag', 'purchas', 'kauf', 'gekauft', 'bought'],
  invoice: ['invoice', 'rechnung', 'billing', 'billed', 'receipt', 'quittung'],
  pay: ['payment', 'paid', 'pay', 'zahlung', 'bezahl', 'mahnung', 'dunning'],
  refund: ['refund', 'erstatt', 'gutschrift', 'reimburs', 'credit'],
  return: ['return', 'retour', 'rücksend', 'ruecksend', 'rueckgabe', 'rückgabe', 'exchange', 'umtausch'],
  cancel: ['cancel', 'storn', 'kündig', 'kuendig', 'widerruf'],
  complain: ['complain', 'beschwer', 'reklam', 'claim'],
  support: ['support', 'ticket', 'helpdesk', 'hotline', 'zendesk', 'intercom', 'incident', 'störung'],
  review: ['review', 'bewert', 'rezension', 'rating', 'rated', 'trustpilot', 'stars'],
  survey: ['survey', 'umfrage', 'nps', 'csat', 'feedback', 'befrag', 'questionnaire'],
  answer: ['answer', 'respon', 'antwort', 'beantwort', 'repl'],
  newsletter: ['newsletter', 'mailing', 'campaign', 'rundbrief', 'kampagne'],
  proposal: ['proposal', 'quote', 'quotation', 'estimate', 'kostenvoranschlag'],
  offer: ['offer', 'angebot', 'promo', 'discount', 'rabatt', 'coupon', 'voucher', 'gutschein'],
  meeting: ['meeting', 'besprech', 'beratung', 'consult', 'termin', 'appointment', 'demo'],
  visit: ['visit', 'besuch', 'showroom', 'store', 'filiale', 'ausstellung'],
  call: ['call', 'anruf', 'telefon', 'phone'],
  assemble: ['assembl', 'montage', 'montier', 'aufbau', 'install', 'fitting', 'fitted', 'einbau', 'setup'],
  renew: ['renew', 'verläng', 'verlaeng', 'erneuer', 'rebill', 'extend'],
  refer: ['refer', 'empfehl', 'empfohl', 'recommend', 'invite', 'friend', 'weiterempf'],
  delay: ['delay', 'verspät', 'verspaet', 'verzöger', 'verzug', 'postpon', 'late'],
  basket: ['cart', 'basket', 'warenkorb', 'bag'],
  checkout: ['checkout', 'kasse'],
  search: ['search', 'suche', 'gesucht'],
  product: ['product', 'produkt', 'artikel', 'item', 'sku'],
  login: ['login', 'logged', 'signin', 'session'],
  advert: ['advert', 'anzeige', 'werb', 'impression', 'click', 'ad', 'ads'],
  thank: ['thank', 'dank', 'gift', 'geschenk'],
  confirm: ['confirm', 'bestätig', 'bestaetig', 'acknowledg'],
  help: ['help', 'hilfe', 'faq', 'article', 'manual', 'anleitung'],
  chat: ['chat', 'whatsapp', 'message', 'nachricht'],
  contract: ['contract', 'vertrag', 'subscri', 'abo', 'membership', 'mitglied'],
  enquire: ['enquir', 'inquir', 'anfrage', 'lead', 'contactform', 'question', 'frage'],
  repair: ['repair', 'reparatur', 'warrant', 'garantie', 'gewährleist', 'spare'],
  train: ['training', 'schulung', 'onboard', 'welcome', 'willkommen', 'kickoff'],
  trial: ['trial', 'probe', 'test'],
}
const papers = ['invoice', 'proposal', 'offer', 'newsletter', 'survey', 'confirm', 'contract']
/** Words that say little about where something belongs. */
const light = new Set(
  'sent made received completed created updated viewed new customer user event status changed the a of to on in by wurde ist neu kunde gesendet erhalten erstellt'.split(
    ' ',
  ),
)

export interface Event {
  name: string
  channels: string[]
}

/** At most three places for an event, the likeliest first. */
export function suggest(event: Event, stages: readonly MapStage[]): Suggestion[] {
  const words = meaningsOf(event.name)
  const onMap = stages
    .flatMap((stage) => stage.touchpoints.map((touchpoint) => ({ stage, touchpoint })))
    .map(({ stage, touchpoint }) => ({ stage, touchpoint, ...likeness(words, event, touchpoint) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((a, b) => b.score - a.score)
    .map(({ stage, touchpoint, why, score }) => ({
      score,
      suggestion: {
        touchpointId: touchpoint.id,
        touchpoint: touchpoint.name,
        stage: stage.name,
        add: null,
        why,
      } satisfies Suggestion,
    }))
  const known = fromTemplates(words, event, stages)
  const all = [...onMap, ...(known ? [known] : [])].toSorted((a, b) => b.score - a.score)
  const seen = new Set<string>()
  return all
    .map(({ suggestion }) => suggestion)
    .filter(({ touchpoint }) => !seen.has(touchpoint) && seen.add(touchpoint))
    .slice(0, 3)
}

/** What a default map does with such an event, in terms of this map: the touchpoint of that name, or one to make. */
function fromTemplates(
  words: Set<string>,
  event: Event,
  stages: readonly MapStage[],
): { score: number; suggestion: Suggestion } | undefined {
  const best = Object.values(templates)
    .flatMap((template) => template.stages)
    .flatMap((stage) => stage.touchpoints.map((touchpoint) => ({ stage, touchpoint })))
    .map(({ stage, touchpoint }) => ({ stage, touchpoint, ...likeness(words, event, touchpoint) }))
    .toSorted((a, b) => b.score - a.score)[0]
  if (!best || best.score < 0.6) return undefined
  const same = touchpointsOf(stages).find(
    (each) => each.name.toLowerCase() === best.touchpoint.name.toLowerCase(),
  )
  const stage =
    stages.find((each) => each.name.toLowerCase() === best.stage.name.toLowerCase()) ??
    stages.findLast((each) => each.side === best.stage.side)
  if (same) {
    const home = stages.find((each) => each.touchpoints.includes(same))
    return {
      score: best.score,
      suggestion: {
        touchpointId: same.id,
        touchpoint: same.name,
        stage: home?.name ?? '',
        add: null,
        why: best.why,
      },
    }
  }
  if (!stage) return undefined
  return {
    // A little less than an equally good place that is there already.
    score: best.score - 0.15,
    suggestion: {
      touchpointId: null,
      touchpoint: best.touchpoint.name,
      stage: stage.name,
      add: { stageId: stage.id, by: best.touchpoint.by, purpose: best.touchpoint.purpose },
      why: 'a usual moment that your map has no place for yet',
    },
  }
}

function likeness(
  words: Set<string>,
  event: Event,
  touchpoint: MapTouchpoint,
): { score: number; why: string } {
  const byName = {
    score: 0.9 * overlap(words, meaningsOf(touchpoint.name)),
    why: 'the names are alike',
  }
  const bySibling = touchpoint.rules
    .filter((rule) => rule.event && !rule.path && rule.event.replace('*', '').trim().length > 3)
    .map((rule) => ({
      score: overlap(words, meaningsOf(rule.event ?? '')),
      why: `“${rule.event}” is placed there`,
    }))
    .toSorted((a, b) => b.score - a.score)[0]
  const best = bySibling && bySibling.score >= byName.score ? bySibling : byName
  const sameChannel = touchpoint.channel !== null && event.channels.includes(touchpoint.channel.toLowerCase())
  return { ...best, score: best.score === 0 ? 0 : best.score + (sameChannel ? 0.1 : 0) }
}

/** Share of meaning that two names have in common, 0 to 1 (Dice, words that say little count a quarter). */
function overlap(a: Set<string>, b: Set<string>): number {
  const weight = (words: Iterable<string>) =>
    [...words].reduce((sum, word) => sum + (light.has(word) ? 0.25 : 1), 0)
  const all = weight(a) + weight(b)
  const common = [...a].filter((word) => b.has(word))
  // Only "sent" or "created" in common is nothing in common.
  if (all === 0 || common.every((word) => light.has(word))) return 0
  return (2 * weight(common)) / all
}

/** The words of a name, each replaced by what it means: "orderShipped", "order_shipped" and "Bestellung versandt" are alike. */
export function meaningsOf(name: string): Set<string> {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 1)
  const found = new Set(words.flatMap(meaningsOfWord))
  // "Rechnung versendet", "invoice dispatched": paper is sent, goods are shipped.
  if (found.has('ship') && papers.some((paper) => found.has(paper))) {
    found.delete('ship')
    found.add('sent')
  }
  return found
}

function meaningsOfWord(word: string): string[] {
  const found = Object.entries(meanings).flatMap(([meaning, beginnings]) =>
    beginnings.some((beginning) =>
      // Short beginnings would match by chance ("ad" in "added"); long ones are found inside compounds.
      beginning.length < 4
        ? word === beginning
        : word.startsWith(beginning) || (beginning.length > 5 && word.includes(beginning)),
    )
      ? [meaning]
      : [],
  )
  return found.length > 0 ? found : [word]
}
