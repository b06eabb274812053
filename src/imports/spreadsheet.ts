// Excel workbooks. A workbook is a zip of XML that unpacks to hundreds of times its size, and its reader
// holds a whole sheet in memory: so it is measured first, and read in a thread of its own with a memory
// limit, which writes the rows to a plain file.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { createInflateRaw } from 'node:zlib'
import { Invalid } from '../lib/errors.ts'

export const largestWorkbook = 64 * 1024 * 1024
const largestUnpacked = 512 * 1024 * 1024
const workerMemoryMb = 2_048

const insteadCsv = 'Open it in Excel and save the sheet as CSV (UTF-8), then bring that in.'

/** Writes the rows of one sheet to `target`, one JSON array a line. Gives the workbook's sheet names. @throws Invalid */
export async function unpackSheet(
  path: string,
  name: string,
  sheet: string | number | undefined,
  target: string,
): Promise<{ sheets: string[]; sheet: string; rows: number }> {
  await assertReasonable(path, name)
  const worker = new Worker(new URL('./spreadsheet-worker.ts', import.meta.url), {
    workerData: { path, sheet, target },
    resourceLimits: { maxOldGenerationSizeMb: workerMemoryMb },
    execArgv: ['--no-warnings'],
  })
  return new Promise((resolve, reject) => {
    worker.once(
      'message',
      (answer: { sheets: string[]; sheet: string; rows: number } | { failed: string }) => {
        if ('failed' in answer) reject(new Invalid(`${name}: ${answer.failed}`))
        else resolve(answer)
      },
    )
    worker.once('error', (error: Error & { code?: string }) => {
      reject(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new Invalid(`${name} is too large to read as a workbook. ${insteadCsv}`)
          : new Invalid(`${name} is not readable as an Excel workbook: ${error.message}`),
      )
    })
    worker.once('exit', () => reject(new Invalid(`${name} could not be read as an Excel workbook.`)))
  })
}

/** @throws Invalid when the workbook is larger, packed or unpacked, than its reader can take */
export async function assertReasonable(path: string, name: string): Promise<void> {
  const { size } = await stat(path)
  if (size > largestWorkbook)
    throw new Invalid(`${name} is larger than 64 MB, the most Troth reads of a workbook. ${insteadCsv}`)
  let unpacked = 0
  for (const entry of await zipEntries(path, name)) {
    // Sizes written in the archive may lie: what counts is what comes out.
    if (entry.method === 0) unpacked += entry.packed
    else if (entry.method === 8) unpacked += await inflatedSize(path, entry, largestUnpacked - unpacked)
    else throw new Invalid(`${name} is packed in a way that Excel doesn't use.`)
    if (unpacked > largestUnpacked)
      throw new Invalid(
        `${name} unpacks to more than 512 MB, the most Troth reads of a workbook. ${insteadCsv}`,
      )
  }
}

interface ZipEntry {
  method: number
  packed: number
  offset: number
}

async function zipEntries(path: string, name: string): Promise<ZipEntry[]> {
  const broken = () => new Invalid(`${name} is not a whole Excel file: its directory can't be read.`)
  const { size } = await stat(path)
  const file = await open(path)
  try {
    const tail = Buffer.alloc(Math.min(size, 65_557))
    await file.read(tail, 0, tail.length, size - tail.length)
    const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
    if (end < 0 || end + 20 > tail.length) throw broken()
    const count = tail.readUInt16LE(end + 10)
    const length = tail.readUInt32LE(end + 12)
    const start = tail.readUInt32LE(end + 16)
    if (start + length > size || count > 10_000) throw broken()
    const directory = Buffer.alloc(length)
    await file.read(directory, 0, length, start)
    const entries: ZipEntry[] = []
    for (let at = 0; entries.length < count; ) {
      if (at + 46 > length || directory.readUInt32LE(at) !== 0x02014b50) throw broken()
      const method = directory.readUInt16LE(at + 10)
      const packed = directory.readUInt32LE(at + 20)
      const local = directory.readUInt32LE(at + 42)
      const header = Buffer.alloc(30)
      await file.read(header, 0, 30, local)
      if (header.readUInt32LE(0) !== 0x04034b50) throw broken()
      const offset = local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
      if (offset + packed > size) throw broken()
      entries.push({ method, packed, offset })
      at +=
        46 +
        directory.readUInt16LE(at + 28) +
        directory.readUInt16LE(at + 30) +
        directory.readUInt16LE(at + 32)
    }
    return entries
  } finally {
    await file.close()
  }
}

async function inflatedSize(path: string, entry: ZipEntry, most: number): Promise<number> {
  if (entry.packed === 0) return 0
  const source = createReadStream(path, { start: entry.offset, end: entry.offset + entry.packed - 1 })
  const inflate = source.pipe(createInflateRaw())
  source.on('error', (error) => inflate.destroy(error))
  let size = 0
  try {
    for await (const chunk of inflate) {
      size += (chunk as Buffer).length
      if (size > most) break
    }
  } catch {
    throw new Invalid('The Excel file is damaged: a part of it does not unpack.')
  } finally {
    source.destroy()
  }
  return size
}
