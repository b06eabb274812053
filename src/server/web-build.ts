// The web app is built when it is first needed and again when its sources changed: nobody has to remember to.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const built = join(root, 'dist/web')
const stampFile = join(root, 'dist/web/.sources')

/** Whether dist/web was made from the sources as they are. Without sources (an installed package) what is there counts. */
export function isWebBuilt(): boolean {
  if (!existsSync(join(root, 'web/src'))) return existsSync(join(built, 'index.html'))
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourcesStamp()
}

/** Builds the web app into dist/web unless it is built. A second or two; gives whether it was needed. */
export async function buildWeb(): Promise<boolean> {
  if (isWebBuilt()) return false
  const stamp = sourcesStamp()
  // Beside, then in one step in its place: a server that runs meanwhile never serves half an app.
  const fresh = join(root, `dist/web.${process.pid}`)
  await viteBuild(fresh)
  writeFileSync(join(fresh, '.sources'), stamp)
  const old = join(root, `dist/web.${process.pid}.old`)
  if (existsSync(built)) renameSync(built, old)
  renameSync(fresh, built)
  rmSync(old, { recursive: true, force: true })
  return true
}

/** In a process of its own: building takes half a gigabyte that this one would keep for as long as it lives. */
async function viteBuild(outDir: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('vite/package.json')
  const vite = join(dirname(manifest), 'bin/vite.js')
  const options = ['build', join(root, 'web'), '--outDir', outDir, '--logLevel', 'error']
  await promisify(execFile)(process.execPath, [vite, ...options])
}

function sourcesStamp(): string {
  const hash = createHash('sha256')
  for (const file of [
    ...filesUnder(join(root, 'web')),
    join(root, 'package.json'),
    join(root, 'src/lib/roles.ts'),
  ]) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  // By content: setup rewrites nothing in it, but may touch it.
  hash.update(readFileSync(join(root, 'package.json')))
  return hash.digest('hex')
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesUnder(path) : [path]
    })
}
