import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The path of a public data set that tests measure on, or undefined where this machine doesn't have it:
 * then skip, saying so. They lie beside the project, or where TROTH_SHARED_DATA says, and never in it.
 */
export function sharedData(...path: string[]): string | undefined {
  const folders = [
    process.env['TROTH_SHARED_DATA'],
    join(import.meta.dirname, '../../shared/data'),
    join(import.meta.dirname, '../../../shared/data'),
  ]
  return folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, ...path))
    .find((file) => existsSync(file))
}
