import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Db } from './database.ts'
import type { Jobs } from './jobs.ts'
import type { Load } from './load.ts'
import type { Projection } from './projection.ts'

/** Where facts are kept, counted and worked on: what every verb and query is handed. */
export interface Store {
  db: Db
  /** The same database, for COPY streams and other things that need a raw connection. */
  pool: Pool
  jobs: Jobs
  /** Undefined in a process that only works on jobs: `serve` alone owns the projection. */
  projection: Projection | undefined
  /** How much is coming in; background work gives way to it. */
  load: Load
  /** Folder for uploads, backups and the projection's file. */
  dataFolder: string
  log: Logger
}
