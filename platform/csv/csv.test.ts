import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvFile, type CsvRow, readCsv, readInstant, readNumber, writeCsv } from './index.ts'

const read = (text: string) => readCsv(text, { maxRows: 1_000 })
const cells = async (text: string) => (await read(text)).rows.map((row) => row.cells)

describe('reading files from spreadsheets', () => {
  test('FM30 reads the same with a byte order mark, semicolons, tabs or CRLF', async () => {
    const wanted = [{ id: 'a', name: 'Almeida St, North' }]
    expect(await cells('id,name\na,"Almeida St, North"\n')).toEqual(wanted)
    expect(await cells('\uFEFFid;name\r\na;"Almeida St, North"\r\n')).toEqual(wanted)
    expect(await cells('id\tname\na\tAlmeida St, North')).toEqual(wanted)
  })

  test('FM30 reports a formula with its line and heading, but not a negative number', async () => {
    const { flaws, rows } = await read('id,value\na,=1+1\nb,-3.5\nc,@SUM(A1)\nd,+44\n')
    expect(flaws.map((f) => [f.line, f.field])).toEqual([
      [2, 'value'],
      [4, 'value'],
    ])
    expect(rows[1]?.cells['value']).toBe('-3.5')
  })

  test('FM29 reports a row that is cut off, with its line', async () => {
    expect((await read('id,name,kind\na,b,c\nd,e')).flaws).toMatchObject([{ line: 3, field: '' }])
    expect((await read('id,name\na,"b')).flaws).toMatchObject([{ message: expect.stringContaining('cannot be read') }])
  })

  test('FM29 counts rows that are no rows, marks rows with a flawed cell, and says whether it read to the end', async () => {
    const file = await CsvFile.open('a,b\n1,2\n=1+1,3\n4\n', { maxRows: 9 })
    const rows: CsvRow[] = []
    for await (const row of file.rows()) rows.push(row)
    expect(rows.map(({ line, isFlawed = false }) => [line, isFlawed])).toEqual([
      [2, false],
      [3, true],
    ])
    expect([file.broken, file.isCutShort]).toEqual([1, false])
    for (const [text, maxRows] of [
      ['a,b\n1,2\n3,4\n', 1],
      [`a,b\n1,2\n${'x'.repeat(70_000)},2\n`, 9],
    ] as const) {
      const cut = await CsvFile.open(text, { maxRows })
      for await (const _ of cut.rows());
      expect([text.length, cut.isCutShort]).toEqual([text.length, true])
    }
  })

  test('stops reading after the maximum number of rows', async () => {
    const { flaws } = await readCsv(`id\n${'x\n'.repeat(50)}`, { maxRows: 10 })
    expect(flaws).toMatchObject([{ message: expect.stringContaining('at most 10 rows') }])
  })

  test('rejects a body that breaks off', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('id,name\na,b\n'))
        controller.error(new Error('connection lost'))
      },
    })
    await expect(readCsv(body as never, { maxRows: 10 })).rejects.toThrow('connection lost')
  })
})

describe('what a spreadsheet would run', () => {
  const starts = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
  const before = ['', ' ', '\n', '\r', '\t', '\u00a0', '\u0001', '\u200b', ' \r\n\t', '\ufeff']

  test.each(before)('SEC19 a formula after %j is written as text', (lead) => {
    for (const start of starts) {
      const [, line = ''] = writeCsv(['one'], [[`${lead}${start}cmd|' /C calc'!A0`]]).split('\r\n', 2)
      expect(line.replace(/^"/, '')).toMatch(/^'/)
    }
  })

  test.each(['\tx', '\rx', '\nx', '-2+3+cmd|x', '+1;=2'])('SEC19 %j is written as text', (cell) => {
    expect(writeCsv(['one'], [[cell]])).toMatch(/^one\r\n"?'/)
  })

  test.each(['-3.5', '+44', '-1,200.00', '1e-3', '-2e-3', '-4%', '-.5'])(
    'SEC19 the number %j stays a number',
    (cell) => {
      expect(writeCsv(['one'], [[cell]]).replaceAll('"', '')).toBe(`one\r\n${cell}\r\n`)
    },
  )

  test('SEC19 a formula after a blank, or in full-width signs, is reported in a file that is read', async () => {
    const { flaws } = await read('id,value\na,"\t=1+1"\nb,＝1+1\nc,-2+3+cmd|x\nd,+44 20 7946 0000\ne,-\n')
    expect(flaws.map(({ line }) => line)).toEqual([2, 3, 4])
  })
})

const anyCell = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', ' ', '\t', '\r', '\n', '"', ',', ';', '＝', '1', 'x'),
    maxLength: 8,
  }),
)

test('passes over rows of separators, which keep their place in the numbering of lines', async () => {
  const { rows, flaws } = await read('id,value\na,1\n,,\n , \nb,2\n')
  expect(rows.map(({ line, cells }) => [line, cells['id']])).toEqual([
    [2, 'a'],
    [5, 'b'],
  ])
  expect(flaws).toEqual([])
})

