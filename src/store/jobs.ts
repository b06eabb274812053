// Jobs live in Postgres and are enqueued in the transaction that records the fact: either both are there
// or neither. A job may run twice (kill -9 between work and completion), so every handler is idempotent.
//
// A worker drains a few hundred jobs a second: enqueue one job per committed batch, never one per event.
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { type Db, row, rows } from './database.ts'
import { keptQuery } from './kept-statements.ts'
import { Load } from './load.ts'

export interface JobOptions {
  /** How many waiting payloads one call of the handler takes together. Default 1. */
  batch?: number
  /** Seconds after which a run is given up and tried again. Default 900. */
  expireIn?: number
  /** Tries after the first. Default 5, with growing pauses. */
  retries?: number
  /** A cron line, in UTC: the job also runs by itself, once over all processes. */
  every?: string
}

/** Counts as so many milliseconds of work done (see Load) before a job begins. */
const floodPause = 2_500

type Handler = (payloads: object[]) => Promise<void>

interface Registration {
  options: JobOptions
  handler: Handler
}

export class Jobs {
  private readonly boss: PgBoss
  private readonly registrations = new Map<string, Registration>()
  private readonly listeners = new Map<string, string[]>()
  private running = false
  private readonly load: Load
  private readonly stopper = new AbortController()
  private readonly onError: (error: unknown, queue: string) => void

  constructor(url: string, onError: (error: unknown, queue: string) => void, load = new Load()) {
    // What fails because this process stops is tried again by the next one: nothing for the log.
    this.onError = (error, queue) => {
      if (!this.stopping.aborted) onError(error, queue)
    }
    this.load = load
    this.boss = new PgBoss({
      connectionString: url,
      schema: 'jobs',
      max: 3,
      useListenNotify: true,
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
    })
    this.boss.on('error', (error) => this.onError(error, 'jobs'))
  }

  /** Registers the one handler of a queue. Call before start(). */
  handle<Payload extends object>(
    queue: string,
    handler: (payloads: Payload[]) => Promise<void>,
    options: JobOptions = {},
  ): void {
    this.registrations.set(queue, { options, handler: handler as Handler })
  }

  /** Registers a handler that gets every payload published under `event`, through a queue of its own. */
  on<Payload extends object>(
    event: string,
    queue: string,
    handler: (payloads: Payload[]) => Promise<void>,
    options: JobOptions = {},
  ): void {
    this.handle(queue, handler, options)
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), queue])
  }

  /** Puts one job on a queue, within the caller's transaction. */
  async enqueue(
    tx: Db,
    queue: string,
    payload: object,
    options: { startAfter?: Date; key?: string } = {},
  ): Promise<void> {
    await this.boss.send(queue, payload, {
      db: { executeSql: async (text, values) => tx.executeQuery(keptQuery(text, values ?? [])) },
      ...(options.startAfter ? { startAfter: options.startAfter } : {}),
      ...(options.key ? { singletonKey: options.key } : {}),
    })
  }

  /** Puts one job on the queue of each listener of `event`, within the caller's transaction. */
  async publish(tx: Db, event: string, payload: object): Promise<void> {
    for (const queue of this.listeners.get(event) ?? []) await this.enqueue(tx, queue, payload)
  }

  /** Makes the queues. With `work`, also starts taking jobs; without, this process only enqueues. */
  async start({ work }: { work: boolean }): Promise<void> {
    await this.boss.start()
    for (const [queue, { options }] of this.registrations)
      await this.boss.createQueue(queue, {
        retryLimit: options.retries ?? 5,
        retryBackoff: true,
        expireInSeconds: options.expireIn ?? 900,
        // A job whose process was killed is taken up by another after this, not after it expires.
        heartbeatSeconds: 30,
        notify: true,
      })
    this.running = true
    if (!work) return
    for (const [queue, { options, handler }] of this.registrations) {
      let worker = ''
      worker = await this.boss.work<object>(
        queue,
        { batchSize: options.batch ?? 1, pollingIntervalSeconds: 2 },
        async (jobs) => {
          try {
            // In a flood first wait a little: the next batch then holds more, and a short burst is over.
            await this.load.giveWay(floodPause)
            this.stopping.throwIfAborted()
            await handler(jobs.map((job) => job.data ?? {}))
          } catch (error) {
            this.onError(error, queue)
            throw error
          } finally {
            // More may wait than were taken: without a word it would look again after half a minute.
            this.boss.notifyWorker(worker)
          }
        },
      )
      if (options.every) await this.boss.schedule(queue, options.every, {})
    }
  }

  /** Runs, in this process, every job that is due, until none is left. For tests and one-shot commands. */
  async drain(): Promise<void> {
    for (let found = true; found; ) {
      found = false
      for (const [queue, { options, handler }] of this.registrations) {
        const jobs = await this.boss.fetch<object>(queue, { batchSize: options.batch ?? 1 })
        if (jobs.length === 0) continue
        found = true
        await handler(jobs.map((job) => job.data ?? {}))
        await this.boss.complete(
          queue,
          jobs.map((job) => job.id),
        )
      }
    }
  }

  /** How many jobs wait or run now, in any process, but for the given queue. Later tries of failed ones don't count. */
  async unfinished(db: Db, except = ''): Promise<number> {
    const found = await row(
      db,
      sql<{ n: number }>`
        select count(*)::integer as n
        from jobs.job
        where name <> ${except}
          and state in ('created', 'retry', 'active')
          and start_after <= now()`,
    )
    return found?.n ?? 0
  }

  /** Jobs by queue: those that are due and wait, and those that run, in any process. */
  async counts(db: Db): Promise<{ queue: string; state: 'waiting' | 'running'; n: number }[]> {
    const found = await rows(
      db,
      sql<{ queue: string; waiting: number; running: number }>`
        select name as queue,
          count(*) filter (where state <> 'active')::integer as waiting,
          count(*) filter (where state = 'active')::integer as running
        from jobs.job
        where state in ('created', 'retry', 'active')
          and start_after <= now()
        group by name
        order by name`,
    )
    const known = new Map(found.map((each) => [each.queue, each]))
    return [...this.registrations.keys()].flatMap((queue) => {
      const { waiting = 0, running = 0 } = known.get(queue) ?? {}
      return [
        { queue, state: 'waiting' as const, n: waiting },
        { queue, state: 'running' as const, n: running },
      ]
    })
  }

  /** Whether the job system of this process is up. */
  get ready(): boolean {
    return this.running
  }

  /** Aborted when this process is about to stop: long work ends at its next safe place and is taken up again later. */
  get stopping(): AbortSignal {
    return this.stopper.signal
  }

  /** Stops taking jobs; gives running ones `patience` milliseconds to finish, after which they run again later. */
  async stop(patience = 4_000): Promise<void> {
    if (!this.running) return
    this.running = false
    this.stopper.abort(new Error('this process is stopping'))
    this.load.end()
    await this.boss.stop({ graceful: true, timeout: patience, close: true })
  }
}
