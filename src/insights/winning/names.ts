import type { Winning } from './schema.ts'

/** Who is courted, as a line of a table or a picture begins. */
export const courtedWords: Record<Winning['groups'][number]['courted'], string> = {
  referred: 'Brought by a customer',
  returning: 'Bought before',
  cold: 'Came by themselves',
}
