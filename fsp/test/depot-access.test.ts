import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAlarmOperations } from '../../schemas/fsp/alarms.ts'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import { commissioningOperations } from '../../schemas/fsp/commissioning.ts'
import { deliveryOperations } from '../../schemas/fsp/delivery.ts'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { depotGroups } from '../../schemas/fsp/groups.ts'
import { type Access, depotPeople } from '../../schemas/vocabulary/access.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { type Answer, createClient, type TestCall } from '../../test/support/client.ts'
import { depotAccount, depotAudit, depotKey, depotSession } from '../access/tables.ts'
import { securityEvent } from '../chargepoints/tables.ts'
import { admin, feedKeys, logIn, type Rig, startRig } from './support/rig.ts'

const {
  changeDepotAccount,
  changePassword,
  createDepotAccount,
  createDepotKey,
  listDepotAudit,
  logIn: logInOperation,
  logOut,
  readSession,
  revokeDepotKey,
  rotateDepotKey,
} = depotAccessOperations
const { readDepot, setControlMode, takeSiteLoad } = depotOperations
const password = 'a pass phrase of the test'
const yard = { depotId: 'yard' }

/** Calls the depot API with a token, or with none. */
const as = (rig: Rig, token: string | null, stated: Operation, call: TestCall = {}): Promise<Answer> =>
  createClient(rig.fsp.url, token === null ? {} : { authorization: `Bearer ${token}` }).ask(stated, call)

/** A new account of a role for some depots, logged in. */
async function person(rig: Rig, username: string, role: string, depotIds: string[] | null): Promise<string> {
  const body = { username, fullName: username, password, role, depotIds }
  expect((await as(rig, await rig.tokenOf(), createDepotAccount, { body })).status).toBe(200)
  return logIn(rig.fsp.url, { username, password })
}

interface Walker {
  token: string | null
  role?: string
  feed?: string
  isElsewhere?: true
}

let rig: Rig
let walkers: Record<string, Walker>
beforeAll(async () => {
  rig = await startRig('2026-01-15T12:00:00Z', {}, afterAll)
  const elsewhere = { name: 'elsewhere', feed: 'site-load', depotIds: ['elsewhere'], validDays: 1 }
  const made = await as(rig, await rig.tokenOf(), createDepotKey, { body: elsewhere })
  walkers = {
    nobody: { token: null },
    'sys-admin': { token: await logIn(rig.fsp.url), role: 'sys-admin' },
    'fleet-admin': { token: await person(rig, 'fleet', 'fleet-admin', null), role: 'fleet-admin' },
    'depot-admin': { token: await person(rig, 'depot', 'depot-admin', ['yard']), role: 'depot-admin' },
    'depot-admin elsewhere': {
      token: await person(rig, 'other', 'depot-admin', ['elsewhere']),
      role: 'depot-admin',
      isElsewhere: true,
    },
    'site load': { token: feedKeys['site-load'], feed: 'site-load' },
    'site load elsewhere': { token: made.body.secret, feed: 'site-load', isElsewhere: true },
    'meter history': { token: feedKeys['meter-history'], feed: 'meter-history' },
    'depot state': { token: feedKeys['depot-state'], feed: 'depot-state' },
    deliveries: { token: feedKeys.deliveries, feed: 'deliveries' },
  }
}, 120_000)

const operations = depotGroups
  .flatMap((group) => Object.values(group))
  .filter(({ access }) => access !== 'anyone')
  .map((stated) => [`${stated.method} ${stated.path}`, stated] as const)

/** What an operation's rule says of a caller, written down a second time. */
function isAllowed(access: Access, { role, feed }: Walker): boolean {
  if (access === 'anyone' || !access.depot) return access === 'anyone'
  const { people } = access.depot
  if (feed) return access.depot.feed === feed
  if (!role || people.length === 0) return false
  return people === 'any' || role === 'sys-admin' || people.some((each) => each === role)
}

