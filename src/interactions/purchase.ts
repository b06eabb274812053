import type { IncomingPurchase } from './schema.ts'

type Kind = IncomingPurchase['kind']
type Change = Omit<IncomingPurchase, 'kind' | 'key'>

/**
 * The purchase that an event is about, with what the event changes in it: by the id in its properties
 * (order_id, project_id, contract_id, subscription_id) and by the event's name.
 * Undefined when the event names no purchase.
 */
export function purchaseOf(
  name: string,
  at: Date,
  properties: Record<string, unknown>,
  currency: string,
): IncomingPurchase | undefined {
  for (const [kind, id, called] of kinds) {
    const raw = properties[id]
    if (typeof raw !== 'string' && typeof raw !== 'number') continue
    const key = String(raw).trim()
    if (key === '' || key.length > 200) continue
    const change = changes[name.toLowerCase()]?.(at) ?? {}
    const renewsAt = dateOf(properties['renews_at'] ?? properties['renewal_date'])
    const label = properties[called] ?? properties['product_name'] ?? firstProduct(properties)
    return {
      kind,
      key,
      ...change,
      ...(change.state === 'sold' || change.state === 'proposed' || change.state === 'renewed'
        ? worthOf(properties, currency)
        : {}),
      ...(typeof label === 'string' && change.state === 'sold' ? { name: label.slice(0, 200) } : {}),
      ...(renewsAt ? { renewsAt } : {}),
    }
  }
  return undefined
}

const kinds = (['order', 'project', 'contract', 'subscription'] as const).map(
  (kind): [kind: Kind, id: string, called: string] => [kind, `${kind}_id`, `${kind}_name`],
)

const sold = (at: Date): Change => ({ state: 'sold', soldAt: at })
const delivered = (at: Date): Change => ({ state: 'delivered', deliveredAt: at })
const renewed = (): Change => ({ state: 'renewed' })
const ended = (at: Date): Change => ({ state: 'ended', endedAt: at })
const cancelled = (at: Date): Change => ({ state: 'cancelled', endedAt: at })

const changes: Record<string, (at: Date) => Change> = {
  'order completed': sold,
  'order placed': sold,
  'project ordered': sold,
  'project sold': sold,
  'contract signed': sold,
  'subscription started': sold,
  'order delivered': delivered,
  'project completed': delivered,
  'contract renewed': renewed,
  'subscription renewed': renewed,
  'contract ended': ended,
  'subscription ended': ended,
  'order cancelled': cancelled,
  'project cancelled': cancelled,
  'contract cancelled': cancelled,
  'subscription cancelled': cancelled,
}

function worthOf(
  properties: Record<string, unknown>,
  fallback: string,
): Pick<Change, 'valueMinor' | 'currency'> {
  const amount = Number(properties['total'] ?? properties['revenue'] ?? properties['value'] ?? Number.NaN)
  if (!Number.isFinite(amount) || Math.abs(amount) > 1e12) return {}
  const given = properties['currency']
  const currency = typeof given === 'string' && /^[a-z]{3}$/i.test(given) ? given.toUpperCase() : fallback
  return { valueMinor: Math.round(amount * 10 ** minorDigits(currency)), currency }
}

/** Digits of the minor unit of an ISO 4217 currency: 2 for EUR, 0 for JPY. */
export function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency)
  if (digits === undefined) {
    try {
      digits =
        new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
          .maximumFractionDigits ?? 2
    } catch {
      digits = 2
    }
    digitsByCurrency.set(currency, digits)
  }
  return digits
}
const digitsByCurrency = new Map<string, number>()

function firstProduct(properties: Record<string, unknown>): unknown {
  const products = properties['products']
  if (!Array.isArray(products) || products.length === 0) return undefined
  const first: unknown = products[0]
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>)['name'] : undefined
}

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date
}
