import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestChargePoint } from '../../fsp/test/support/charge-point.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import { createClient } from '../support/client.ts'

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const clock = new SystemClock(() => undefined)
const units: TestChargePoint[] = []
const children: ChildProcess[] = []
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-alone-'))
  // PostgreSQL, which does not run as root, must reach its folder inside.
  await chmod(folder, 0o711)
})

afterAll(async () => {
  await Promise.all(units.map((unit) => unit.hangUp()))
  // It ends its database with itself.
  await Promise.all(children.map(ended))
  await rm(folder, { recursive: true, force: true })
})

/** Starts the FSP alone, with nothing but its data folder; resolves when it says where it is. */
async function startAlone(...flags: string[]) {
  const { DATABASE_URL: _, RINGMAIN_FSP_DATABASE_URL: _fsp, RINGMAIN_SITE_LOAD_KEY: _key, ...env } = process.env
  const args = [cli, 'fsp', '--http-port', '0', '--ocpp-port', '0', '--data', folder, ...flags]
  const child = spawn(process.execPath, args, {
    env: { ...env, RINGMAIN_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    if (said.includes('charge points come to')) break
  }
  const [, url = '', ocppUrl = ''] = /The FSP is at (\S+), its charge points come to (\S+)/.exec(said) ?? []
  const password = /as admin with the password (\S+):/.exec(said)?.[1]
  return { url, ocppUrl, password, stop: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = once(child, 'close')
  child.kill('SIGTERM')
  await end
}

/** A real OCPP 1.6-J client that shows no password. */
function stranger(ocppUrl: string, identity: string): TestChargePoint {
  const unit = new TestChargePoint(ocppUrl, identity, clock, { password: null })
  units.push(unit)
  return unit
}

async function logIn(url: string, password: string) {
  const { body } = await createClient(url).ask(depotAccessOperations.logIn, { body: { username: 'admin', password } })
  return createClient(url, { authorization: `Bearer ${body.token}` })
}

test('K9 an FSP alone makes its administrator once, and charge points of any make that connect work', async () => {
  const first = await startAlone('--accept-unknown')
  expect(first.password).toBeDefined()
  const admin = await logIn(first.url, first.password ?? '')
  const unit = stranger(first.ocppUrl, 'ACME=7.4@left')
  await unit.boot()
  const transactionId = await unit.plugIn(2, 'SOME-TAG')
  await expect.poll(() => unit.limits(2), { timeout: 60_000 }).toEqual([32])
  await unit.meter(2, transactionId, 100, 7_000)
  const state = (await admin.ask(depotOperations.readDepot, { params: { depotId: 'depot' } })).body
  expect(state.sockets).toMatchObject([
    { identity: 'ACME=7.4@left', connector: 1, connected: true },
    {
      connector: 2,
      state: 'charging',
      powerW: 7_000,
      setpointA: 32,
      transaction: { idTag: 'SOME-TAG', registration: null },
    },
  ])
  const unknown = (await admin.ask(unknownOperations.listUnknown)).body
  expect(unknown).toMatchObject([
    { kind: 'token', key: 'SOME-TAG' },
    { kind: 'charge-point', key: 'ACME=7.4@left', depotId: 'depot', isAccepted: true },
  ])
  const { data } = (await admin.ask(registerGroups.chargePoints.read, { params: { key: 'ACME=7.4@left' } })).body
  const registration = { params: { key: 'ACME=7.4@left' }, body: { ...data, serial: 'SN 1' } }
  const registered = await admin.ask(unknownOperations.registerUnknownChargePoint, registration)
  expect(registered.body).toMatchObject({ authorizationKey: null, entry: { changedBy: 'admin' } })
  expect((await admin.ask(unknownOperations.listUnknown, { query: { kind: 'charge-point' } })).body).toEqual([])
  await first.stop()

  const second = await startAlone()
  expect(second.password).toBeUndefined()
  await expect(stranger(second.ocppUrl, 'other-make').boot()).rejects.toThrow()
  const later = await logIn(second.url, first.password ?? '')
  expect((await later.ask(unknownOperations.listUnknown, { query: { kind: 'charge-point' } })).body).toMatchObject([
    { key: 'other-make', isAccepted: false },
  ])
  await second.stop()
}, 240_000)
