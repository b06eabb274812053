import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { Workbench } from './workbench.ts'

const sheet = (rows: string) =>
  `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`
const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`

function workbook(sheetXml: string): Buffer {
  return zip({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml':
      '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Projects" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
    'xl/styles.xml':
      '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
    'xl/worksheets/sheet1.xml': sheetXml,
  })
}

test('a workbook is read: a title above the table, dates as days, numbers and empty cells', async () => {
  const rows = [
    `<row r="1">${text('A1', 'Projects 2024')}</row>`,
    `<row r="2">${text('A2', 'No')}${text('B2', 'Ordered')}${text('C2', 'Total')}</row>`,
    `<row r="3">${text('A3', 'P-1')}<c r="B3" s="1"><v>45415</v></c><c r="C3"><v>12.5</v></c></row>`,
    `<row r="4">${text('A4', 'P-2')}<c r="C4"><v>7</v></c></row>`,
  ]
  const { read, found } = await load(workbook(sheet(rows.join(''))))
  assert.deepEqual([read.sheet, read.sheets, read.rows], ['Projects', ['Projects'], 2])
  assert.deepEqual(found, [
    ['P-1', '2024-05-03', '12.5', 3],
    ['P-2', null, '7', 4],
  ])
})

test('a zip bomb, a broken workbook and a missing sheet are refused in words', async () => {
  const padding = 'x'.repeat(110 * 1024 * 1024)
  const bomb = zip(
    Object.fromEntries([1, 2, 3, 4, 5].map((part) => [`xl/worksheets/sheet${part}.xml`, padding])),
  )
  assert.ok(bomb.length < 4 * 1024 * 1024)
  await assert.rejects(load(bomb), /unpacks to more than 512 MB/)
  await assert.rejects(load(workbook(sheet('')).subarray(0, 900)), /not a whole Excel file/)
  await assert.rejects(load(zip({ 'a.txt': 'no workbook' })), /Excel workbook/)
  await assert.rejects(load(workbook(sheet('')), 'Other'), /no sheet "Other"; there are: Projects/)
})

async function load(content: Buffer, wanted?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'troth-sheet-'))
  const bench = await Workbench.open(folder, { fresh: true })
  try {
    const path = join(folder, 'p.xlsx')
    writeFileSync(path, content)
    const [read] = await bench.load('t', { file: 'p.xlsx', ...(wanted ? { sheet: wanted } : {}) }, [
      { name: 'p.xlsx', path },
    ])
    assert.ok(read)
    const found = (await bench.ask('select * exclude (_file, _line), _line from t order by _line')).map(
      (row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
    )
    return { read, found }
  } finally {
    bench.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A zip archive with these files. */
function zip(files: Record<string, string>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content)
    const packed = deflateRawSync(plain)
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(8, 4)
    header.writeUInt32LE(crc32(plain), 10)
    header.writeUInt32LE(packed.length, 14)
    header.writeUInt32LE(plain.length, 18)
    header.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), header, rest, Buffer.from(name)]),
    )
    parts.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, list, end])
}
