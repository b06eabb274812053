// Which touchpoints and steps of a flow are drawn: all, or the most met with the others of each stage as one.

export interface FlowStage {
  id: string
  name: string
  side: 'before' | 'after'
}
export interface FlowPlace {
  id: string
  name: string
  stageId: string
}
export interface FlowLink {
  from: string
  to: string
  /** How many times the one was followed by the other. */
  n: number
  /** Of all that followed on `from`, 0 to 1. */
  share: number | null
  /** "3 days" */
  wait?: string
}
export interface FlowInput {
  /** In the order of the map. */
  stages: FlowStage[]
  /** In the order of the map. */
  places: FlowPlace[]
  links: FlowLink[]
  /** How many touchpoints at most have a name of their own; the others of a stage stand together. */
  most?: number
  /** How many steps at most are drawn, the commonest first; 90 unless told. Each touchpoint keeps its commonest. */
  mostLinks?: number
}

export interface Gathered {
  stages: FlowStage[]
  places: FlowPlace[]
  links: FlowLink[]
  /** Touchpoints without a name of their own, and steps that aren't drawn. */
  gatheredPlaces: number
  hiddenLinks: number
}

const others = 'others of '
export function isOthers(id: string): boolean {
  return id.startsWith(others)
}

/** Only what is met; steps of gathered touchpoints are added up. */
export function gather(input: FlowInput): Gathered {
  const { stages, links } = input
  const met = new Map<string, number>()
  for (const link of links) for (const id of [link.from, link.to]) met.set(id, (met.get(id) ?? 0) + link.n)
  const places = input.places.filter((place) => met.has(place.id))
  const most = input.most ?? places.length
  if (places.length <= most)
    return { stages, places, ...commonest(links.filter(known(places)), input.mostLinks), gatheredPlaces: 0 }

  const named = new Set(
    [...places]
      .sort((a, b) => (met.get(b.id) ?? 0) - (met.get(a.id) ?? 0))
      .slice(0, most)
      .map((place) => place.id),
  )
  const shown: FlowPlace[] = []
  const stands = new Map<string, string>()
  for (const stage of stages) {
    const own = places.filter((place) => place.stageId === stage.id)
    const rest = own.filter((place) => !named.has(place.id))
    shown.push(...own.filter((place) => named.has(place.id)))
    // one that would stand for itself alone keeps its name
    const [only] = rest
    if (rest.length === 1 && only) shown.push(only)
    else if (rest.length > 1)
      shown.push({ id: others + stage.id, name: `${rest.length} others`, stageId: stage.id })
    for (const place of rest) stands.set(place.id, rest.length === 1 ? place.id : others + stage.id)
  }
  const sums = new Map<string, FlowLink>()
  for (const link of links) {
    const from = stands.get(link.from) ?? link.from
    const to = stands.get(link.to) ?? link.to
    const key = JSON.stringify([from, to])
    const sum = sums.get(key)
    // a share of several that were added up isn't one of the touchpoint any more
    const gathered = isOthers(from) || isOthers(to)
    sums.set(
      key,
      sum
        ? { from, to, n: sum.n + link.n, share: null }
        : { ...link, from, to, ...(gathered ? { share: null } : {}) },
    )
  }
  return {
    stages,
    places: shown,
    ...commonest([...sums.values()].filter(known(shown)), input.mostLinks),
    gatheredPlaces: places.length - shown.filter((place) => !isOthers(place.id)).length,
  }
}

/** The commonest steps, and of each touchpoint the commonest that leads on: none stands there as if nothing followed. */
function commonest(links: FlowLink[], most = 90): { links: FlowLink[]; hiddenLinks: number } {
  if (links.length <= most) return { links, hiddenLinks: 0 }
  const sorted = [...links].sort((a, b) => b.n - a.n)
  const led = new Set<string>()
  const kept = sorted.filter((link, index) => {
    const first = !led.has(link.from)
    led.add(link.from)
    return index < most || first
  })
  return { links: kept, hiddenLinks: links.length - kept.length }
}

function known(places: FlowPlace[]): (link: FlowLink) => boolean {
  const ids = new Set(places.map((place) => place.id))
  return (link) => ids.has(link.from) && ids.has(link.to)
}
