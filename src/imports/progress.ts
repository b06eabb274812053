import type { FileRead } from './loading.ts'
import type { Kind } from './schema.ts'
import type { StagedColumn } from './sqltext.ts'

export const steps = ['waiting', 'reading', 'arranging', 'recording', 'finishing', 'undoing'] as const
export type Step = (typeof steps)[number]

/** One SELECT's rows, lying ready in the workbench. */
export interface Stage {
  kind: Kind
  table: string
  columns: StagedColumn[]
  rows: number
}

/** How far an import is; saved in the transaction of each batch, so that a killed one takes up where it was. */
export interface Progress {
  step: Step
  done: number
  total: number
  files: FileRead[]
  /** Set once the rows lie ready: from here on a restart reads no file again. */
  stages?: Stage[]
  /** The stage and row recorded last. */
  at?: { stage: number; row: number }
  /** Unexpected ends so far; after a few the import is given up. */
  tries?: number
}

/** An import as its run sees it. */
export interface ImportRow {
  id: number
  recipe: string
  source: string
  folder: string
  state: string
  progress: Progress
  counts: Counts
  createdAt: Date
}

export interface Tally {
  read: number
  created: number
  updated: number
  unchanged: number
  rejected: number
}

/** Every row read is one of created, updated, unchanged, rejected: the four add up to `read`. */
export interface Counts extends Tally {
  /** Of these, lines that could not be read as rows at all. */
  unreadable: number
  kinds: Partial<Record<Kind, Tally>>
}

export function noCounts(): Counts {
  return { ...noTally(), unreadable: 0, kinds: {} }
}

export function noTally(): Tally {
  return { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 }
}

export function addTo(counts: Counts, kind: Kind, more: Tally): Counts {
  const before = counts.kinds[kind] ?? noTally()
  return {
    ...sum(counts, more),
    unreadable: counts.unreadable,
    kinds: { ...counts.kinds, [kind]: sum(before, more) },
  }
}

function sum(a: Tally, b: Tally): Tally {
  return {
    read: a.read + b.read,
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    rejected: a.rejected + b.rejected,
  }
}
