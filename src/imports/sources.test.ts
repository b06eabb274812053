import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import iconv from 'iconv-lite'
import type { Refusal } from './rowsfromfile.ts'
import type { Source } from './schema.ts'
import { Workbench } from './workbench.ts'

test('a file with commas, quotes and line breaks in cells comes in row by row with its line numbers', async () => {
  const { rows } = await load('id,words\n1,"Great, really"\n2,"two\nlines"\n3,"a ""quoted"" word"\n')
  assert.deepEqual(rows, [
    ['1', 'Great, really', 2],
    ['2', 'two\nlines', 3],
    ['3', 'a "quoted" word', 5],
  ])
})

test('semicolons, tabs, pipes and carets are found out', async () => {
  for (const delimiter of [';', '\t', '|', '^']) {
    const { rows, read } = await load(
      [
        ['name', 'price', 'note'],
        ['Ann', '1,50', 'a'],
        ['Bo', '2,75', 'b, c'],
      ]
        .map((cells) => cells.join(delimiter))
        .join('\r\n'),
    )
    assert.equal(read.delimiter, delimiter)
    assert.deepEqual(rows, [
      ['Ann', '1,50', 'a', 2],
      ['Bo', '2,75', 'b, c', 3],
    ])
  }
})

test('Windows-1252, UTF-16 and UTF-8 with and without a mark all read the same', async () => {
  const text = 'Name;Ort\nJörg Müßig;Köln\nZoë;Saint-Étienne – Bât. 3\n'
  const kinds: [string, Buffer][] = [
    ['windows-1252', iconv.encode(text, 'windows-1252')],
    ['utf-8', Buffer.from(text)],
    ['utf-8', iconv.encode(text, 'utf-8', { addBOM: true })],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: false })],
  ]
  for (const [encoding, bytes] of kinds) {
    const { rows, read, columns } = await load(bytes)
    assert.equal(read.encoding, encoding)
    assert.deepEqual(columns, ['_file', '_line', 'Name', 'Ort'])
    assert.deepEqual(rows, [
      ['Jörg Müßig', 'Köln', 2],
      ['Zoë', 'Saint-Étienne – Bât. 3', 3],
    ])
  }
})

test('a Cyrillic file from an old system is recognised', async () => {
  const text = `имя,город\n${'Анна Петрова,Новосибирск\nИван Сидоров,Екатеринбург\n'.repeat(20)}`
  const { read, rows } = await load(iconv.encode(text, 'windows-1251'))
  assert.equal(read.encoding, 'windows-1251')
  assert.equal(rows[0]?.[0], 'Анна Петрова')
})

test('broken UTF-8 stays UTF-8, and how much was broken is said', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\n'),
    Buffer.from('äöüß,é\n'.repeat(50)),
    Buffer.from([0xff, 0x2c, 0x31, 0x0a]),
  ])
  const { read, rows } = await load(bytes)
  assert.equal(read.encoding, 'utf-8')
  assert.equal(rows.length, 51)
  assert.match(read.notes.join(), /1 characters were not readable/)
})

test('a quotation mark that is never closed costs only its own line', async () => {
  const { rows, refused, read } = await load(
    'id,words\n1,fine\n2,"never closed\n3,fine\n4,"fine, too"\n5,fine\n',
  )
  assert.deepEqual(
    rows.map((row) => row[0]),
    ['1', '3', '4', '5'],
  )
  assert.equal(refused.length, 1)
  assert.equal(refused[0]?.line, 3)
  assert.match(String(refused[0]?.reason), /quotation mark/)
  assert.equal(read.lines, 6)
})

test('every line of any file is accounted for: a row, a refusal, a header, a blank or a continued line', async () => {
  const lines = [
    'id,words',
    '1,a',
    '',
    '2,"b',
    'c"',
    '3,d,e',
    '4',
    '5,"x"y"',
    '6,"open',
    '7,z',
    ',',
    '8,"end"',
  ]
  const { rows, refused, read } = await load(lines.join('\n'))
  const blank = 2
  assert.equal(rows.length + refused.length + read.continued + blank + 1, lines.length)
  assert.equal(read.lines, lines.length)
  assert.deepEqual(
    refused.map((refusal) => refusal.line),
    [6, 7, 9],
  )
})

test('a quotation mark open at the end of the file refuses its line', async () => {
  const { rows, refused } = await load('id,words\n1,a\n2,"open')
  assert.equal(rows.length, 1)
  assert.equal(refused[0]?.line, 3)
})

test('titles above the header are passed over', async () => {
  const { columns, rows } = await load('Export of 3 May\n\nid,name,city\n1,Ann,Bonn\n2,Bo,Köln\n')
  assert.deepEqual(columns.slice(2, 5), ['id', 'name', 'city'])
  assert.equal(rows.length, 2)
})

