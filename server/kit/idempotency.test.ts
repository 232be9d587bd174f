import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { claimKey, digestOfData, forgetOldKeys, keepAnswer, keyIn } from './idempotency.ts'

const { db } = await createTestDatabase('server')
const at = Instant.parse('2026-01-15T08:00:00Z')
const request = (key: string, body: unknown) => ({
  caller: 'client fsp-1',
  request: 'POST /api/things',
  key,
  digest: digestOfData({ body }),
})

test('a digest depends on what is said, not on its order', () => {
  expect(digestOfData({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(digestOfData({ b: { c: [1, 2] }, a: 1 }))
  expect(digestOfData({ list: [1, 2] })).not.toBe(digestOfData({ list: [2, 1] }))
  expect(digestOfData({ a: null })).not.toBe(digestOfData({}))
})

test('the same request under the same key is answered as it was, under one identifier', async () => {
  const given = request('first', { name: 'Yard' })
  const claim = await claimKey(db, at, given)
  expect(claim.first).toBeNull()
  await keepAnswer(db, given, { derId: claim.id })
  const again = await claimKey(db, at, given)
  expect(again.id).toBe(claim.id)
  expect(JSON.parse(again.first?.answer ?? '')).toEqual({ derId: claim.id })
})

test('rejects a reused key with another body', async () => {
  const given = request('second', { name: 'Yard' })
  await claimKey(db, at, given)
  await keepAnswer(db, given, {})
  const other = claimKey(db, at, request('second', { name: 'Roof' }))
  await expect(other).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('use a new key') })
})

test('a request that was cut off before its answer keeps its identifier', async () => {
  const cut = { ...request('third', {}), digest: null }
  const { id } = await claimKey(db, at, cut)
  expect(await claimKey(db, at, cut)).toEqual({ id, first: null })
})

test('of two requests at once under one key, the second waits and gets the answer of the first', async () => {
  const given = request('fourth', { name: 'Yard' })
  const order: string[] = []
  const first = db.transaction(async (tx) => {
    const { id } = await claimKey(tx, at, given)
    await new Promise((resolve) => setImmediate(resolve))
    await keepAnswer(tx, given, { derId: id })
    order.push('first answered')
    return id
  })
  const second = db.transaction(async (tx) => {
    const claim = await claimKey(tx, at, given)
    order.push('second found')
    return claim
  })
  const [id, claim] = await Promise.all([first, second])
  expect(claim.id).toBe(id)
  expect(order.at(-1)).toBe(claim.first ? 'second found' : 'first answered')
})

test('keys of one caller, of one thing, do not meet those of another', async () => {
  const one = await claimKey(db, at, request('fifth', { a: 1 }))
  const other = await claimKey(db, at, { ...request('fifth', { b: 2 }), caller: 'client fsp-2' })
  const elsewhere = await claimKey(db, at, { ...request('fifth', { c: 3 }), request: 'POST /api/others' })
  expect(new Set([one.id, other.id, elsewhere.id]).size).toBe(3)
})

test('a key is forgotten after thirty days', async () => {
  const given = request('sixth', {})
  const { id } = await claimKey(db, at, given)
  await forgetOldKeys(db, at.plusSeconds(29 * 86_400))
  expect((await claimKey(db, at, given)).id).toBe(id)
  await forgetOldKeys(db, at.plusSeconds(31 * 86_400))
  expect((await claimKey(db, at, given)).id).not.toBe(id)
})

test('a key has 1 to 200 characters', () => {
  expect(keyIn(undefined)).toBeNull()
  expect(keyIn('k'.repeat(200))).toHaveLength(200)
  for (const wrong of ['', 'k'.repeat(201)]) expect(() => keyIn(wrong)).toThrow('1 to 200 characters')
})
