import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Instruction } from '../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { createClient } from '../../test/support/client.ts'
import { controlOf } from './support/control.ts'
import { startRig } from './support/rig.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const span = (from: string, to: string, turnDownW: number) => ({ from: `${at(from)}`, to: `${at(to)}`, turnDownW })

function instruction(
  fuId: string,
  intervals: Instruction['intervals'],
  change: Partial<Instruction> = {},
): Instruction {
  return {
    instructionId: randomUUID(),
    fuId,
    product: 'A',
    intervals,
    onExpiry: 'end',
    issuedAt: `${at('16:30')}`,
    expiresAt: intervals[0]?.from ?? '',
    ...change,
  }
}

/** An FSP at 16:30 with an FU under contract, a baseline of 40 kW, and vehicles at two sockets that draw what they may. */
async function chargingDepot() {
  const rig = await startRig('2026-01-15T16:20:00Z')
  const fuId = await rig.register(35_000)
  rig.dno.baselineWh = 10_000
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await rig.clock.advanceTo(at('16:29'))
  const ids = [await unit.plugIn(1, 'yard-001'), await unit.plugIn(2, 'yard-002')]
  await rig.offer(64)
  await rig.clock.advanceTo(at('16:30'))
  /** Sum of what the sockets were last told, once the gap between two set points has passed. */
  const toldA = () => (unit.limits(1).at(-1) ?? 0) + (unit.limits(2).at(-1) ?? 0)
  const to = async (time: string, seconds = 10) => {
    while (rig.clock.now().isBefore(at(time))) {
      await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
      await rig.offer(64)
    }
    await rig.clock.advanceTo(at(time).plusSeconds(seconds))
  }
  await to('16:31')
  return { rig, fuId, unit, ids, toldA, to, control: controlOf(rig.dno) }
}

test('E2EPA007 E2EPA008 E2EPA016 a turn-down holds the vehicles at baseline less what is asked, from its start to its end', async () => {
  const { rig, fuId, toldA, to, control } = await chargingDepot()
  expect(toldA()).toBe(64)
  // 40 kW − 32.64 kW leave 32 A at 230 V.
  const given = instruction(fuId, [span('17:00', '17:15', 32_640)])
  expect((await control.send(given)).body).toEqual({ instructionId: given.instructionId, outcome: 'accepted' })
  await to('16:59')
  expect(toldA()).toBe(64)
  await to('17:00')
  expect(toldA()).toBe(32)
  await to('17:14')
  expect(toldA()).toBe(32)
  await to('17:15')
  expect(toldA()).toBe(64)
  expect(await rig.fsp.receivedInstructions()).toMatchObject([{ fuId, outcome: 'accepted' }])
})

test('E2EPA009 a 0 W instruction ends the turn-down at the time stated in it, not on receipt', async () => {
  const { fuId, toldA, to, control } = await chargingDepot()
  await control.send(instruction(fuId, [span('17:00', '18:00', 32_640)]))
  await to('17:05')
  const end = instruction(fuId, [span('17:15', '17:30', 0)], { issuedAt: `${at('17:05')}` })
  expect((await control.send(end)).body).toMatchObject({ outcome: 'accepted' })
  await to('17:14')
  expect(toldA()).toBe(32)
  await to('17:15')
  expect(toldA()).toBe(64)
  await to('17:45')
  expect(toldA()).toBe(64)
})

test('E2EPA017 an instruction outside the contracted window is answered as such and turns nothing down', async () => {
  const { fuId, toldA, to, control } = await chargingDepot()
  const given = instruction(fuId, [span('16:45', '17:00', 30_000)])
  expect((await control.send(given)).body).toMatchObject({ outcome: 'refused', reason: 'outside-window' })
  await to('16:46')
  expect(toldA()).toBe(64)
})

test('FM06 however often an instruction is sent it has one effect and one answer, and can be asked for', async () => {
  const { rig, fuId, control } = await chargingDepot()
  const given = instruction(fuId, [span('17:00', '17:15', 1_000)])
  const answers = await Promise.all([control.send(given), control.send(given), control.send(given)])
  answers.push(await control.send(given), await control.ask(given.instructionId))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(await rig.fsp.receivedInstructions()).toHaveLength(1)
  expect((await control.ask(randomUUID())).status).toBe(404)
  const other = { ...given, intervals: [span('17:00', '17:15', 2_000)] }
  expect((await control.send(other)).status).toBe(409)
})

test('each refusal names its reason: unknown unit, too much, expired, out of service', async () => {
  const { rig, fuId, control } = await chargingDepot()
  const reasonOf = async (given: Instruction) => (await control.send(given)).body['reason']
  const one = [span('17:00', '17:15', 1_000)]
  expect(await reasonOf(instruction(randomUUID(), one))).toBe('unknown-unit')
  expect(await reasonOf(instruction(fuId, [span('17:00', '17:15', 35_001)]))).toBe('exceeds-availability')
  expect(await reasonOf(instruction(fuId, one, { expiresAt: `${at('16:31')}` }))).toBe('expired')
  const body = { inService: false, effectiveFrom: `${at('16:50')}`, reason: 'works' }
  expect((await rig.depotApi(depotOperations.declareDepotService, { body })).status).toBe(204)
  expect(rig.dno.serviceStatuses).toMatchObject([{ fuId, body: { inService: false, reason: 'works' } }])
  expect(await reasonOf(instruction(fuId, one))).toBe('out-of-service')
})

