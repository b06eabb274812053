import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { defineQuestion } from '../asking/kind.ts'
import { dayMicros, readScope } from '../question.ts'
import { compare } from './compared.ts'
import { listImprovements } from './logged.ts'
import { type DayRow, experienceByDay, keptByDay } from './questions.ts'
import { improvementsQuery, improvementsSchema } from './schema.ts'
import { improvementsSheets } from './sheets.ts'
import { falseAlarmsAYear, subjectsOf, watchAll } from './watching.ts'
import { improvementsWords } from './words.ts'

/** What came of what was changed, and what has turned without anybody's doing. */
export const improvements = defineQuestion({
  name: 'improvements',
  title: 'Improvements',
  summary: 'What was changed, before against after; and what has turned, at touchpoints and in promises',
  asked: improvementsQuery,
  answer: improvementsSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    const felt = await asking.rows<DayRow>('How good it was, by touchpoint and day', experienceByDay(scope))
    const kept = await asking.rows<DayRow>('Promises kept, by promise and day', keptByDay(scope))
    const logged = await listImprovements(asking.store.db)
    const until = Math.floor(scope.asOf / dayMicros)
    const said = felt.filter(({ evidence }) => evidence === 1)
    const answer = {
      asked: scope.asked,
      days: asked.days,
      improvements: logged.map((each) =>
        compare(
          each,
          (each.kind === 'promise' ? kept : felt).filter(({ about }) => about === each.aboutId),
          asked.days,
          until,
        ),
      ),
      watched: watchAll(
        [
          ...subjectsOf(said, await names(asking.store, 'touchpoints'), 'touchpoint', 'experience'),
          ...subjectsOf(kept, await names(asking.store, 'expectation_rules'), 'promise', 'kept'),
        ],
        until,
      ),
      falseAlarmsAYear,
    }
    return { ...answer, statements: improvementsWords(answer) }
  },
  sheets: improvementsSheets,
})

async function names(store: Store, table: 'touchpoints' | 'expectation_rules'): Promise<Map<number, string>> {
  const found = await rows(
    store.db,
    sql<{ id: number; name: string }>`select id, name from ${sql.table(table)}`,
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}
