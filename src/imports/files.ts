import { Invalid } from '../lib/errors.ts'
import type { Source } from './schema.ts'

/** Largest file that is taken in, in bytes. */
export const largestFile = 4 * 1024 * 1024 * 1024

/**
 * A file name that is safe to make on disk: one path segment, no trick in it.
 * @throws Invalid for anything that tries to be more than a name
 */
export function safeFileName(name: string): string {
  const plain = name.normalize('NFC')
  if (plain === '' || plain.length > 200 || Buffer.byteLength(plain) > 240)
    throw new Invalid('A file name has 1 to 200 characters.', [{ field: 'name', reason: 'length' }])
  if (/[/\\:]|\p{Cc}|\p{Cf}/u.test(plain) || plain.startsWith('.') || /[. ]$/.test(plain))
    throw new Invalid(
      `"${plain.replaceAll(/\p{Cc}|\p{Cf}/gu, '?')}" is not a plain file name. Send the name alone, without folders.`,
      [{ field: 'name', reason: 'not a plain file name' }],
    )
  return plain
}

/** The files that a source means, in the order of their names. @throws Invalid when one that is needed is missing */
export function matchFiles(source: Source, table: string, present: string[]): string[] {
  const parts = source.file.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}$`, 'i')
  const found = present.filter((name) => pattern.test(name)).sort()
  if (found.length > 0 || source.optional) return found
  throw new Invalid(
    `The recipe's source "${table}" wants the file ${source.file}, which is not among those brought in: ${present.slice(0, 10).join(', ')}${present.length > 10 ? ' …' : ''}.`,
  )
}
