import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTokenSource, fetchWithToken } from '../../platform/oauth/index.ts'
import type { Limit } from '../../schemas/dispatch/import-limits.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { depot, models, type Rig, startRig } from './support/rig.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)

/** An FSP at 12:00 whose depot may import 90 kW as agreed, with a caller of its control API. */
async function depotWithDno() {
  const rig = await startRig()
  await rig.register()
  const api = rig.dno.application?.controlApi
  if (!api) throw new Error('the FSP has not applied')
  const call = async (stated: Operation, given: object) => {
    // A restart takes another port.
    const tokens = createTokenSource({
      tokenEndpoint: `${rig.fsp.url}/oidc/token`,
      clientId: api.clientId,
      scope: api.scope ?? '',
      authentication: { method: 'client_secret_basic', secret: api.clientSecret ?? '' },
    })
    const { path, init } = requestOf(stated, given)
    const response = await fetchWithToken(tokens, `${rig.fsp.url}/control${path}`, init)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const send = (body: Limit) => call(controlOperations.sendLimit, { body })
  return { rig, send, ask: (id: string) => call(controlOperations.readLimitAnswer, { params: { id } }) }
}

function limitOf(rig: Rig, change: Partial<Limit> = {}): Limit {
  return {
    limitId: randomUUID(),
    connectionId: rig.connectionId,
    failSafeW: 30_000,
    intervals: [{ from: `${at('12:10')}`, to: `${at('12:20')}`, importLimitW: 60_000 }],
    issuedAt: `${at('12:02')}`,
    validUntil: `${at('12:30')}`,
    ...change,
  }
}

const decisionOf = async (rig: Rig) => (await rig.depotState()).decision
const capacityAt = async (rig: Rig, time: string) => {
  await rig.clock.advanceTo(at(time))
  const decision = await decisionOf(rig)
  return [decision?.dnoLimitW, decision?.capacityW]
}

test('a limit of the DNO caps the site in its intervals, and from its end on the fail-safe limit holds, after a restart too', async () => {
  const { rig, send } = await depotWithDno()
  const given = limitOf(rig)
  expect((await send(given)).body).toEqual({ limitId: given.limitId, outcome: 'accepted' })
  expect(await capacityAt(rig, '12:09')).toEqual([null, 90_000])
  expect(await capacityAt(rig, '12:10')).toEqual([60_000, 60_000])
  expect(await capacityAt(rig, '12:20')).toEqual([null, 90_000])
  expect(await capacityAt(rig, '12:30')).toEqual([30_000, 30_000])
  await rig.restart()
  expect(await capacityAt(rig, '14:00')).toEqual([30_000, 30_000])
  const release = limitOf(rig, {
    intervals: [],
    failSafeW: null,
    issuedAt: `${at('14:00')}`,
    validUntil: `${at('14:30')}`,
  })
  await send(release)
  expect(await capacityAt(rig, '14:01')).toEqual([null, 90_000])
  expect(await capacityAt(rig, '15:00')).toEqual([null, 90_000])
})

test('vehicles are held below the limit of the DNO', async () => {
  const { rig, send } = await depotWithDno()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.siteLoad(25_000)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(32)
  await send(
    limitOf(rig, {
      intervals: [{ from: `${at('12:00')}`, to: `${at('12:30')}`, importLimitW: 27_300 }],
    }),
  )
  await rig.pass(1)
  // 27.3 kW − 25 kW leave 10 A at 230 V.
  expect(unit.limits(1).at(-1)).toBe(10)
})

test('FM06 the same limit has one effect and one answer; one that was issued earlier, or has ended, is refused', async () => {
  const { rig, send, ask } = await depotWithDno()
  const given = limitOf(rig, { issuedAt: `${at('12:01')}` })
  const answers = await Promise.all([send(given), send(given), send(given)])
  answers.push(await ask(given.limitId))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect((await send({ ...given, failSafeW: 1 })).status).toBe(409)
  expect((await ask(randomUUID())).status).toBe(404)
  const refused = async (change: Partial<Limit>) => (await send(limitOf(rig, change))).body['reason']
  expect(await refused({ issuedAt: `${at('12:00')}` })).toBe('expired')
  expect(await refused({ validUntil: `${at('12:02')}` })).toBe('expired')
  expect(await refused({ connectionId: randomUUID() })).toBe('unknown-connection')
  const [one] = given.intervals
  expect(await refused({ intervals: one ? [one, one] : [] })).toBe('malformed')
  expect((await send({ ...given, validUntil: 'soon' })).status).toBe(422)
})

test('A11 Easter Monday has the limit of a day off, until the DNO says that the area is in Scotland, where it is a working day', async () => {
  const limits = { weekday: [{ from: '00:00', limitW: 70_000 }], weekend: [{ from: '00:00', limitW: 85_000 }] }
  const rig = await startRig('2026-04-06T12:00:00Z', { first: { depots: [{ ...depot, profile: limits }], models } })
  rig.dno.country = 'SCT'
  await rig.pass(1)
  expect((await decisionOf(rig))?.capacityW).toBe(85_000)
  await rig.register()
  await rig.pass(5)
  expect((await decisionOf(rig))?.capacityW).toBe(70_000)
})
