import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardedText, retryDelayS } from './index.ts'

const bytes = (text: string) => Buffer.from(text)

describe('a file from a supplier', () => {
  test('P3 is read as text, packed by gzip or not', async () => {
    expect(await guardedText(bytes('a,b\n1,£'), 100)).toEqual({ ok: true, text: 'a,b\n1,£' })
    expect(await guardedText(gzipSync('a,b\n1,£'), 100)).toEqual({ ok: true, text: 'a,b\n1,£' })
  })

  test.each([
    ['empty', bytes(''), 'empty'],
    ['too long', bytes('x'.repeat(101)), '101 bytes'],
    ['too long when unpacked', gzipSync('x'.repeat(101)), 'more than 100 bytes'],
    ['an archive in an archive', gzipSync(gzipSync('x')), 'archive in an archive'],
    ['a ZIP archive', bytes('PK\u0003\u0004'), 'ZIP'],
    ['a program', bytes('MZ and more'), 'program'],
    ['a damaged archive', Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes('nothing')]), 'damaged'],
    ['no UTF-8', Buffer.from([0x61, 0xff]), 'UTF-8'],
    ['with zero bytes', bytes('a\0b'), 'zero bytes'],
  ])('P3 is not read when it is %s', async (_, content, reason) => {
    expect(await guardedText(content, 100)).toEqual({ ok: false, reason: expect.stringContaining(reason) })
  })

  test('P3 is read or refused with a reason, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        const read = await guardedText(content, 200)
        expect(read.ok ? read.text.length : read.reason.length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('after failures', () => {
  test.each([
    [1, 300, 60],
    [2, 300, 120],
    [3, 300, 240],
    [4, 300, 300],
    [9, 86_400, 3_600],
    [1_000, 86_400, 3_600],
    [1, 30, 30],
  ])(
    'P2 the %dth in a row of a feed each %d s is followed by another attempt in %d s',
    (failures, cadenceS, delayS) => {
      expect(retryDelayS(failures, cadenceS)).toBe(delayS)
    },
  )
})
