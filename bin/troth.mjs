#!/usr/bin/env node
// `npx troth …`: hands over to the Node that came with the packages.
import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const setup = spawnSync(process.execPath, ['setup.mjs'], {
  cwd: home,
  stdio: ['ignore', process.stderr, process.stderr],
})
if (setup.status !== 0) process.exit(setup.status ?? 1)

const child = spawn(
  join(home, 'node_modules/.bin/node'),
  // The young generation may take 128 MB by itself on a large machine; halves of 16 MB cost little and save 90 MB.
  // Older objects have room for 128 MB before they are looked through: a flood of events else has that done every second.
  [
    '--max-semi-space-size=16',
    '--initial-old-space-size=128',
    join(home, 'src/main.ts'),
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
