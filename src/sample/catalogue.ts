// What the sample company sells and who works there.
import type { Language, Region } from './people.ts'

export interface Piece {
  sku: string
  name: string
  /** As customers call it. */
  called: Record<Language, string>
  /** Made to order in the workshop; the rest comes from stock. */
  made: boolean
  /** Median price in euros. */
  price: number
  share: number
  /** Share of orders that fitters put up, as a multiple of the usual one. */
  fitting: number
}

export const pieces: Piece[] = [
  {
    sku: 'T-OAK',
    name: 'Oak dining table',
    called: { en: 'table', de: 'Tisch', nl: 'tafel', fr: 'table' },
    made: true,
    price: 2140,
    share: 0.3,
    fitting: 0.8,
  },
  {
    sku: 'W-OAK',
    name: 'Wardrobe to measure',
    called: { en: 'wardrobe', de: 'Schrank', nl: 'kast', fr: 'armoire' },
    made: true,
    price: 3650,
    share: 0.18,
    fitting: 2,
  },
  {
    sku: 'K-OAK',
    name: 'Kitchen block',
    called: { en: 'kitchen', de: 'Küchenblock', nl: 'keuken', fr: 'cuisine' },
    made: true,
    price: 8900,
    share: 0.11,
    fitting: 2.3,
  },
  {
    sku: 'S-OAK',
    name: 'Sideboard',
    called: { en: 'sideboard', de: 'Schrank', nl: 'dressoir', fr: 'buffet' },
    made: true,
    price: 1480,
    share: 0.15,
    fitting: 0.5,
  },
  {
    sku: 'C-ASH',
    name: 'Set of chairs',
    called: { en: 'chair', de: 'Stuhl', nl: 'stoel', fr: 'chaise' },
    made: false,
    price: 620,
    share: 0.16,
    fitting: 0.2,
  },
  {
    sku: 'B-ASH',
    name: 'Reading bench',
    called: { en: 'bench', de: 'Hocker', nl: 'bank', fr: 'banc' },
    made: false,
    price: 390,
    share: 0.1,
    fitting: 0.2,
  },
]

export const advisers: Record<Region, string[]> = {
  north: ['Anna', 'Jonas', 'Leyla', 'Ole'],
  south: ['Theresa', 'Milan', 'Vroni'],
  west: ['Sophie', 'Joost', 'Karim'],
}

export const campaigns = ['Tables that last', 'Spring kitchens', 'The oak next door', 'Made by the harbour']

export const pages = [
  ['Tables', '/tables'],
  ['Guide: tables that last', '/guides/tables-that-last'],
  ['Guide: caring for oak', '/guides/caring-for-oak'],
  ['Wardrobes', '/wardrobes'],
  ['Kitchens', '/kitchens'],
  ['Delivery times', '/delivery'],
  ['Workshop', '/workshop'],
  ['Prices', '/prices'],
] as const

export const declined = [
  { item: 'too expensive', share: 0.4 },
  { item: 'takes too long', share: 0.22 },
  { item: 'bought elsewhere', share: 0.2 },
  { item: 'plans changed', share: 0.12 },
  { item: 'style does not fit', share: 0.06 },
]

/** Enquiries that never fitted what the company makes. */
export const unfitting = ['garden furniture', 'repairs of old pieces', 'upholstery', 'rental furniture']
