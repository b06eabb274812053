import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { Jobs } from '../src/store/jobs.ts'
import { Load } from '../src/store/load.ts'
import { Projection } from '../src/store/projection.ts'
import type { Store } from '../src/store/store.ts'
import { openStore } from '../src/system.ts'

/** The store of a company that lies in a folder, with its projection, in this process; closed when the work is done. */
export async function withStore(
  dataFolder: string,
  work: (store: Store, projection: Projection) => Promise<void>,
): Promise<void> {
  const database = await openStore(readConfig({ data: dataFolder }), { migrate: true })
  const log = pino({ level: 'silent' })
  const file = join(dataFolder, 'projection.duckdb')
  const projection = await Projection.open({ file, pool: database.pool, log })
  try {
    const { db, pool, url } = database
    const jobs = new Jobs(url, () => {})
    await work({ db, pool, jobs, projection, load: new Load(), dataFolder, log }, projection)
  } finally {
    await projection.close()
    await database.close()
  }
}
