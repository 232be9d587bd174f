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

test('FM30 reads back what was written, which contains no formula', async () => {
  const cell = fc.string({ maxLength: 12 }).map((s) => s.trim())
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const kept = rows.filter(([a, b]) => a !== '' && b !== '' && !a.startsWith("'") && !b.startsWith("'"))
      const text = writeCsv(['one', 'two'], kept)
      expect((await read(text)).rows.map((r) => [r.cells['one'], r.cells['two']])).toEqual(kept)
    }),
  )
})
