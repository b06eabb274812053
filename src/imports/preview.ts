// What the first rows will become, worked out by the very code that imports them; nothing is recorded.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { purchaseOf } from '../interactions/interactions.ts'
import { compilePlacing, loadMap, type Place } from '../journey/journey.ts'
import { Invalid } from '../lib/errors.ts'
import type { Store } from '../store/store.ts'
import { matchFiles } from './files.ts'
import { withWorkbench } from './look.ts'
import { type Reading, readingOf } from './reading.ts'
import { parseRecipe } from './recipe.ts'
import { type MadeRow, rowReader } from './rows.ts'
import { kinds, type Recipe } from './schema.ts'
import { uploadFolder } from './uploads.ts'

const sampled = 2_000
const shown = 6
const longest = 20_000

export interface PreviewCard {
  file: string
  line: number
  customer: { known: string[]; name: string | null; traits: [string, string][] } | null
  interactions: {
    event: string
    at: string
    touchpoint: string | null
    channel: string
    rating: string | null
    words: string | null
    properties: [string, string][]
  }[]
  purchases: {
    kind: string
    key: string
    state: string | null
    value: number | null
    currency: string | null
  }[]
  promises: { statement: string; due: string }[]
  voice: { author: string | null; source: string; words: string; rating: string | null } | null
  rejected: string[]
}

export interface Preview {
  cards: PreviewCard[]
  /** Of the rows looked at: how many things of each kind would be made, and how many rows refused. */
  looked: number
  made: Record<string, number>
  rejected: { reason: string; rows: number; line: number }[]
  /** Event names that the map has no place for yet. */
  unplaced: string[]
}

/** @throws Invalid when the recipe doesn't run on these files */
export async function previewImport(store: Store, upload: string, text: string): Promise<Preview> {
  const recipe = parseRecipe(text)
  const reading = await readingOf(store, recipe, new Date())
  const map = await loadMap(store.db)
  const place = compilePlacing(map.stages, map.touchpoints)
  const touchpoints = new Map(map.touchpoints.map((touchpoint) => [touchpoint.id, touchpoint.name]))
  const folder = join(uploadFolder(store, upload), 'files')
  const present = await readdir(folder)
  return withWorkbench(store, upload, async (bench) => {
    const timer = setTimeout(() => bench.interrupt(), longest)
    try {
      for (const [table, source] of Object.entries(recipe.sources)) {
        const files = matchFiles(source, table, present).map((name) => ({ name, path: join(folder, name) }))
        if (files.length === 0) await bench.loadNothing(table, source)
        // Joins need the other files whole, or they would find no partner.
        else
          await bench.load(table, source, files, {
            limit: Object.keys(recipe.sources).length === 1 ? sampled : 200_000,
          })
      }
      const rows: { kind: string; row: MadeRow }[] = []
      for (const kind of kinds)
        for (const [index, select] of (recipe[kind] ?? []).entries()) {
          const where = (recipe[kind]?.length ?? 0) > 1 ? `${kind}, SELECT ${index + 1}` : kind
          const stage = await bench.stage('preview', select, where, sampled)
          const read = rowReader(kind, stage.columns, reading)
          for (const { cells } of await bench.read('preview', 0, sampled))
            rows.push({ kind, row: read(cells) })
        }
      return arranged(rows, recipe, reading, (name, channel, properties) => {
        const id = place({ name, channel, properties } satisfies Parameters<Place>[0])
        return id === null ? null : (touchpoints.get(id) ?? null)
      })
    } catch (error) {
      if (/interrupt/i.test(String((error as Error).message)))
        throw new Invalid('A SELECT took longer than 20 seconds on the first rows. Make it simpler.')
      throw error
    } finally {
      clearTimeout(timer)
    }
  })
}

type TouchpointOf = (name: string, channel: string, properties: Record<string, unknown>) => string | null

