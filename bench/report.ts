/** One measured figure; `against` names what the ratio is to, measured in the same run. */
export interface Figure {
  bench: string
  figure: string
  value: number
  unit: string
  against?: string
  ratio?: number
  /** What must hold, in words: "ratio ≥ 0.5", "≤ 300 ms". */
  bar?: string
  met?: boolean
}

/** Collects figures and prints each as it comes: one JSON object a line, or a line for people. */
export class Report {
  readonly figures: Figure[] = []
  private readonly json: boolean
  private readonly bench: string

  constructor(bench: string, json: boolean) {
    this.bench = bench
    this.json = json
  }

  add(figure: Omit<Figure, 'bench'>): void {
    const whole = { bench: this.bench, ...figure }
    this.figures.push(whole)
    console.log(this.json ? JSON.stringify(whole) : line(whole))
  }

  /** What is being done, for people only. */
  say(text: string): void {
    if (!this.json) console.log(`  … ${text}`)
  }
}

function line(figure: Figure): string {
  const value = `${round(figure.value)} ${figure.unit}`
  const ratio = figure.ratio === undefined ? '' : `  (${round(figure.ratio)} × ${figure.against ?? ''})`
  const bar = figure.bar === undefined ? '' : `  bar: ${figure.bar} ${figure.met ? '✔' : '✖ missed'}`
  return `  ${figure.bench.padEnd(9)} ${figure.figure.padEnd(50)} ${value.padStart(16)}${ratio}${bar}`
}

function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** Deterministic pseudo-random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
