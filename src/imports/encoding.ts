// What a text file is written in, and its text in pieces of bounded size. DuckDB's CSV reader takes UTF-8
// and UTF-16 only and failed on Windows-1252, which is what Excel in most of Europe writes; so text is
// decoded here, before anything else looks at it.
import { isAscii, isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import chardet from 'chardet'
import iconv from 'iconv-lite'
import { Invalid } from '../lib/errors.ts'

export interface Encoding {
  /** As iconv-lite names it: "utf-8", "utf-16le", "windows-1252", … */
  name: string
  /** What was not readable as that encoding and is replaced by �; 0 when all is well. */
  broken: number
}

const chunkBytes = 256 * 1024

/**
 * Finds the encoding of a file by its byte order mark, else by whether its bytes are UTF-8, else by their
 * statistics. Reads at most `limit` bytes (all by default): an accent may come late.
 */
export async function detectEncoding(path: string, limit = Number.POSITIVE_INFINITY): Promise<Encoding> {
  const head = await readHead(path, 64 * 1024)
  const marked = byteOrderMark(head) ?? unmarkedUtf16(head)
  if (marked) return { name: marked, broken: 0 }

  const decoder = new TextDecoder('utf-8')
  const odd: Buffer[] = []
  let broken = 0
  let sound = 0
  let read = 0
  const count = (text: string) => {
    for (const match of text.matchAll(/[^\0-\x7f]+/g))
      for (const letter of match[0]) {
        if (letter === '\uFFFD') broken += 1
        else sound += 1
      }
  }
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const bytes = chunk as Buffer
    const text = decoder.decode(bytes, { stream: true })
    if (!isAscii(bytes)) {
      count(text)
      if (!isUtf8(bytes) && odd.length < 4) odd.push(bytes)
    }
    read += bytes.length
    if (read >= limit) break
  }
  if (read < limit) count(decoder.decode())
  // A piece of a letter cut off by `limit` is no fault of the file.
  if (broken === 0 || sound > broken * 4) return { name: 'utf-8', broken }
  return { name: guessLegacy(Buffer.concat(odd)), broken: 0 }
}

/** The file's text in pieces; a byte order mark is left out. @throws Invalid for an unknown encoding */
export async function* decodeFile(path: string, encoding: string): AsyncGenerator<string> {
  if (!iconv.encodingExists(encoding))
    throw new Invalid(
      `"${encoding}" is not an encoding Troth knows. Common ones: utf-8, utf-16le, windows-1252.`,
      [{ field: 'encoding', reason: 'not known' }],
    )
  const decoder = iconv.getDecoder(encoding, { stripBOM: true })
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }))
    yield decoder.write(chunk as Buffer)
  const last = decoder.end()
  if (last) yield last
}

/** The first bytes of a file. */
export async function readHead(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(buffer, 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function byteOrderMark(head: Buffer): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 without a mark: in European text every other byte is zero. */
function unmarkedUtf16(head: Buffer): string | undefined {
  const pairs = Math.floor(head.length / 2)
  if (pairs < 2) return undefined
  let evenZeros = 0
  let oddZeros = 0
  for (let i = 0; i < pairs * 2; i += 2) {
    if (head[i] === 0) evenZeros += 1
    if (head[i + 1] === 0) oddZeros += 1
  }
  if (oddZeros > pairs * 0.4 && evenZeros < pairs * 0.05) return 'utf-16le'
  if (evenZeros > pairs * 0.4 && oddZeros < pairs * 0.05) return 'utf-16be'
  return undefined
}

// Statistics on a few accents are weak (18 in 100 sure of Windows-1252 on a German text): another answer is
// believed when most letters are not Latin, or when it is much surer than that.
function guessLegacy(sample: Buffer): string {
  const best = chardet.analyse(sample).find((match) => match.name !== 'ASCII' && match.name !== 'UTF-8')
  if (!best) return 'windows-1252'
  const name = windowsNames.get(best.name) ?? best.name.toLowerCase()
  if (!iconv.encodingExists(name)) return 'windows-1252'
  return share(sample) > 0.25 || best.confidence >= 35 ? name : 'windows-1252'
}

const windowsNames = new Map([
  ['ISO-8859-1', 'windows-1252'],
  ['ISO-8859-2', 'windows-1250'],
  ['ISO-8859-5', 'windows-1251'],
  ['ISO-8859-7', 'windows-1253'],
  ['ISO-8859-8', 'windows-1255'],
  ['ISO-8859-9', 'windows-1254'],
])

/** The share of bytes that are not ASCII: high where the script is another, low for a few accents. */
function share(sample: Buffer): number {
  let high = 0
  for (const byte of sample) if (byte > 127) high += 1
  return sample.length === 0 ? 0 : high / sample.length
}

const longestLine = 16 * 1024 * 1024

export async function* linesOf(path: string, encoding = 'utf-8'): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of decodeFile(path, encoding)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine)
      throw new Invalid('The file has a line of more than 16 million characters. Is it JSON lines?')
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}
