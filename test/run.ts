// Runs every test file against one bundled PostgreSQL (or the one in TROTH_TEST_DATABASE_URL).
// Arguments narrow the run: `node test/run.ts src/customers` runs the files whose path contains that.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from '#src/server/server.ts'
import { startTestServer } from '#src/store/testing.ts'
import { folderInMemory } from './memory.ts'

const wanted = process.argv.slice(2)
const files = globSync(['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'])
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
if (files.length === 0) {
  console.error(`No test file matches ${wanted.join(' ')}.`)
  process.exit(1)
}

// The browser tests look at the web app as it is built.
if (files.some((file) => file.includes('browser'))) await buildWeb()
const memory = folderInMemory()
if (memory) process.env['TMPDIR'] = memory
const server = await startTestServer(process.env['TROTH_TEST_DATABASE_URL'])
// What hangs fails; nothing here takes a quarter of that on a busy machine.
const options = ['--test-reporter=spec', '--test-concurrency=2', '--test-timeout=600000', '--test-force-exit']
const tests = spawn(process.execPath, ['--test', ...options, ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    TROTH_TEST_SERVER: server.url,
    NODE_NO_WARNINGS: '1',
    // every file is a process: the types are stripped once
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/troth'),
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal))
const [code] = (await once(tests, 'exit')) as [number | null]
await server.stop()
if (memory) rmSync(memory, { recursive: true, force: true })
process.exit(code ?? 1)
