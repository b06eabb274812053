// The folder of one import.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '../store/store.ts'

/** Where an import's files and its workbench lie. */
export function importFolder(store: Store, folder: string): string {
  return join(store.dataFolder, 'imports', folder)
}

/** What was brought in is in the database now: files with people's data don't stay behind. */
export async function clearFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
