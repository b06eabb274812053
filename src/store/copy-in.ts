// Many rows into tables at once: COPY in binary, less work than an insert for both sides. The statements and all
// their rows go out together, without waiting for PostgreSQL to ask for them: what it does not want it ignores.
import { CompiledQuery } from 'kysely'
import pg from 'pg'
import type { Tx } from './database.ts'

const mark = '/* copy */ '
/** What a column is expected to need; more is made room for. */
const bytesOfColumn = 24
/** A message that carries rows begins with this letter and its length; the one that ends them is only that. */
const rowsFollow = 'd'.charCodeAt(0)
const rowsEnd = Buffer.from('c\0\0\0\x04', 'latin1')
const frame = 5
/** Signature, no flags, no extension of the header. */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
/** Microseconds at which PostgreSQL counts from, 2000-01-01. */
const epoch = Date.UTC(2000, 0, 1)
const wrap = 2 ** 32

/** Writes one field of an item's row. */
type Column<Item> = (out: Fields, item: Item) => void

/** Rows on their way into a table. */
export interface CopiedRows {
  statement: string
  /** A whole message of the protocol. */
  rows: Buffer
}

/** A row for each item; columns left out get their defaults. */
export function rowsFor<Item>(
  table: string,
  items: readonly Item[],
  columns: Record<string, Column<Item>>,
): CopiedRows {
  const writers = Object.values(columns)
  const out = new Fields(items.length * writers.length * bytesOfColumn)
  for (const item of items) {
    out.row(writers.length)
    for (const write of writers) write(out, item)
  }
  return {
    statement: `copy ${table} (${Object.keys(columns).join(', ')}) from stdin (format binary)`,
    rows: out.end(),
  }
}

/**
 * Writes them, one table after the other.
 * @throws what the database throws; then the transaction is lost, as after any failed statement
 */
export async function copyIn(tx: Tx, ...copied: CopiedRows[]): Promise<void> {
  const statements = copied.map(({ statement }) => statement).join('; ')
  await tx.executeQuery(
    CompiledQuery.raw(
      mark + statements,
      copied.map(({ rows }) => rows),
    ),
  )
}

/** How a column of a type is written, whose value `of` takes from the item. */
function column<Value>(write: (out: Fields, value: Value) => void) {
  return <Item>(of: (item: Item) => Value | null | undefined): Column<Item> =>
    (out, item) => {
      const value = of(item)
      if (value === null || value === undefined) out.nothing()
      else write(out, value)
    }
}

export const bigint = column<number | bigint>((out, value) => out.bigint(value))
export const integer = column<number>((out, value) => out.integer(value))
export const smallint = column<number>((out, value) => out.smallint(value))
export const boolean = column<boolean>((out, value) => out.boolean(value))
export const text = column<string>((out, value) => out.text(value))
/** From JSON text. */
export const jsonb = column<string>((out, value) => out.jsonb(value))
/** From its 32 hexadecimal digits. */
export const uuid = column<string>((out, value) => out.uuid(value))
export const timestamp = column<Date>((out, value) => out.timestamp(value))

/** The fields in PostgreSQL's binary form: the length in four bytes (−1: null), then the value. */
class Fields {
  private buffer: Buffer
  private at = frame + header.length

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(bytes, 4096))
    header.copy(this.buffer, frame)
  }

  row(fields: number): void {
    this.room(2)
    this.at = this.buffer.writeInt16BE(fields, this.at)
  }

  /** A null. */
  nothing(): void {
    this.room(4)
    this.at = this.buffer.writeInt32BE(-1, this.at)
  }

  bigint(value: number | bigint): void {
    this.long(8)
    if (typeof value === 'bigint') this.at = this.buffer.writeBigInt64BE(value, this.at)
    else this.whole(value)
  }

  integer(value: number): void {
    this.long(4)
    this.at = this.buffer.writeInt32BE(value, this.at)
  }

  smallint(value: number): void {
    this.long(2)
    this.at = this.buffer.writeInt16BE(value, this.at)
  }

  boolean(value: boolean): void {
    this.long(1)
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.at)
  }

  text(value: string): void {
    this.room(4 + value.length * 3)
    const bytes = this.buffer.write(value, this.at + 4)
    this.buffer.writeInt32BE(bytes, this.at)
    this.at += 4 + bytes
  }

  jsonb(value: string): void {
    this.room(5 + value.length * 3)
    const bytes = this.buffer.write(value, this.at + 5)
    this.buffer.writeInt32BE(bytes + 1, this.at)
    // the form's version
    this.buffer[this.at + 4] = 1
    this.at += 5 + bytes
  }

  uuid(value: string): void {
    this.long(16)
    this.at += this.buffer.write(value, this.at, 'hex')
  }

  timestamp(value: Date): void {
    this.long(8)
    const microseconds = (value.getTime() - epoch) * 1_000
    if (Number.isSafeInteger(microseconds)) this.whole(microseconds)
    else this.at = this.buffer.writeBigInt64BE(BigInt(value.getTime() - epoch) * 1_000n, this.at)
  }

  /** All of it, with the mark of the end, as a message. */
  end(): Buffer {
    this.room(2)
    this.at = this.buffer.writeInt16BE(-1, this.at)
    this.buffer[0] = rowsFollow
    this.buffer.writeInt32BE(this.at - 1, 1)
    return this.buffer.subarray(0, this.at)
  }

  /** The length of a value that follows. */
  private long(bytes: number): void {
    this.room(4 + bytes)
    this.at = this.buffer.writeInt32BE(bytes, this.at)
  }

  /** A safe integer in eight bytes. */
  private whole(value: number): void {
    const high = Math.floor(value / wrap)
    this.at = this.buffer.writeInt32BE(high, this.at)
    this.at = this.buffer.writeUInt32BE(value - high * wrap, this.at)
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes))
    this.buffer.copy(larger, 0, 0, this.at)
    this.buffer = larger
  }
}

/** Whether a statement that reaches a connection is one of `copyIn`. */
export function isCopy(statement: unknown): statement is string {
  return typeof statement === 'string' && statement.startsWith(mark)
}

/** Runs it on the connection that it reached. */
export function runCopy(
  query: (copy: Copy) => unknown,
  statements: string,
  rows: Buffer[],
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    query(new Copy(statements, rows, (error, result) => (error ? reject(error) : resolve(result))))
  })
}

class Copy extends pg.Query {
  override readonly submit: (connection: pg.Connection) => void

  constructor(statements: string, rows: Buffer[], done: (error: Error | undefined, result: unknown) => void) {
    super(statements, done)
    this.submit = (connection) => {
      connection.stream.cork()
      connection.query(statements)
      for (const message of rows) {
        connection.stream.write(message)
        connection.stream.write(rowsEnd)
      }
      connection.stream.uncork()
    }
  }

  /** PostgreSQL asks for what is on its way already. */
  handleCopyInResponse(): void {}
}
