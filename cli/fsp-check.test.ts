import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { type ControlFsp, startControlFsp } from '../test/support/control-fsp.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { checkControlApi } from './fsp-check.ts'

let fsp: ControlFsp
beforeAll(async () => {
  fsp = await startControlFsp((await createTestDatabase('server')).db)
})

const check = (change: object = {}) => {
  const { baseUrl, ...rest } = fsp.controlApi
  return checkControlApi({ url: baseUrl, ...rest, fuId: randomUUID(), ...change })
}
const failing = (results: { name: string; ok: boolean }[]) => results.filter((r) => !r.ok).map((r) => r.name)

test('names what a careless FSP gets wrong, and nothing else', async () => {
  // The test FSP accepts every unit, looks at no expiry, keeps no limit, and answers 500 to what it cannot parse.
  expect(failing(await check())).toEqual([
    'a body that is no JSON is answered 400 or 422, with a problem',
    'an instruction for an FU that is not there is refused as unknown-unit',
    'a body that breaks the contract is answered 4xx, or refused as malformed',
    'a limit for a connection that is not the FSP’s is refused as unknown-connection',
    'a limit that nobody sent is answered 404, with a problem',
    'an instruction that has expired is refused as expired',
  ])
})

test('one effect per instruction is checked by sending it twice', async () => {
  fsp.behaviour = 'nonsense'
  expect(failing(await check())).toContain('an instruction for its FU is answered')
  fsp.behaviour = 'accept'
})

test('FB07 a token endpoint that gives no token is the first thing that it says', async () => {
  const [first] = await check({ clientSecret: 'wrong secret' })
  expect(first).toMatchObject({ ok: false, detail: expect.stringContaining('no access token') })
})