test('a depot that is declared out of service without a time is so at once, and the DNO is told from when', async () => {
  const { rig, fuId, control } = await chargingDepot()
  const body = { inService: false, reason: 'works' }
  expect((await rig.depotApi(depotOperations.declareDepotService, { body })).status).toBe(204)
  const effectiveFrom = rig.clock.now().toString()
  expect(rig.dno.serviceStatuses).toEqual([{ fuId, body: { ...body, effectiveFrom } }])
  const sent = await control.send(instruction(fuId, [span('17:00', '17:15', 1_000)]))
  expect(sent.body['reason']).toBe('out-of-service')
})

test('an instruction that supersedes another takes its place, whether or not that one arrived', async () => {
  const { fuId, toldA, to, control } = await chargingDepot()
  const first = instruction(fuId, [span('17:00', '17:15', 32_640)])
  const never = randomUUID()
  await control.send(first)
  await control.send(instruction(fuId, [span('17:00', '17:15', 0)], { supersedes: first.instructionId }))
  await control.send(instruction(fuId, [span('17:15', '17:30', 0)], { supersedes: never }))
  const late = instruction(fuId, [span('17:15', '17:30', 32_640)], { instructionId: never })
  expect((await control.send(late)).body).toMatchObject({ outcome: 'refused', reason: 'expired' })
  for (const time of ['17:01', '17:16']) {
    await to(time)
    expect(toldA()).toBe(64)
  }
})

test('a restart in the middle goes on with a turn-down that had begun, and begins none that had not by its expiry', async () => {
  const { rig, fuId, unit, to, control } = await chargingDepot()
  await control.send(instruction(fuId, [span('17:00', '18:00', 32_640)]))
  await control.send(instruction(fuId, [span('18:00', '18:30', 32_640)]))
  await to('17:10')
  await rig.restart()
  const back = rig.chargePoint('yard-02')
  await back.boot()
  await to('17:20')
  const state = async () => (await rig.depotState()).decision
  expect((await state())?.flexibilityCapW).toBe(7_360)
  expect((back.limits(1).at(-1) ?? 0) + (back.limits(2).at(-1) ?? 0)).toBe(32)
  expect(unit.identity).toBe(back.identity)
  rig.clock.jumpTo(at('18:10'))
  await rig.restart()
  await rig.pass(2)
  expect((await state())?.flexibilityCapW).toBeNull()
})

test('without a baseline of the DNO the FSP’s own mean of comparable days stands in', async () => {
  const { rig, fuId, toldA, to, control } = await chargingDepot()
  rig.dno.baselineWh = null
  for (const tradingDay of ['2026-01-12', '2026-01-13', '2026-01-14'])
    await rig.fsp.importHistory({ depotId: 'yard', tradingDay, energyWh: Array(96).fill(10_000) })
  await rig.fsp.importHistory({ depotId: 'yard', tradingDay: '2026-01-11', energyWh: Array(96).fill(99_000) })
  await control.send(instruction(fuId, [span('17:00', '17:15', 32_640)]))
  await to('17:00')
  expect(toldA()).toBe(32)
})

test('FA06 the control API takes tokens of its own endpoint only, and a wrong secret gets none', async () => {
  const { rig, fuId } = await chargingDepot()
  const api = rig.dno.application?.controlApi
  if (!api) throw new Error('no application')
  const send = (authorization?: string) =>
    createClient(api.baseUrl, authorization ? { authorization } : {}).ask(controlOperations.instruct, {
      body: instruction(fuId, [span('17:00', '17:15', 1_000)]),
    })
  expect([(await send()).status, (await send('Bearer nonsense')).status]).toEqual([401, 401])
  const wrong = await fetch(api.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${api.clientId}:wrong-secret`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  expect(wrong.status).toBe(401)
  expect(await rig.fsp.receivedInstructions()).toEqual([])
})

test('a body that breaks the contract gets a 422 that names the field, and nothing is written', async () => {
  const { rig, fuId, control } = await chargingDepot()
  const given = instruction(fuId, [span('17:00', '17:15', 1_000)])
  const broken = await control.send({ ...given, intervals: [{ ...given.intervals[0], turnDownW: 'much' }] })
  expect(broken).toMatchObject({ status: 422, body: { errors: [{ field: 'intervals[0].turnDownW' }] } })
  expect(await rig.fsp.receivedInstructions()).toEqual([])
})

test('D11 while a turn-down runs, the DNO is told what the charge points meter; a silent charge is unknown, not 0 W', async () => {
  const { rig, fuId, unit, ids, to, control } = await chargingDepot()
  await control.send(instruction(fuId, [span('17:00', '17:30', 32_640)]))
  await to('17:00', 0)
  expect(rig.dno.live).toEqual([])
  const [first = 0, second = 0] = ids
  let energyWh = 0
  const meter = async (minute: number, sockets: readonly (1 | 2)[]) => {
    await to(`17:${String(minute).padStart(2, '0')}`, 0)
    energyWh += 60
    for (const socket of sockets) await unit.meter(socket, socket === 1 ? first : second, energyWh, 3_600)
  }
  for (let minute = 1; minute <= 10; minute++) await meter(minute, [1, 2])
  // By hand: two sockets of 3,600 W, as read a minute before.
  const told = () => rig.dno.live.flatMap(({ readings }) => readings)
  const of = (minute: number) => ({ at: `${at('17:00').plusSeconds(minute * 60)}`, powerW: 7_200 })
  expect(told()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10].map(of))
  // The sockets are read 10 s after each minute, the second one last at 17:10:10: three minutes later nobody knows what it draws.
  for (let minute = 11; minute <= 20; minute++) await meter(minute, [1])
  expect(told().slice(9)).toEqual([11, 12, 13].map(of))
  await meter(21, [1, 2])
  await to('17:25')
  expect(told().slice(12)).toEqual([22, 23, 24].map(of))
})
