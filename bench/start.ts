// Cold start (nothing there yet), warm start (everything there), and idle memory of the whole process tree,
// the bundled database included.
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildWeb } from '../src/server/server.ts'
import { temporaryFolder } from '../src/store/testing.ts'
import { quantile, type Report } from './report.ts'
import { memoryOfTree, startSystem } from './system.ts'

export async function run(report: Report): Promise<void> {
  await buildWeb()
  const dataFolder = temporaryFolder('bench')
  try {
    const cold = await startSystem({ dataFolder, keep: true })
    report.add({ figure: 'cold start', value: cold.startedIn / 1000, unit: 's' })
    await cold.stop()

    const warm: number[] = []
    for (let round = 0; round < 5; round++) {
      const system = await startSystem({ dataFolder, keep: true })
      warm.push(system.startedIn / 1000)
      if (round === 4) {
        await sleep(10_000)
        const megabytes = memoryOfTree(system.pid, dataFolder)
        report.add({
          figure: 'idle memory, database included',
          value: megabytes,
          unit: 'MB',
          bar: '< 400 MB',
          met: megabytes < 400,
        })
      }
      await system.stop()
    }
    const median = quantile(warm, 0.5)
    report.add({ figure: 'warm start, median of 5', value: median, unit: 's', bar: '< 2 s', met: median < 2 })
  } finally {
    rmSync(dataFolder, { recursive: true, force: true })
  }
}
