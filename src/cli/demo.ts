import type { Command } from 'commander'
import { printFindings, readFindings } from '../insights/insights.ts'
import { loadSample, readSampleState } from '../sample/sample.ts'
import type { System } from '../system.ts'
import { createSignInLink, ensureOwner } from '../team/team.ts'
import { configOf, type StartOptions, withStartOptions } from './options.ts'
import { bold, faint, lively, wrap } from './print.ts'
import { progressBar } from './progress.ts'
import { openBrowser, runUntilStopped } from './run.ts'

const steps = {
  map: 'Drawing the map',
  events: 'Living three years',
  judging: 'Judging what was promised',
  counting: 'Counting',
  done: 'Done',
} as const

export function demoCommand(program: Command): void {
  withStartOptions(
    program
      .command('demo')
      .description('start with the sample company: a furniture maker with 20,000 customers'),
    'demo-data',
  ).action(async (options: StartOptions) => {
    const config = configOf(options, 'demo-data')
    await runUntilStopped(config, async (system) => {
      const loaded = (await readSampleState(system.store))?.step === 'done'
      if (!loaded) await load(system)
      await ensureOwner(system.store, { name: 'Jonas', email: 'owner@harbour-and-oak.example' })
      const link = system.url + (await createSignInLink(system.store, 'owner'))
      console.log(`\n  ${bold('Open')} ${link}`)
      console.log(faint('  (signs you in once, within ten minutes; for a new one, run the command again)'))
      if (config.openBrowser && lively) openBrowser(link)
      await welcome(system)
      console.log(faint(`  Runs at ${system.url}, all of it in ${config.dataFolder}. Ctrl-C stops it.\n`))
    })
  })
}

async function load({ store }: System): Promise<void> {
  console.log(
    '\n  Harbour & Oak makes furniture. Its customers live three years, made up but with known truths.\n',
  )
  const bar = progressBar()
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  try {
    await loadSample(store, {
      signal: interrupted.signal,
      onProgress: ({ step, done, total }) =>
        bar.show(steps[step], step === 'judging' ? undefined : done, total),
    })
  } finally {
    bar.end()
  }
}

async function welcome({ store }: System): Promise<void> {
  await store.projection?.catchUp()
  const findings = await readFindings(store)
  console.log(`\n  ${bold('What Harbour & Oak should know')}\n`)
  console.log(printFindings(findings, Math.min(process.stdout.columns || 88, 88)))
  console.log(
    faint(
      wrap(
        'Each sentence says whether it is counted, goes along with something, or was proven by a test. All of it is worked out from what is in the database now.',
        '  ',
      ),
    ),
  )
  console.log()
}
