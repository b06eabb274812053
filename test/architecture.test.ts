import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'

// The house rules of ARCHITECTURE.md, enforced. A room may import only rooms above it in this list,
// and only through the other room's front door: the file named like the folder, or its schema.ts.
const rooms = [
  'lib',
  'stats',
  'store',
  'team',
  'customers',
  'journey',
  'interactions',
  'voices',
  'expectations',
  'validation',
  'insights',
  'imports',
  'sample',
  'server',
  'cli',
]
/** Rooms whose every file is a door of its own: small libraries with no story to hide. */
const openRooms = new Set(['lib', 'stats', 'store'])
/** Not rooms: the command line, the settings, and the place that puts the rooms together. */
const topLevel = new Set(['main', 'config', 'system'])

const source = join(import.meta.dirname, '../src')

test('a room imports only rooms above it, through their front doors', () => {
  const breaches: string[] = []
  for (const file of filesUnder(source)) {
    const here = roomOf(file)
    if (topLevel.has(here)) continue
    assert.ok(rooms.includes(here), `${file}: the room "${here}" is not in the list of rooms`)
    for (const target of importsOf(file)) {
      const there = roomOf(target)
      if (there === here) continue
      if (there === 'config') {
        if (here !== 'cli' && !file.endsWith('.test.ts'))
          breaches.push(`${relative(source, file)} reads config: pass the value in`)
        continue
      }
      if (there === 'system' && here === 'cli') continue
      if (topLevel.has(there)) breaches.push(`${relative(source, file)} imports ${there}`)
      else if (rooms.indexOf(there) > rooms.indexOf(here))
        breaches.push(`${relative(source, file)} imports ${there}, which lies below ${here}`)
      else if (!isDoor(target, there) && !isMounting(file, target))
        breaches.push(
          `${relative(source, file)} imports ${relative(source, target)} behind ${there}'s front door`,
        )
    }
  }
  assert.deepEqual(breaches, [])
})

test('only config.ts reads the environment', () => {
  const readers = filesUnder(source)
    .filter((file) => !/\.test\.ts$|\/testing\.ts$/.test(file) && roomOf(file) !== 'config')
    .filter((file) => readFileSync(file, 'utf8').includes('process.env'))
  assert.deepEqual(
    readers.map((file) => relative(source, file)),
    [],
  )
})

test('no drawer for odds and ends', () => {
  const drawers = filesUnder(source).filter((file) =>
    /\/(utils|helpers|common|misc|index)\.ts$|\.service\.ts$/.test(file),
  )
  assert.deepEqual(drawers, [])
})

function isDoor(file: string, room: string): boolean {
  if (openRooms.has(room)) return true
  const name = relative(join(source, room), file)
  return name === `${room}.ts` || name === 'schema.ts'
}

/** server/app.ts alone mounts the rooms' routes. */
function isMounting(file: string, target: string): boolean {
  return relative(source, file) === 'server/app.ts' && target.endsWith('/routes.ts')
}

function roomOf(file: string): string {
  return relative(source, file).split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+|#src\/[^'"]+)['"]/g)].map(
    (match) => match[1] ?? '',
  )
  return found
    .filter((path) => /\.[tj]sx?$/.test(path))
    .map((path) =>
      path.startsWith('#src/') ? join(source, path.slice(5)) : normalize(join(dirname(file), path)),
    )
    .filter((path) => path.startsWith(source))
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesUnder(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}
