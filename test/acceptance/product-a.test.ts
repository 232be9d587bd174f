import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contractedStarts } from '../../cli/demo/market.ts'
import { createTokenSource, fetchWithToken } from '../../platform/oauth/index.ts'
import { instructionAnswer } from '../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { operations } from '../../schemas/operations.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { pathOf } from '../../schemas/vocabulary/client.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { findFsp, sealedControlSecrets } from '../../server/market/index.ts'
import { type Scenario, startScenario } from '../support/scenario.ts'

/** Bexleyheath's building alone is more than this limit, which its profile has for a quarter of an hour. */
const tightLimit = { from: '19:15', to: '19:30', limitW: 5_000 }

let scenario: Scenario
let islington = ''
let prepared: Statement
/** Sent to the FSP at 16:00 for a window that no contract covers. */
let outside: { answer: z.infer<typeof instructionAnswer>; capAfterW: number | null }

const depotStates = new Map<string, { at: Instant; flexibilityCapW: number | null; evLoadW: number }[]>()

/** What the FSP itself says of a depot. */
async function depotState(depotId: string) {
  const { fsp } = scenario.system
  const shape = z.object({
    decision: z.object({ flexibilityCapW: z.number().nullable(), evLoadW: z.number(), headroomW: z.number() }),
  })
  const response = await fetch(`${fsp.url}${pathOf(depotOperations.readDepot, { params: { depotId } })}`, {
    headers: { authorization: `Bearer ${scenario.depotStateKey}` },
  })
  return shape.parse(await response.json()).decision
}

async function watchTo(time: string): Promise<void> {
  const end = scenario.at(time)
  while (scenario.clock.now().isBefore(end)) {
    await scenario.clock.advanceTo(scenario.clock.now().plusSeconds(60))
    for (const { depotId } of scenario.depots) {
      const states = depotStates.get(depotId) ?? []
      states.push({ at: scenario.clock.now(), ...(await depotState(depotId)) })
      depotStates.set(depotId, states)
    }
  }
}

/** States of a depot from one time up to another. */
const between = (depotId: string, from: string, to: string) =>
  (depotStates.get(depotId) ?? []).filter((s) => !s.at.isBefore(scenario.at(from)) && s.at.isBefore(scenario.at(to)))

const contractOf = (fuId: string) => {
  const found = scenario.contracts.find((each) => each.fuId === fuId)
  if (!found) throw new Error(`no contract for ${fuId}`)
  return found
}

