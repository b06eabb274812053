import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Store } from '../store/store.ts'

/** Figures about this process and what it works on, for Prometheus. */
export class Metrics {
  readonly registry = new Registry()
  private readonly requests = new Histogram({
    name: 'troth_http_request_seconds',
    help: 'How long requests took, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  })
  private collecting = false

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds)
  }

  async text(store: Store): Promise<string> {
    // Not before they are asked for: they cost timers.
    if (!this.collecting) {
      collectDefaultMetrics({ register: this.registry, prefix: 'troth_' })
      this.collectWork(store)
    }
    this.collecting = true
    return this.registry.metrics()
  }

  /** What is looked up each time somebody asks. */
  private collectWork(store: Store): void {
    const registers = [this.registry]
    new Counter({
      name: 'troth_events_total',
      help: 'Events that came in through the API since the start, by what became of them',
      labelNames: ['outcome'] as const,
      registers,
      collect() {
        this.reset()
        for (const [outcome, n] of store.load.cameIn) this.inc({ outcome }, n)
      },
    })
    new Gauge({
      name: 'troth_projection_lag_seconds',
      help: 'How long ago the figures had everything that is in the database; NaN while they never had',
      registers,
      collect() {
        this.set(store.projection?.state.lagSeconds ?? Number.NaN)
      },
    })
    new Gauge({
      name: 'troth_jobs',
      help: 'Jobs that are due and wait, and jobs that run, in any process',
      labelNames: ['queue', 'state'] as const,
      registers,
      async collect() {
        this.reset()
        for (const { queue, state, n } of await store.jobs.counts(store.db)) this.set({ queue, state }, n)
      },
    })
  }
}
