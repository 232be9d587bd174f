import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv, writeCsv } from './index.ts'

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
