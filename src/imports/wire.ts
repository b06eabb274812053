import { z } from '@hono/zod-openapi'
import { columnMappingSchema } from './mapping.ts'
import type { ImportLine } from './queries.ts'

const tally = {
  read: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
}

const fileReadSchema = z.object({
  file: z.string(),
  format: z.enum(['csv', 'jsonl', 'parquet', 'xlsx']),
  rows: z.number().int(),
  refused: z.number().int(),
  lines: z.number().int(),
  continued: z.number().int().describe('Lines that belong to a quoted cell of the line before'),
  encoding: z.string().optional(),
  delimiter: z.string().optional(),
  sheet: z.string().optional(),
  sheets: z.array(z.string()).optional(),
  notes: z.array(z.string()),
})

export const importSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    recipe: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone']),
    stopping: z.boolean(),
    step: z.string(),
    done: z.number().int(),
    total: z.number().int().describe('0 while it is not known'),
    files: z.array(
      z.object({
        file: z.string(),
        rows: z.number().int(),
        refused: z.number().int(),
        lines: z.number().int(),
        encoding: z.string().nullable(),
        delimiter: z.string().nullable(),
        sheet: z.string().nullable(),
        notes: z.array(z.string()),
      }),
    ),
    counts: z.object({ ...tally, unreadable: z.number().int() }),
    kinds: z.array(z.object({ kind: z.string(), ...tally })),
    error: z.string().nullable(),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Import')

export const rejectSchema = z
  .object({
    id: z.number().int(),
    file: z.string(),
    line: z.number().int(),
    reason: z.string(),
    row: z.unknown(),
  })
  .openapi('RejectedRow')

export const fileLookSchema = z
  .object({
    file: z.string(),
    bytes: z.number().int(),
    read: fileReadSchema.describe('Of the first 1,000 rows'),
    columns: z.array(
      z.object({
        name: z.string(),
        filled: z.number().int(),
        distinct: z.number().int(),
        holds: z.enum(['email', 'phone', 'date', 'time', 'number', 'text', 'words', 'nothing']),
        samples: z.array(z.string()),
        ambiguousDates: z.boolean(),
      }),
    ),
    guess: z.object({
      columns: z.array(columnMappingSchema),
      dates: z.enum(['day-first', 'month-first']),
      datesAmbiguous: z.boolean(),
      numbers: z.enum(['point', 'comma']).optional(),
      spread: z.boolean(),
    }),
    rows: z.array(z.object({ line: z.number().int(), cells: z.array(z.string().nullable()) })),
  })
  .openapi('FileLook')

const pairs = z.array(z.tuple([z.string(), z.string()]))

export const previewSchema = z
  .object({
    recipe: z.string(),
    looked: z.number().int(),
    made: z.record(z.string(), z.number().int()),
    rejected: z.array(z.object({ reason: z.string(), rows: z.number().int(), line: z.number().int() })),
    unplaced: z.array(z.string()).describe('Events that the map has no place for yet'),
    cards: z.array(
      z.object({
        file: z.string(),
        line: z.number().int(),
        customer: z
          .object({ known: z.array(z.string()), name: z.string().nullable(), traits: pairs })
          .nullable(),
        interactions: z.array(
          z.object({
            event: z.string(),
            at: z.iso.datetime(),
            touchpoint: z.string().nullable(),
            channel: z.string(),
            rating: z.string().nullable(),
            words: z.string().nullable(),
            properties: pairs,
          }),
        ),
        purchases: z.array(
          z.object({
            kind: z.string(),
            key: z.string(),
            state: z.string().nullable(),
            value: z.number().int().nullable().describe('Minor units'),
            currency: z.string().nullable(),
          }),
        ),
        promises: z.array(z.object({ statement: z.string(), due: z.string() })),
        voice: z
          .object({
            author: z.string().nullable(),
            source: z.string(),
            words: z.string(),
            rating: z.string().nullable(),
          })
          .nullable(),
        rejected: z.array(z.string()),
      }),
    ),
  })
  .openapi('ImportPreview')

export function lineOf(line: ImportLine): z.infer<typeof importSchema> {
  const progress = line.progress
  const counts = line.counts
  return {
    id: line.id,
    name: line.name,
    recipe: line.source.replace('import:', ''),
    state: line.state,
    stopping: line.cancelAsked,
    step: progress.step ?? 'waiting',
    done: progress.done ?? 0,
    total: progress.total ?? 0,
    files: (progress.files ?? []).map(
      ({ file, rows, refused, lines, encoding, delimiter, sheet, notes }) => ({
        file,
        rows,
        refused,
        lines,
        encoding: encoding ?? null,
        delimiter: delimiter ?? null,
        sheet: sheet ?? null,
        notes,
      }),
    ),
    counts: {
      read: counts.read ?? 0,
      created: counts.created ?? 0,
      updated: counts.updated ?? 0,
      unchanged: counts.unchanged ?? 0,
      rejected: counts.rejected ?? 0,
      unreadable: counts.unreadable ?? 0,
    },
    kinds: Object.entries(counts.kinds ?? {}).map(([kind, tally]) => ({ kind, ...tally })),
    error: line.error,
    createdBy: line.createdBy,
    createdAt: line.createdAt.toISOString(),
    startedAt: line.startedAt?.toISOString() ?? null,
    finishedAt: line.finishedAt?.toISOString() ?? null,
  }
}
