// npm run bench                    all benches
// npm run bench -- ingest          one of them
// npm run bench -- --json          one JSON object a line
// npm run bench -- --size 0.1      a tenth of the full size, for a quick look; bars are for the full size
//
// Each bench generates its data with a seed and measures its peer in the same run, because machines differ
// and are shared: the ratio is the figure.
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Report } from './report.ts'

export interface BenchOptions {
  /** 1 is the full size. */
  size: number
}

interface Bench {
  run: (report: Report, options: BenchOptions) => Promise<void>
}

const support = ['main', 'report', 'system']
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))
  .filter((name) => !support.includes(name) && !name.includes('-'))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, size: { type: 'string', default: '1' } },
})
const size = Number(values.size)
const unknown = positionals.filter((name) => !names.includes(name))
if (unknown.length > 0 || !(size > 0)) {
  console.error(
    `There is no bench ${unknown.join(', ') || `of size ${values.size}`}. There are: ${names.join(', ')}.`,
  )
  process.exit(2)
}

let missed = 0
for (const name of positionals.length > 0 ? positionals : names) {
  const bench = (await import(`./${name}.ts`)) as Bench
  const report = new Report(name, values.json)
  report.say(`${name}${size === 1 ? '' : ` at size ${size}`}`)
  await bench.run(report, { size })
  missed += report.figures.filter((figure) => figure.met === false).length
}
process.exitCode = missed > 0 && size === 1 ? 1 : 0
