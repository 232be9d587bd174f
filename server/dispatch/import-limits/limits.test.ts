import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { giveAuthority, registerFsp, registerUnit, saveTestSite } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import { createControlDirectory } from '../transports/index.ts'
import { createLimitSender, planLimits } from './index.ts'
import { planLimit } from './store.ts'
import { connectionLimit } from './tables.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
let connectionId: string
beforeEach(async () => {
  rig = await startDispatchRig(at('15:50'))
  connectionId = (await registerUnit(rig.fsp.client, 'Yard', rig.mpan)).connectionId
})

const policy = (change: object = {}) => ({
  onBreach: true,
  onLinkLost: false,
  failSafeW: 50_000,
  validMinutes: 20,
  ...change,
})
const setPolicy = (body: object, revision = 0, who = rig.engineer) =>
  who.ask(operations.saveFailSafePolicy, { params: { id: connectionId }, body }, { 'if-match': `"${revision}"` })
const breach = () =>
  raiseAlarm(rig.server.context.db, rig.clock.now(), {
    kind: 'limit-breach',
    source: { type: 'connection', id: connectionId, name: 'Yard' },
    message: 'Yard imports 120.0 kW, 20.0 kW over the limit of 100.0 kW of its profile.',
  })
const breachEnds = () =>
  clearAlarm(rig.server.context.db, rig.clock.now(), { kind: 'limit-breach', sourceId: connectionId })
const limits = async () => (await rig.engineer.ask(operations.listImportLimits, { query: { connectionId } })).body.items
const states = async () => (await limits()).map((l: { cause: string; state: string }) => [l.cause, l.state]).reverse()

test('a breach sends the FSP its fail-safe limit, renews it while the breach lasts, and releases it at its end', async () => {
  expect((await setPolicy(policy())).body).toEqual({ connectionId, ...policy(), revision: 1 })
  rig.startJobs()
  await rig.clock.advanceTo(at('15:55'))
  expect(rig.control.limits).toEqual([])
  await breach()
  await rig.clock.advanceTo(at('16:00'))
  expect(rig.control.limits).toMatchObject([
    {
      connectionId,
      failSafeW: 50_000,
      issuedAt: `${rigDay}T15:56:00Z`,
      validUntil: `${rigDay}T16:16:00Z`,
      intervals: [{ from: `${rigDay}T15:56:00Z`, to: `${rigDay}T16:16:00Z`, importLimitW: 50_000 }],
    },
  ])
  await rig.clock.advanceTo(at('16:07'))
  expect(await states()).toEqual([
    ['breach', 'superseded'],
    ['breach', 'acknowledged'],
  ])
  await breachEnds()
  await rig.clock.advanceTo(at('16:40'))
  expect(rig.control.limits.at(-1)).toMatchObject({ intervals: [], failSafeW: null })
  expect(await states()).toEqual([
    ['breach', 'superseded'],
    ['breach', 'superseded'],
    ['release', 'acknowledged'],
  ])
})

test('E2EPA011 while the link is lost the standing limit lapses to its fail-safe at the FSP, with an alarm; the next one ends that', async () => {
  await setPolicy(policy({ onBreach: false, onLinkLost: true }))
  rig.startJobs()
  await rig.clock.advanceTo(at('15:51'))
  // What is agreed changes at 16:00: the limit says so ahead.
  expect(rig.control.limits).toMatchObject([
    {
      intervals: [
        { from: `${rigDay}T15:50:00Z`, to: `${rigDay}T16:00:00Z`, importLimitW: 170_000 },
        { from: `${rigDay}T16:00:00Z`, to: `${rigDay}T16:10:00Z`, importLimitW: 100_000 },
      ],
      failSafeW: 50_000,
    },
  ])
  rig.control.isTokenEndpointDown = true
  rig.control.behaviour = 'hang-up'
  await rig.clock.advanceTo(at('16:11'))
  expect((await limits()).map((l: { state: string }) => l.state)).toContain('lapsed')
  expect(await rig.openAlarms()).toMatchObject([{ kind: 'limit-not-confirmed', sourceId: rig.fsp.fspId }])
  rig.control.isTokenEndpointDown = false
  rig.control.behaviour = 'accept'
  await rig.clock.advanceTo(at('16:13'))
  const [now] = await limits()
  expect(now).toMatchObject({ cause: 'standing', state: 'acknowledged' })
  expect(await rig.openAlarms()).toEqual([])
})

test('FM06 FM07 a limit that was cut off or not answered is sent again under the same identifier', async () => {
  await setPolicy(policy())
  await breach()
  rig.startJobs()
  rig.control.behaviour = 'hang-up'
  await rig.clock.advanceTo(at('15:51'))
  expect(await states()).toEqual([['breach', 'unknown']])
  rig.control.behaviour = 'accept'
  await rig.clock.advanceTo(at('15:53'))
  expect(await states()).toEqual([['breach', 'acknowledged']])
  expect(rig.control.limits.length).toBeGreaterThan(1)
  expect(new Set(rig.control.limits.map((l) => l.limitId)).size).toBe(1)
  const [one] = await limits()
  const { body } = await rig.fsp.client.ask(operations.readImportLimit, { params: { id: one.limitId } })
  const outcomes = body.attempts.map((a: { outcome: string }) => a.outcome.split(':')[0])
  expect([outcomes[0], outcomes.at(-1)]).toEqual(['unknown', 'accepted'])
})