/** Calls the FSP's control API as the DNO does: with a token from the endpoint that the FSP named. */
async function instruct(body: Record<string, unknown>) {
  const { context } = scenario.system.server
  const contract = scenario.contracts[0]
  const fsp = await findFsp(context.db, contract?.fspId ?? '')
  if (!fsp) throw new Error('the FSP is not registered')
  const tokens = createTokenSource({
    tokenEndpoint: fsp.controlTokenEndpoint,
    clientId: fsp.controlClientId,
    authentication: {
      method: 'client_secret_basic',
      secret: context.secrets.open(fsp.sealedControlSecret ?? '', sealedControlSecrets.use(fsp.fspId)),
    },
    ...(fsp.controlScope ? { scope: fsp.controlScope } : {}),
  })
  return fetchWithToken(tokens, `${fsp.controlBaseUrl}${controlOperations.instruct.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

const instructionOf = (fuId: string, from: string, to: string, turnDownW: number) => ({
  instructionId: randomUUID(),
  fuId,
  product: 'A',
  issuedAt: scenario.clock.now().toString(),
  onExpiry: 'end',
  intervals: [{ from: scenario.at(from).toString(), to: scenario.at(to).toString(), turnDownW }],
  expiresAt: scenario.at(from).toString(),
})

/** Islington is turned down from 17:00 and told at 17:30 that it ends at 18:00; Bexleyheath to the end of its window at 19:00. */
async function schedule(): Promise<void> {
  const { engineer, contracts, day } = scenario
  for (const contract of contracts) {
    const starts = new Set(contractedStarts(contract, day).map(String))
    const end = scenario.at('18:00')
    const values = periodStarts(day, 'PT15M').map((start) => {
      if (!starts.has(String(start))) return null
      if (contract.fuId !== islington || start.isBefore(end)) return contract.turnDownW
      return start.equals(end) ? 0 : null
    })
    const params = { fuId: contract.fuId, day: day.toString() }
    await engineer.api.call(operations.saveManualSchedule, {
      params: { ...params, kind: 'manual' },
      body: { resolution: 'PT15M', values },
      version: null,
    })
    await engineer.api.call(operations.selectDispatchSchedule, { params, body: { kind: 'manual' } })
  }
}

const fuOf = (name: string) => scenario.contracts.find((each) => each.fuName.includes(name))?.fuId ?? ''

beforeAll(async () => {
  scenario = await startScenario({
    depotIds: ['islington', 'bexleyheath'],
    change: (depot) => {
      if (depot.depotId !== 'bexleyheath') return depot
      const after = depot.profile.weekday.findLast((step) => step.from <= tightLimit.to)?.limitW ?? 0
      const kept = depot.profile.weekday.filter((s) => s.from < tightLimit.from || s.from > tightLimit.to)
      const steps = [...kept, tightLimit, { from: tightLimit.to, limitW: after }].map(({ from, limitW }) => ({
        from,
        limitW,
      }))
      return { ...depot, profile: { ...depot.profile, weekday: steps.sort((a, b) => (a.from < b.from ? -1 : 1)) } }
    },
  })
  islington = fuOf('Islington')
  await schedule()
  await scenario.passTo('16:00')
  const answer = await instruct(instructionOf(islington, '16:15', '16:30', 1_000))
  await scenario.passTo('16:20')
  outside = {
    answer: instructionAnswer.parse(await answer.json()),
    capAfterW: (await depotState('islington')).flexibilityCapW,
  }
  await watchTo('19:45')
  const clerk = await scenario.person('settlement')
  const { fspId } = contractOf(islington)
  prepared = await clerk.api.call(operations.prepareStatement, { body: { fspId, product: 'A', month: '2026-01' } })
}, 240_000)

describe('measurements', () => {
  test('NM01 live measurements come from a hub over DNP3 and are seen with unit, quality and both times', async () => {
    const { engineer, system, clock } = scenario
    // The FSP's own monitors stream beside the hubs, and are not polled.
    const hubs = (await engineer.api.call(operations.listHubs, {})).filter((hub) => hub.ownership !== 'customer')
    expect(hubs.map((hub) => hub.link)).toEqual(['online', 'online'])
    const hubId = scenario.depots[0]?.hubId ?? ''
    const readings = await engineer.api.call(operations.readNewestReadings, { params: { id: hubId } })
    const powers = readings.filter((reading) => reading.quantity === 'active-power')
    expect(powers).toHaveLength(9)
    for (const reading of powers) {
      expect(reading).toMatchObject({ unit: 'W', quality: 'good' })
      expect(Date.parse(reading.receivedTime)).toBeGreaterThan(clock.now().toEpochMilli() - 120_000)
    }
    const [row] = await system.server.context.db.execute<{ n: number }>(sql`
      select count(*)::int as n from measurement where hub_id in (select hub_id from hub where ownership = 'dno')`)
    expect(row?.n).toBe(system.hubs.pointsAnswered())
  })

  test('NM02 load over the limit in force is a breach with its excess, alarmed, and clears by itself', async () => {
    const { engineer, depots } = scenario
    const connectionId = depots.find(({ depotId }) => depotId === 'bexleyheath')?.connectionId
    const { items } = await engineer.api.call(operations.listBreaches, {})
    const found = items.find((b) => b.connectionId === connectionId && b.limitSource === 'profile')
    expect(found).toMatchObject({ limitW: tightLimit.limitW })
    expect(found?.peakExcessW).toBeGreaterThan(1_000)
    expect(found?.excessWh).toBeGreaterThan(100)
    const minutes = (text: string) => (Date.parse(text) - scenario.at('00:00').toEpochMilli()) / 60_000
    expect(minutes(found?.start ?? '')).toBeCloseTo(19 * 60 + 15, -1)
    // The limit is tight until 19:30; a breach ends after five minutes below 98 % of the one after it.
    expect(minutes(found?.end ?? '')).toBeCloseTo(19 * 60 + 35, -1)
    const alarms = await engineer.api.call(operations.listAlarms, { query: { state: 'all' } })
    const raised = alarms.items.find((a) => a.kind === 'limit-breach' && a.source.id === connectionId)
    expect(raised).toMatchObject({ state: 'cleared-unacknowledged' })
  })
})

describe('dispatch', () => {
  test('FA05 every instruction goes out half an hour ahead of its window, once, and is acknowledged', async () => {
    const received = await scenario.system.fsp.receivedInstructions()
    const own = received.filter((each) => each.from.isAfter(scenario.at('16:30')))
    expect(own.map((each) => `${each.from} ${each.fuId}`)).toHaveLength(
      new Set(own.map((e) => `${e.from} ${e.fuId}`)).size,
    )
    // Four quarter-hours and the 0 W of Islington, eight of Bexleyheath.
    expect(own).toHaveLength(5 + 8)
    for (const each of own) {
      expect(each.outcome).toBe('accepted')
      expect(each.receivedAt.toString()).toBe(each.from.minusSeconds(1_800).toString())
    }
    const board = await scenario.engineer.api.call(operations.readDispatchBoard, {
      query: { day: scenario.day.toString() },
    })
    expect(board.totals).toMatchObject({ due: 13, issued: 13, acknowledged: 13, refused: 0, unknown: 0, missed: 0 })
  })

  test('E2EPA007 the turn-down starts with its window, and the hub sees less power', () => {
    const [before, during] = [between('islington', '16:45', '17:00'), between('islington', '17:03', '18:00')]
    expect(before.every((s) => s.flexibilityCapW === null)).toBe(true)
    for (const state of during) {
      expect(state.flexibilityCapW).not.toBeNull()
      // A vehicle that was told to slow down does so within the minute.
      expect(state.evLoadW).toBeLessThanOrEqual((state.flexibilityCapW ?? 0) + 1)
    }
  })

  test('E2EPA009 a 0 W instruction ends the turn-down at the time stated in it, not on receipt', async () => {
    const received = await scenario.system.fsp.receivedInstructions()
    const ending = received.find((each) => each.fuId === islington && each.turnDownW === 0)
    expect(ending?.receivedAt.toString()).toBe(scenario.at('17:30').toString())
    expect(between('islington', '17:31', '18:00').every((s) => s.flexibilityCapW !== null)).toBe(true)
    expect(between('islington', '18:00', '19:00').every((s) => s.flexibilityCapW === null)).toBe(true)
  })

  test('E2EPA008 E2EPA016 the turn-down ends by itself at the end of the flexibility period', () => {
    expect(between('bexleyheath', '17:01', '19:00').every((s) => s.flexibilityCapW !== null)).toBe(true)
    expect(between('bexleyheath', '19:00', '19:45').every((s) => s.flexibilityCapW === null)).toBe(true)
  })

  test('E2EPA017 an instruction outside the contracted window is answered as such and causes no turn-down', () => {
    expect(outside.answer).toMatchObject({ outcome: 'refused', reason: 'outside-window' })
    expect(outside.capAfterW).toBeNull()
  })

  test('FA06 the FSP takes instructions from its own token endpoint’s clients only', async () => {
    const { fsp } = scenario.system
    const body = JSON.stringify(instructionOf(islington, '18:15', '18:30', 1_000))
    const headers = { 'content-type': 'application/json' }
    const before = (await fsp.receivedInstructions()).length
    const without = await fetch(`${fsp.url}/control${controlOperations.instruct.path}`, {
      method: 'POST',
      headers,
      body,
    })
    expect(without.status).toBe(401)
    const broken = await instruct({
      ...instructionOf(islington, '18:15', '18:30', 1_000),
      intervals: [{ from: 'soon' }],
    })
    expect(broken.status).toBe(422)
    expect(await broken.json()).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ field: 'intervals[0].from' })]),
    })
    expect(await fsp.receivedInstructions()).toHaveLength(before)
  })
})

describe('charging', () => {
  test('SET03 set points are accepted within their expiry and their result codes are recorded', async () => {
    const rows = await scenario.fspDb.execute<{ result: string; n: number }>(
      sql`select result, count(*)::int as n from setpoint group by result`,
    )
    const counts = Object.fromEntries([...rows].map((row) => [row.result, row.n]))
    expect(counts['accepted']).toBeGreaterThan(20)
    expect(counts['expired'] ?? 0).toBe(0)
  })
})

describe('settlement', () => {
  test('FA04 FA11 the history that was uploaded makes the baseline, from comparable days', async () => {
    const found = await scenario.engineer.api.call(operations.readBaseline, {
      params: { id: islington },
      query: { day: scenario.day.toString() },
    })
    expect(found.days).toHaveLength(10)
    expect(found.days).not.toContain('2026-01-01')
    expect(found.days).not.toContain('2026-01-10')
    expect(found.periods).toHaveLength(96)
  })

  test('FA10 the statement has a line per unit and contracted quarter-hour that follows from its inputs', () => {
    expect(prepared.lines).toHaveLength(16)
    const delivered = prepared.lines.filter((line) => line.instructedW !== null && line.instructedW > 0)
    expect(delivered).toHaveLength(4 + 8)
    for (const line of delivered) {
      const turnedDown = Math.max(0, (line.baselineWh ?? 0) - (line.meteredWh ?? 0))
      expect(line.deliveredWh).toBeCloseTo(Math.min(turnedDown, (line.instructedW ?? 0) / 4), 3)
      expect(line.deliveryRatio).toBeGreaterThan(0.95)
      expect(line.performanceFactor).toBe(1)
      const exact =
        (Number(line.availabilityGbpPerMwH) * line.contractedW) / 4e6 +
        (Number(line.utilisationGbpPerMwh) * line.deliveredWh) / 1e6
      expect(Math.abs(Number(line.amountGbp) - exact)).toBeLessThanOrEqual(0.005001)
    }
    const pence = prepared.lines.reduce((sum, line) => sum + Math.round(Number(line.amountGbp) * 100), 0)
    expect(Math.round(Number(prepared.totalGbp) * 100)).toBe(pence)
    expect(pence).toBeGreaterThan(0)
  })
})