test('FM30 SEC19 reads back exactly what was written but for empty rows, which contains no formula', async () => {
  const table = fc.array(fc.tuple(anyCell, anyCell), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const found = await read(writeCsv(['one', 'two'], rows))
      // A cell of blanks may be written with a mark before it, so that its row is no empty one.
      const filled = (cells: readonly (string | undefined)[][]) =>
        cells.filter((row) => row.some((cell) => cell?.trim()))
      expect(filled(found.rows.map((r) => [r.cells['one'], r.cells['two']]))).toEqual(filled(rows))
      expect(found.flaws).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('SEC10 a cell of more than 4,000 characters is reported, and a line of more than 64 kB ends the file', async () => {
  expect((await read(`id,name\na,${'x'.repeat(4_001)}\nb,${'x'.repeat(4_000)}\n`)).flaws).toMatchObject([
    { line: 2, field: 'name', message: expect.stringContaining('4,000') },
  ])
  const { flaws, rows } = await read(`id,name\na,${'x'.repeat(70_000)}\nb,c\n`)
  expect(rows).toEqual([])
  expect(flaws).toMatchObject([{ message: expect.stringContaining('cannot be read as CSV') }])
})

describe('headings, bytes and values that files really have', () => {
  test('a column is found whatever the case and punctuation of its heading; others are passed over with what is in them', async () => {
    const options = { maxRows: 10, columns: ['nodeId', 'mean_w'], required: ['nodeId'] }
    const { rows, flaws } = await readCsv('Node ID;Remark;MEAN W\na;=1+1;5\n', options)
    expect(flaws).toEqual([])
    expect(rows).toEqual([{ line: 2, cells: { nodeId: 'a', mean_w: '5' } }])
  })

  test('a column that is there twice is a flaw of line 1, also under two spellings; a heading that nobody reads may be', async () => {
    const options = { maxRows: 10, columns: ['nodeId', 'mean_w'], required: ['nodeId', 'mean_w'] }
    const flawsOf = async (text: string) => (await readCsv(text, options)).flaws.map(({ line, field }) => [line, field])
    expect(await flawsOf('nodeId,mean_w,Mean W\na,1,9\n')).toEqual([[1, 'mean_w']])
    expect(await flawsOf('nodeId,mean_w,note,note\na,1,x,y\n')).toEqual([])
    expect(await flawsOf('nodeId\na\n')).toEqual([[1, 'mean_w']])
  })

  test('a byte that is not UTF-8 is named by line and column, where it is read', async () => {
    const windows1252 = (text: string) => new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))]).stream() as never
    const options = { maxRows: 10, columns: ['id', 'name'] }
    const { flaws } = await readCsv(windows1252('id,name,note\na,Plain,Caf\xe9\nb,Caf\xe9,x\n'), options)
    expect(flaws).toMatchObject([{ line: 3, field: 'name', message: expect.stringContaining('not UTF-8') }])
  })

  test('empty cells after the last heading are passed over; others are not', async () => {
    expect((await read('id,name\na,b,,\n')).flaws).toEqual([])
    expect((await read('id,name\na,b,,c\n')).flaws).toMatchObject([{ line: 2 }])
  })

  test.each([
    ['-.5', -0.5],
    ['.25', 0.25],
    ['5.', 5],
    ['+3', 3],
    ['1e3', 1_000],
    ['12,5', 12.5],
    [',5', 0.5],
    ['-0,75', -0.75],
  ])('%s is the number %d', (text, value) => {
    expect(readNumber(text)).toEqual({ ok: true, value })
  })

  test.each(['12,500', '1,234,567', '1.234,5', '0x10', '1e999', 'about 5', '5 kW', '--5', 'Infinity', '1 000'])(
    '%s is not read as a number',
    (text) => {
      expect(readNumber(text).ok).toBe(false)
    },
  )

  test.each([
    ['2026-01-15T17:00:00Z', undefined, '2026-01-15T17:00:00.000Z'],
    ['2026-01-15 17:00Z', undefined, '2026-01-15T17:00:00.000Z'],
    ['2026-07-15T17:00:00.25+01:00', undefined, '2026-07-15T16:00:00.250Z'],
    ['2026-07-15T17:00:00-0530', undefined, '2026-07-15T22:30:00.000Z'],
    ['2024-02-29T00:00:00Z', undefined, '2024-02-29T00:00:00.000Z'],
    ['2026-07-15T17:00:00', 'Europe/London', '2026-07-15T16:00:00.000Z'],
    ['2026-01-15 17:00', 'Europe/London', '2026-01-15T17:00:00.000Z'],
    ['2026-07-15T17:00:00', 'UTC', '2026-07-15T17:00:00.000Z'],
    // An offset in the text goes before the stated zone.
    ['2026-07-15T17:00:00Z', 'Europe/London', '2026-07-15T17:00:00.000Z'],
  ] as const)('%s in the zone %s is %s', (text, zone, instant) => {
    const read = readInstant(text, zone)
    expect(read.ok && new Date(read.value).toISOString()).toBe(instant)
  })

  test.each([
    ['2026-02-30T00:00:00Z', undefined, 'does not exist'],
    ['2025-02-29T12:00:00Z', undefined, 'does not exist'],
    ['2026-06-31T00:00:00+01:00', undefined, 'does not exist'],
    ['2026-13-01T00:00:00Z', undefined, 'does not exist'],
    ['2026-01-15T24:00:00Z', undefined, 'a day ends at 00:00 of the next'],
    ['2026-07-15T17:00:00', undefined, 'has no offset'],
    ['01/16/2026 00:00', 'UTC', 'is not an instant'],
    ['16/01/2026 00:00', 'Europe/London', 'is not an instant'],
    ['46037.5', 'UTC', 'is not an instant'],
    ['', undefined, 'is not an instant'],
    ['2026-03-29T01:30:00', 'Europe/London', 'skipped by the clock'],
    ['2026-10-25T01:30:00', 'Europe/London', 'comes twice'],
  ] as const)('%s in the zone %s is refused: %s', (text, zone, message) => {
    expect(readInstant(text, zone)).toMatchObject({ ok: false, message: expect.stringContaining(message) })
  })
})