function arranged(
  rows: { kind: string; row: MadeRow }[],
  recipe: Recipe,
  reading: Reading,
  touchpointOf: TouchpointOf,
): Preview {
  const cards = new Map<string, PreviewCard>()
  const made: Record<string, number> = {}
  const reasons = new Map<string, { reason: string; rows: number; line: number }>()
  const unplaced = new Set<string>()
  const lines = new Set<string>()
  for (const { kind, row } of rows) {
    const key = `${row.file}:${row.line}`
    lines.add(key)
    const card = cards.get(key) ?? {
      file: row.file,
      line: row.line,
      customer: null,
      interactions: [],
      purchases: [],
      promises: [],
      voice: null,
      rejected: [],
    }
    cards.set(key, card)
    if (row.made.kind === 'rejected') {
      card.rejected.push(row.made.reason)
      const plain = row.made.reason.replaceAll(/"[^"]*"/g, '"…"')
      const known = reasons.get(plain) ?? { reason: row.made.reason, rows: 0, line: row.line }
      known.rows += 1
      reasons.set(plain, known)
      continue
    }
    made[kind] = (made[kind] ?? 0) + 1
    fill(card, row, recipe, reading, touchpointOf, unplaced)
  }
  const sorted = [...cards.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
  // The fullest of the first cards say most; order of the file is kept.
  return {
    cards: sorted.slice(0, shown),
    looked: lines.size,
    made,
    rejected: [...reasons.values()].sort((a, b) => b.rows - a.rows).slice(0, 10),
    unplaced: [...unplaced].slice(0, 20),
  }
}

function fill(
  card: PreviewCard,
  row: MadeRow,
  recipe: Recipe,
  reading: Reading,
  touchpointOf: TouchpointOf,
  unplaced: Set<string>,
): void {
  const { made } = row
  if (made.kind === 'voice') {
    const { author, source, words, properties } = made.voice
    card.voice = { author: author ?? null, source, words, rating: ratingIn(properties ?? {}) }
    return
  }
  if (made.kind === 'expectation') {
    card.promises.push({ statement: made.expectation.statement, due: textOf(made.expectation.due ?? '') })
    return
  }
  if (made.kind === 'rejected') return
  const { incoming } = made
  const known = incoming.identities.filter(({ kind }) => kind !== 'order').map(({ value }) => value)
  card.customer ??= { known, name: null, traits: [] }
  for (const value of known) if (!card.customer.known.includes(value)) card.customer.known.push(value)
  const traits = {
    ...incoming.traits,
    ...(incoming.company?.traits ? { company: incoming.company.traits['name'] } : {}),
  }
  for (const [name, value] of Object.entries(traits))
    if (name === 'name') card.customer.name = textOf(value)
    else card.customer.traits.push([name, textOf(value)])
  const properties = incoming.properties ?? {}
  const purchase =
    incoming.purchase ??
    (incoming.name === undefined
      ? undefined
      : purchaseOf(incoming.name, incoming.at, properties, reading.currency))
  if (purchase) {
    const known = card.purchases.find(({ key }) => key === purchase.key)
    const entry = known ?? {
      kind: purchase.kind,
      key: purchase.key,
      state: null,
      value: null,
      currency: null,
    }
    entry.state = purchase.state ?? entry.state
    entry.value = purchase.valueMinor ?? entry.value
    entry.currency = purchase.currency ?? entry.currency
    if (!known) card.purchases.push(entry)
  }
  if (incoming.name === undefined) return
  const touchpoint = touchpointOf(incoming.name, incoming.channel ?? '', properties)
  if (touchpoint === null) unplaced.add(incoming.name)
  card.interactions.push({
    event: incoming.name,
    at: incoming.at.toISOString(),
    touchpoint,
    channel: incoming.channel ?? '',
    rating: ratingIn(properties),
    words: incoming.words ?? null,
    properties: Object.entries(properties)
      .filter(([name]) => !/^rating(_min|_max)?$/.test(name))
      .map(([name, value]) => [name, textOf(value)]),
  })
  for (const promise of recipe.promises ?? []) {
    const [term] = promise.rule.due
    if (
      promise.rule.opened.event?.toLowerCase() !== incoming.name.toLowerCase() ||
      !term ||
      !('property' in term)
    )
      continue
    const due = properties[term.property]
    if (due !== undefined) card.promises.push({ statement: promise.name, due: textOf(due) })
  }
}

function ratingIn(properties: Record<string, unknown>): string | null {
  const { rating, rating_min: low, rating_max: high } = properties
  return rating === undefined ? null : `${textOf(rating)} on ${textOf(low ?? 1)} to ${textOf(high ?? 5)}`
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return (text ?? '').slice(0, 300)
}
