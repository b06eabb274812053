// Peers in Python: whether they can be run here, and the columns that they read.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Projection } from '../src/store/projection.ts'

/** The interpreter; PYTHON names another, PYTHONPATH where more modules lie. */
export const python = process.env['PYTHON'] ?? 'python3'

export function canImport(module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`]).status === 0
}

/** Writes each column of an answer as doubles to `name.column.f64`. */
export async function writeColumns(
  folder: string,
  name: string,
  projection: Projection,
  text: string,
): Promise<void> {
  for (const [column, values] of Object.entries(await projection.columns(text)))
    writeFileSync(join(folder, `${name}.${column}.f64`), values)
}
