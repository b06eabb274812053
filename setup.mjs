// Runs under whatever Node the machine has (20 or newer), before every npm script that needs the rest.
// Installs what package.json names, once per change of it; that brings Node 24 along, which the script
// itself then uses: npm looks `node` up anew, in node_modules/.bin first.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const stamp = 'node_modules/.troth-setup'
const wanted = createHash('sha256')
  .update(readFileSync('package.json'))
  .update(`${process.platform} ${process.arch}`)
  .digest('hex')

const installed =
  existsSync('node_modules/.bin/node') && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted

if (!installed) {
  console.log('Installing what Troth needs (once, about a minute) …')
  // `npm ci` refuses a lock file that lacks other systems' optional packages; install does not.
  const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (npm.status !== 0) {
    console.error(
      'npm could not install the packages. Check the network and the message above, then run the command again.',
    )
    process.exit(npm.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}
