// Statements that recording runs again and again: each connection parses and plans them once. That saves
// a quarter of PostgreSQL's work when events come in. Others are planned for their parameters each time.
import { CompiledQuery, type KyselyPlugin, type RawNode, type RootOperationNode } from 'kysely'
import type pg from 'pg'

const mark = '/* kept */ '
/** Names by text, the same on every connection of this process. */
const names = new Map<string, string>()

/** Marks every statement run through `db.withPlugin(keepStatements)`. Their texts must be few. */
export const keepStatements: KyselyPlugin = {
  transformQuery: ({ node }): RootOperationNode => {
    if (node.kind !== 'RawNode') return node
    const [first = '', ...rest] = (node as RawNode).sqlFragments
    return first.startsWith(mark) ? node : { ...(node as RawNode), sqlFragments: [mark + first, ...rest] }
  },
  transformResult: async ({ result }) => result,
}

/** The same for a statement that comes as text. */
export function keptQuery(text: string, values: unknown[]): CompiledQuery<Record<string, unknown>> {
  return CompiledQuery.raw(mark + text, values) as CompiledQuery<Record<string, unknown>>
}

/** A marked statement with the name by which PostgreSQL keeps it; undefined when it isn't marked. */
export function named(text: unknown, values: unknown): pg.QueryConfig | undefined {
  return typeof text === 'string' && text.startsWith(mark)
    ? { name: nameOf(text), text, values: values as unknown[] }
    : undefined
}

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `kept_${names.size + 1}`
  names.set(text, name)
  return name
}
