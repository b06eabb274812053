import type { PoolClient } from 'pg'
import type { Store } from '../../store/store.ts'
import type { QuestionFile } from '../asking/kind.ts'
import { readScope, type ScopeQuery } from '../question.ts'
import type { CaseKind, Journeys } from './cases.ts'
import { ocel } from './ocel.ts'
import { xes } from './xes.ts'

type Asked = ScopeQuery & { case: CaseKind }

/** The journeys as files that process-mining tools open. */
export const flowsFiles: QuestionFile[] = [
  {
    ending: 'xes',
    option: 'xes',
    title: 'Event log (XES 2.0)',
    summary: 'Every journey as an event log for process-mining tools: XES 2.0 (IEEE 1849-2023)',
    type: 'application/xml; charset=utf-8',
    write: (store, asked) => inSnapshot(store, asked as Asked, xes),
  },
  {
    ending: 'ocel.json',
    option: 'ocel',
    title: 'Object-centric event log (OCEL 2.0)',
    summary:
      'Every step with its customer and purchase, for object-centric process mining: OCEL 2.0, as JSON',
    type: 'application/json',
    write: (store, asked) => inSnapshot(store, asked as Asked, ocel),
  },
]

type Writing = (client: PoolClient, journeys: Journeys) => AsyncGenerator<string>

/** Writes from one snapshot of the database; whoever stops reading ends it. */
async function* inSnapshot(store: Store, asked: Asked, write: Writing): AsyncGenerator<string> {
  const journeys = { scope: await readScope(store, asked), of: asked.case }
  const client = await store.pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    yield* write(client, journeys)
  } finally {
    await client.query('rollback').catch(() => {})
    client.release()
  }
}