test('FM08 however many workers plan at once, one limit is planned', async () => {
  await setPolicy(policy())
  await breach()
  const planned = await Promise.all(Array.from({ length: 6 }, () => planLimits(rig.server.context)))
  expect(planned.reduce((sum, n) => sum + n)).toBe(1)
  expect(await states()).toEqual([['breach', 'planned']])
})

test('FM10 a limit that lapses while a call to its FSP hangs is alarmed by the next round', async () => {
  const { context } = rig.server
  const send = createLimitSender(context, createControlDirectory(context))
  await setPolicy(policy())
  await breach()
  await planLimits(context)
  await send()
  const [held] = await context.db.select().from(connectionLimit)
  if (!held) throw new Error('no limit was planned')
  expect(held.state).toBe('acknowledged')
  const further = await saveTestSite(context.db, rig.clock.now())
  await giveAuthority(rig.engineer, rig.fsp.client, further.mpan)
  await registerUnit(rig.fsp.client, 'Further yard', further.mpan)
  const other = {
    limitId: randomUUID(),
    connectionId: further.connectionId,
    validUntil: held.validUntil.plusSeconds(3_600),
  }
  await planLimit(context.db, { ...held, ...other, state: 'planned', acknowledgedAt: null })
  rig.control.behaviour = 'hang'
  const hanging = send()
  await expect.poll(() => rig.control.hanging).toBe(1)
  await rig.clock.advanceTo(held.validUntil)
  await send()
  rig.control.behaviour = 'accept'
  rig.control.release()
  await hanging
  await send()
  const alarm = (await rig.openAlarms()).find(({ kind }) => kind === 'limit-not-confirmed')
  expect(alarm?.message).toContain(`the limit of connection ${connectionId} has lapsed to 50000 W`)
})

test('a refusal is recorded with its reason and alarmed', async () => {
  await setPolicy(policy())
  await breach()
  rig.control.behaviour = 'refuse-outside-window'
  rig.startJobs()
  await rig.clock.advanceTo(at('15:51'))
  expect(await limits()).toMatchObject([{ state: 'refused', reason: 'unknown-connection' }])
  expect(await rig.openAlarms()).toMatchObject([{ kind: 'limit-breach' }, { kind: 'limit-not-confirmed' }])
})

test('an FSP by e-mail has one sheet for a breach, which a person confirms', async () => {
  const route = { params: { id: rig.fsp.fspId }, body: { route: 'email', email: 'desk@fsp.example' } }
  await agreed(await secondPerson(rig.server), rig.engineer.ask(operations.setDispatchRoute, route))
  await setPolicy(policy({ onLinkLost: true }))
  rig.startJobs()
  await rig.clock.advanceTo(at('15:51'))
  expect(await limits()).toEqual([])
  await breach()
  await rig.clock.advanceTo(at('15:52'))
  // Without a mail server the limit waits, and the alarm says for what.
  expect(await states()).toEqual([['breach', 'planned']])
  const alarm = (await rig.openAlarms()).find((a) => a.kind === 'limit-not-confirmed')
  expect(alarm?.message).toContain('RINGMAIN_SMTP_URL')
  const [one] = await limits()
  const confirm = () =>
    rig.engineer.ask(operations.confirmImportLimit, { params: { id: one.limitId }, body: { note: 'Jo by telephone' } })
  expect((await confirm()).status).toBe(409)
  await rig.server.context.db.$client`update connection_limit set state = 'sent', next_attempt_at = valid_until`
  expect((await confirm()).body).toMatchObject({ state: 'acknowledged' })
})

test('FM15 FM40 a policy is changed from the revision that was read, by those who may, and FSPs see their own limits only', async () => {
  await setPolicy(policy())
  expect((await setPolicy(policy({ failSafeW: -1 }), 1)).status).toBe(422)
  const refused = await setPolicy(policy({ failSafeW: 60_000 }), 0)
  expect(refused).toMatchObject({
    status: 412,
    body: { errors: [{ field: 'failSafeW', message: 'is 50000 now, and 60000 in yours' }] },
  })
  expect((await setPolicy(policy(), 1, await rig.server.person('clara', 'settlement'))).status).toBe(403)
  const missing = await rig.engineer.ask(operations.saveFailSafePolicy, {
    params: { id: connectionId },
    body: policy(),
  })
  expect(missing.status).toBe(428)
  expect((await rig.engineer.ask(operations.readFailSafePolicy, { params: { id: randomUUID() } })).status).toBe(404)
  expect((await rig.engineer.ask(operations.readFailSafePolicy, { params: { id: connectionId } })).body).toMatchObject({
    revision: 1,
  })

  await breach()
  rig.startJobs()
  await rig.clock.advanceTo(at('15:51'))
  const [one] = (await rig.fsp.client.ask(operations.listImportLimits)).body.items
  const stranger = await registerFsp(rig.server, rig.engineer, 'Stranger Ltd', rig.control)
  expect((await stranger.client.ask(operations.listImportLimits)).body.items).toEqual([])
  expect((await stranger.client.ask(operations.readImportLimit, { params: { id: one.limitId } })).status).toBe(404)
})
