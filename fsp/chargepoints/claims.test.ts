import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identityIn, keysOf, passwordIn } from './claims.ts'

const basic = (user: string, password: Buffer) =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), password]).toString('base64')}`

test.each([
  ['/ocpp/yard-01', 'yard-01'],
  ['/ocpp/yard%2D01', 'yard-01'],
  [`/ocpp/${'x'.repeat(48)}`, 'x'.repeat(48)],
  [`/ocpp/${'x'.repeat(49)}`, null],
  ['/ocpp/', null],
  ['/ocpp/a/b', null],
  ['/ocpp/a%2Fb', null],
  ['/ocpp/a%252Fb', null],
  ['/ocpp/a%3Ab', null],
  ['/ocpp/a%00', null],
  ['/ocpp/%', null],
  ['/ocpp/%ff', null],
  ['/ocpp/yard-01?a', null],
  ['/OCPP/yard-01', null],
  ['http://host/ocpp/yard-01', null],
])('SEC07 the target %s names %s', (target, identity) => {
  expect(identityIn(target)).toBe(identity)
})

test('SEC07 no target makes the reading of an identity throw, and what it reads has the stated form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(identityIn(`/ocpp/${text}`) ?? 'none').toMatch(/^[A-Za-z0-9*_=+|@.-]{1,48}$/)
    }),
  )
})

test('SEC07 a password counts for the identity that it is shown with, and has 16 to 20 octets or their digits', () => {
  const password = Buffer.from(Array.from({ length: 20 }, (_, i) => i * 13))
  expect(passwordIn(basic('a', password), 'a')).toEqual(password)
  expect(passwordIn(basic('b', password), 'a')).toBeNull()
  expect(passwordIn(basic('a', password.subarray(0, 15)), 'a')).toBeNull()
  expect(passwordIn(basic('a', Buffer.alloc(41)), 'a')).toBeNull()
  for (const header of [undefined, '', 'Basic', 'Basic !', 'Bearer eA==']) expect(passwordIn(header, 'a')).toBeNull()
  expect(keysOf(password)).toEqual([password.toString('hex')])
  expect(keysOf(Buffer.from(password.toString('hex').toUpperCase()))).toEqual([password.toString('hex')])
  expect(keysOf(Buffer.from('a pass phrase of OCPP 2.0.1'))).toEqual([
    Buffer.from('a pass phrase of OCPP 2.0.1').toString('hex'),
  ])
})