const runId = '0b6f6d0e-6f0e-4b7e-9a53-0d6a1f3c2b10'
/** Input that a contract takes or refuses; what matters is that the caller gets as far as that, or does not. */
const input = {
  params: {
    ...yard,
    identity: 'none',
    accountId: 'none',
    keyId: 'none',
    key: 'none',
    warningId: 'none',
    feedId: 'none',
    fileId: 'none',
    transactionId: 1,
    runId,
    gatewayId: 'none',
  },
}

test.each(operations)(
  'SEC07 %s admits those whom it states, within their depots, and nobody else',
  async (_, stated) => {
    const isOfDepot = stated.path.includes('{depotId}')
    for (const [name, walker] of Object.entries(walkers)) {
      // A log-out and the like would end the walk; that they need a person is told by the others.
      if (stated.path === readSession.path && stated.method === 'delete' && walker.role) continue
      // Faults and alarms are both named by their kind.
      const kind = stated.path.includes('/alarm') ? 'feed-drift' : 'site-load-lost'
      const params = { ...input.params, kind }
      const body = isOfDepot && walker.isElsewhere ? validBody(stated) : {}
      // A span that the contract takes, so that the depot is what is refused.
      const query = stated === deliveryOperations.exportRegisters ? { query: evidenceSpan } : {}
      const call = stated.body ? { params, body } : { params, ...query }
      const { status } = await as(rig, walker.token, stated, call)
      if (walker.token === null) expect([name, status]).toEqual([name, 401])
      else if (!isAllowed(stated.access, walker)) expect([name, status]).toEqual([name, 403])
      else if (isOfDepot && walker.isElsewhere) expect([name, status]).toEqual([name, 404])
      else expect([name, [401, 403, 500].includes(status)]).toEqual([name, false])
    }
  },
)

const evidenceSpan = { from: '2026-01-15T12:00:00Z', to: '2026-01-15T13:00:00Z' }

/** A body that passes the contract, so that the depot is what is refused. */
function validBody(stated: Operation): unknown {
  const location = 'https://192.0.2.1/file'
  const bodies: [Operation, unknown][] = [
    [chargePointCommands.resetChargePoint, { type: 'soft' }],
    [chargePointCommands.unlockConnector, { connector: 1 }],
    [chargePointCommands.changeAvailability, { connector: null, isOperative: true }],
    [chargePointCommands.triggerMessage, { message: 'Heartbeat', connector: null }],
    [chargePointCommands.readConfiguration, { keys: [] }],
    [chargePointCommands.changeConfiguration, { key: 'HeartbeatInterval', value: '60' }],
    [chargePointCommands.updateFirmware, { location, retrieveAt: null }],
    [chargePointCommands.getDiagnostics, { location, from: null, to: null }],
    [commissioningOperations.startCommissioning, { connectors: [1], unlock: false, reboot: false }],
    [takeSiteLoad, { readings: [{ at: '2026-01-15T12:00:00Z', siteLoadW: 1 }] }],
    [setControlMode, { mode: 'off' }],
    [depotOperations.takeMeterHistory, { tradingDay: '2026-01-14', energyWh: Array(96).fill(0) }],
    [
      depotOperations.declareDepotService,
      { inService: false, effectiveFrom: '2026-01-15T12:00:00Z', reason: 'a test' },
    ],
    [
      depotOperations.connectMonitor,
      {
        hubId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
        tokenEndpoint: 'https://dno.example/oauth/token',
        clientId: 'monitor',
        clientSecret: 'a secret of the test',
      },
    ],
    [depotPlanOperations.injectFault, { kind: 'site-load-lost', minutes: 1 }],
    [
      depotPlanOperations.duplicateProfiledConnection,
      { key: 'copy', name: 'a copy', from: '2026-01-15', to: '2026-01-15' },
    ],
    [
      depotAlarmOperations.setAlarmSetting,
      { isOn: true, amberS: null, redS: 60, onDelayS: 0, offDelayS: 0, responsible: null },
    ],
    [emergencyOperations.switchOff, { confirm: 'yard', standingLimitA: 6, reason: 'a test' }],
    [emergencyOperations.switchOn, { confirm: 'yard', reason: 'a test' }],
  ]
  return bodies.find(([each]) => each === stated)?.[1]
}

