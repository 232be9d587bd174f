import { expect, test } from 'vitest'
import { publicJwk } from '../../../../schemas/access/keys.ts'
import { readJwk } from './jwk.ts'

const key = publicJwk.meta()?.['example'] as Record<string, string>

test('takes a key, and a set of one', () => {
  expect(readJwk(JSON.stringify(key))).toMatchObject({ ok: true, jwk: key })
  expect(readJwk(JSON.stringify({ keys: [key] }))).toMatchObject({ ok: true, jwk: key })
})

test.each([
  ['nothing', ' ', 'Paste the public key'],
  ['a PEM file', '-----BEGIN PUBLIC KEY-----', 'This is not JSON'],
  ['two keys', JSON.stringify({ keys: [key, key] }), 'a set of 2 keys'],
  ['a private key', JSON.stringify({ ...key, d: 'c2VjcmV0' }), '“d” belongs to the private key'],
  ['a key of another kind', JSON.stringify({ ...key, kty: 'oct' }), '“kty” is missing or not right'],
  ['no object', '7', '“kty” is missing or not right'],
])('says what is wrong with %s', (_, text, fault) => {
  expect(readJwk(text)).toMatchObject({ ok: false, fault: expect.stringContaining(fault) })
})
