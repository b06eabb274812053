// The command line, with what Node makes of the sources kept beside the packages: the next start is quicker.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/troth'))
await import('./cli/cli.ts')