test('SEC07 a list of depots holds the caller’s own, and a depot elsewhere is answered as one that is not there', async () => {
  const listed = async (name: string) => {
    const { body } = await as(rig, walkers[name]?.token ?? null, depotOperations.listDepots)
    return body.map((depot: { depotId: string }) => depot.depotId)
  }
  expect([await listed('depot-admin'), await listed('depot-admin elsewhere')]).toEqual([['yard'], []])
  const elsewhere = walkers['depot-admin elsewhere']?.token ?? null
  const hidden = await as(rig, elsewhere, readDepot, { params: yard })
  const missing = await as(rig, walkers['sys-admin']?.token ?? null, readDepot, { params: { depotId: 'nowhere' } })
  expect(hidden.body.detail).toBe('Depot yard not found.')
  expect(missing.body.detail).toBe('Depot nowhere not found.')
})

test('SEC07 what people do is recorded with who and when, and the record can only grow', async () => {
  const token = walkers['depot-admin']?.token ?? null
  await as(rig, token, setControlMode, { params: yard, body: { mode: 'monitor' } })
  const { body } = await as(rig, await logIn(rig.fsp.url), listDepotAudit, { query: { limit: 2 } })
  expect(body.items[1]).toMatchObject({
    actor: 'depot',
    action: 'depot.mode-set',
    subject: 'yard',
    detail: { mode: 'monitor' },
  })
  const next = await as(rig, await logIn(rig.fsp.url), listDepotAudit, { query: { cursor: body.nextCursor, limit: 1 } })
  expect(next.body.items).toHaveLength(1)
  await expect(rig.db.update(depotAudit).set({ actor: 'somebody else' })).rejects.toThrow()
  await expect(rig.db.delete(depotAudit)).rejects.toThrow()
  await expect(rig.db.execute(sql`truncate depot_audit`)).rejects.toThrow()
  const { password: secret } = admin
  expect(JSON.stringify(await rig.db.select().from(depotAudit))).not.toContain(secret)
})

test('SEC07 a key is shown once, kept as a digest, replaced with an overlap, and revoked at once', async () => {
  const own = await startRig()
  const token = await logIn(own.fsp.url)
  const given = { name: 'the yard’s meter', feed: 'site-load', depotIds: ['yard'], validDays: 30 }
  const { keyId, secret } = (await as(own, token, createDepotKey, { body: given })).body
  const post = async (key: string) =>
    (
      await as(own, key, takeSiteLoad, {
        params: yard,
        body: { readings: [{ at: '2026-01-15T12:00:00Z', siteLoadW: 1 }] },
      })
    ).status
  expect(await post(secret)).toBe(204)
  expect(JSON.stringify(await own.db.select().from(depotKey))).not.toContain(secret)
  const rotated = await as(own, token, rotateDepotKey, { params: { keyId }, body: { overlapHours: 1 } })
  expect([await post(secret), await post(rotated.body.secret)]).toEqual([204, 204])
  await own.pass(61)
  expect([await post(secret), await post(rotated.body.secret)]).toEqual([401, 204])
  const later = await logIn(own.fsp.url)
  await as(own, later, revokeDepotKey, { params: { keyId: rotated.body.keyId } })
  expect(await post(rotated.body.secret)).toBe(401)
  expect((await as(own, later, rotateDepotKey, { params: { keyId }, body: {} })).status).toBe(409)
})

