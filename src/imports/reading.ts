import { sql } from 'kysely'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { Recipe } from './schema.ts'
// How times, numbers and phone numbers are read.

export interface Reading {
  recipe: string
  zone: string
  currency: string
  country: string
  dates: 'day-first' | 'month-first'
  numbers?: 'point' | 'comma'
  /** When the import was asked for: the time of everything that says none. */
  now: Date
}

/** How a recipe's times, numbers and phone numbers are read in this workspace. */
export async function readingOf(store: Store, recipe: Recipe, now: Date): Promise<Reading> {
  const workspace = await row(
    store.db,
    sql<{ zone: string; currency: string; country: string }>`
      select time_zone as zone, currency, country
      from workspace`,
  )
  return {
    recipe: recipe.name,
    zone: recipe.time_zone ?? workspace?.zone ?? 'UTC',
    currency: recipe.currency ?? workspace?.currency ?? 'EUR',
    country: workspace?.country ?? 'DE',
    dates: recipe.dates ?? 'day-first',
    ...(recipe.numbers ? { numbers: recipe.numbers } : {}),
    now,
  }
}
