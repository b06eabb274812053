import pg from 'pg'
import { isCopy, runCopy } from './copy-in.ts'
import { named } from './kept-statements.ts'

/** A connection that keeps marked statements (kept-statements.ts) and copies rows in (copy-in.ts). */
export class Connection extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const query = this.query.bind(this) as (...given: unknown[]) => unknown
    this.query = ((...given: unknown[]) => {
      const [text, values, ...rest] = given
      if (isCopy(text)) return runCopy(query, text, values as Buffer[])
      const kept = named(text, values)
      return kept ? query(kept, ...rest) : query(...given)
    }) as typeof this.query
  }
}