test('SEC07 a session ends by log-out, unused after an hour, after twelve hours, and with the rights of its account', async () => {
  const own = await startRig()
  const [fleet, chief] = [await person(own, 'fleet', 'fleet-admin', null), await logIn(own.fsp.url)]
  const isOpen = async (token: string) => (await as(own, token, readSession)).status === 200
  expect((await as(own, fleet, readSession)).body).toMatchObject({ username: 'fleet', role: 'fleet-admin' })
  const [row] = (await own.db.select().from(depotAccount)).filter(({ username }) => username === 'fleet')
  const change = { fullName: 'F', role: 'depot-admin', depotIds: ['yard'], isDisabled: true }
  await as(own, chief, changeDepotAccount, { params: { accountId: row?.accountId }, body: change })
  expect(await isOpen(fleet)).toBe(false)
  expect((await as(own, null, logInOperation, { body: { username: 'fleet', password } })).status).toBe(401)
  for (let hour = 0; hour < 12; hour++) {
    expect(await isOpen(chief)).toBe(true)
    await own.pass(59)
  }
  await own.pass(15)
  expect(await isOpen(chief)).toBe(false)
  const [idle, left] = [await logIn(own.fsp.url), await logIn(own.fsp.url)]
  await as(own, left, logOut)
  await own.pass(60)
  expect([await isOpen(left), await isOpen(idle)]).toEqual([false, false])
  expect(JSON.stringify(await own.db.select().from(depotSession))).not.toContain(idle)
}, 180_000)

test('SEC07 the last sys-admin can be neither disabled nor demoted, and a changed password ends its sessions', async () => {
  const own = await startRig()
  const token = await logIn(own.fsp.url)
  const [row] = await own.db.select().from(depotAccount)
  const params = { accountId: row?.accountId }
  const stays = { fullName: 'A', role: 'sys-admin', depotIds: null, isDisabled: false }
  for (const change of [{ isDisabled: true }, { role: 'fleet-admin' }])
    expect((await as(own, token, changeDepotAccount, { params, body: { ...stays, ...change } })).status).toBe(409)
  const wrong = { present: 'not this one', next: 'another pass phrase' }
  expect((await as(own, token, changePassword, { body: wrong })).status).toBe(401)
  expect((await as(own, token, changePassword, { body: { ...wrong, present: admin.password } })).status).toBe(204)
  expect((await as(own, token, readSession)).status).toBe(401)
  await logIn(own.fsp.url, { ...admin, password: wrong.next })
})

test('SEC07 guessing a password is braked, noted, and says nothing about which names exist', async () => {
  const own = await startRig()
  const attempt = async (username: string, guess: string) => {
    const { status, body, headers } = await as(own, null, logInOperation, { body: { username, password: guess } })
    return { status, detail: body.detail, retryS: headers.get('retry-after') }
  }
  expect(await attempt('nobody', 'guess')).toEqual(await attempt('admin', 'guess'))
  const together = await Promise.all(Array.from({ length: 12 }, (_, i) => attempt('admin', `guess ${i}`)))
  expect(together.filter(({ status }) => status === 401)).toHaveLength(4)
  expect(await attempt('admin', admin.password)).toMatchObject({ status: 429, retryS: '900' })
  const events = await own.db.select().from(securityEvent)
  expect(events.map(({ event }) => event)).toEqual(Array(6).fill('FailedLogIn'))
  await own.pass(15)
  expect((await attempt('admin', admin.password)).status).toBe(200)
})

test('SEC07 a live FSP does not take a demo’s database, nor demo people', async () => {
  const person = {
    username: 'fleet',
    fullName: 'F',
    password: 'demo-fleet',
    role: 'fleet-admin',
    depotIds: null,
  } as const
  const own = await startRig('2026-01-15T12:00:00Z', { demoAccounts: [person] })
  expect((await own.db.select().from(depotAccount)).map(({ username }) => username)).toEqual(['admin'])
  await expect(own.restart({ environment: 'demo' })).rejects.toThrow(/demo/)
})

test('every operation of the depot API states people or a feed, but the log-in', () => {
  const open = depotGroups.flatMap((group) => Object.entries(group)).filter(([, { access }]) => access === 'anyone')
  expect(open.map(([name]) => name)).toEqual(['logIn'])
  expect(depotPeople()).toEqual({ depot: { people: 'any' } })
})
