// What JSON may look like before anything reads it: valid UTF-8, no NUL characters (PostgreSQL can't keep
// them), and no deeper than anything that means well.
import { Invalid } from './errors.ts'

const deepest = 64
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
/** An escaped NUL whose backslash is not itself escaped. */
const escapedNul = /(?<!\\)(?:\\\\)*\\u0000/

/** The text of a JSON body. @throws Invalid when it is not UTF-8, holds NUL characters, or nests too deep */
export function jsonText(bytes: Uint8Array): string {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new Invalid('The body is not valid UTF-8. Send JSON encoded in UTF-8.')
  }
  if (text.includes('\\u0000') && escapedNul.test(text))
    throw new Invalid('Text must not contain NUL characters (\\u0000). Leave them out.')
  if (depthOver(bytes, deepest)) throw new Invalid(`The JSON nests deeper than ${deepest} levels.`)
  return text
}

function depthOver(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return false
}