test('a file without a header gets numbered columns', async () => {
  const { columns, rows } = await load('1,2024-01-02,ann@x.org\n2,2024-01-03,bo@x.org\n')
  assert.deepEqual(columns.slice(2, 5), ['column1', 'column2', 'column3'])
  assert.equal(rows.length, 2)
})

test('equal, empty and our own column names are told apart', async () => {
  const { columns } = await load('id,Name,name,,_line\n1,a,b,c,d\n')
  assert.deepEqual(columns, ['_file', '_line', 'id', 'Name', 'name_2', 'column4', '_line_2'])
})

test('NUL bytes are left out and counted', async () => {
  const { rows, read } = await load('id,words\n1,a\0b\n')
  assert.equal(rows[0]?.[1], 'ab')
  assert.match(read.notes.join(), /NUL/)
})

test('a cell of a million letters is refused, a million columns are refused at once', async () => {
  const { rows, refused } = await load(`id,words\n1,${'x'.repeat(1_100_000)}\n2,ok\n`)
  assert.equal(rows.length, 1)
  assert.match(String(refused[0]?.reason), /longer than/)
  await assert.rejects(load(`${'c,'.repeat(100_000)}c\n1\n`), /columns; Troth reads up to 2,000/)
  await assert.rejects(load(`${'c,'.repeat(1_000_000)}c\n1\n`), /first line|columns/)
})

test('formulas stay what they are: text', async () => {
  const { rows } = await load('id,name\n1,=cmd|calc\n2,@sum(1)\n')
  assert.equal(rows[0]?.[1], '=cmd|calc')
})

test('JSON lines: missing keys are empty, long ids keep their digits, broken lines are refused', async () => {
  const { rows, refused, columns } = await load(
    '{"id":12345678901234567890,"a":true}\n{"id":2,"p":{"x":1}}\n\n{"id":\n[1]\n',
    'x.jsonl',
  )
  assert.deepEqual(columns, ['_file', '_line', 'id', 'a', 'p'])
  assert.deepEqual(rows, [
    ['12345678901234567890', 'true', null, 1],
    ['2', null, '{"x":1}', 2],
  ])
  assert.deepEqual(
    refused.map((refusal) => refusal.line),
    [4, 5],
  )
})

test('a JSON array of objects is read too', async () => {
  const { rows } = await load('[{"a":1},{"a":2}]', 'x.json')
  assert.equal(rows.length, 2)
})

test('columns go by many names, and a recipe says which', async () => {
  const columns = { who: ['Customer No', 'client'], 'phone?': ['tel'] }
  const { columns: named } = await load('client,CUSTOMER_NO,who\n1,2,3\n', 'f.csv', {
    file: 'f.csv',
    columns,
  })
  assert.deepEqual(named.slice(2), ['client', 'who', 'who_2', 'phone'])
  await assert.rejects(load('a,b\n1,2\n', 'f.csv', { file: 'f.csv', columns }), /no column for "who"/)
})

test('an order over several rows is filled down, the next order begins anew', async () => {
  const { rows } = await load(
    'order,email,item\n#1,a@x.org,chair\n,,table\n#1,,lamp\n#2,,bed\n#2,b@x.org,desk\n',
    'orders.csv',
    { file: 'orders.csv', fill_down: { case: 'order' } },
  )
  assert.deepEqual(
    rows.map((row) => row.slice(0, 3)),
    [
      ['#1', 'a@x.org', 'chair'],
      ['#1', 'a@x.org', 'table'],
      ['#1', 'a@x.org', 'lamp'],
      ['#2', null, 'bed'],
      ['#2', 'b@x.org', 'desk'],
    ].map((row) => row.map((cell) => cell ?? '')),
  )
})

test('files that are no tables are refused with what to do', async () => {
  await assert.rejects(load('%PDF-1.7', 'x.csv'), /PDF/)
  await assert.rejects(load('', 'x.csv'), /empty/)
  await assert.rejects(load(Buffer.from([0x1f, 0x8b, 8, 0]), 'x.csv'), /gzip/)
  await assert.rejects(load('a,b\n1,2\n', 'x.parquet'), /not a Parquet file/)
})

async function load(content: string | Buffer, name = 'file.csv', source?: Source) {
  const folder = mkdtempSync(join(tmpdir(), 'troth-sources-'))
  const bench = await Workbench.open(folder, { fresh: true })
  try {
    mkdirSync(join(folder, 'in'))
    const path = join(folder, 'in', 'file')
    writeFileSync(path, content)
    const refused: Refusal[] = []
    const [read] = await bench.load('t', source ?? { file: name }, [{ name, path }], {
      refused: async (more) => void refused.push(...more),
    })
    assert.ok(read)
    const columns = (await bench.ask('describe t')).map((row) => String(row[0]))
    const rows = (await bench.ask('select * exclude (_file, _line), _line from t order by _line')).map(
      (row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
    )
    return { rows, read, refused, columns }
  } finally {
    bench.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
