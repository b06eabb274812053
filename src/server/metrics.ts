import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Figures about this process for Prometheus. */
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

  async text(): Promise<string> {
    // Not before they are asked for: they cost timers.
    if (!this.collecting) collectDefaultMetrics({ register: this.registry, prefix: 'troth_' })
    this.collecting = true
    return this.registry.metrics()
  }
}
