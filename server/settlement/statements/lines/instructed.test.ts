import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>

const at = (time: string) => `2026-01-20T${time}:00Z`

interface Given {
  planned: string
  from: string
  to: string
  turnDownW: number
  state: 'superseded' | 'ended' | 'refused' | 'expired'
  reason?: string
  revision?: number
}

/** Stores an instruction with its outcome; those that have a reason were not accepted. */
async function instruction(given: Given): Promise<string> {
  const { planned, from, to, turnDownW, state, reason = null, revision = 1 } = given
  const instructionId = randomUUID()
  const intervals = JSON.stringify([{ from: at(from), to: at(to), turnDownW }])
  await rig.db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state, reason, revision,
      schedule_kind, schedule_version, planned_at, issued_at, acknowledged_at, expires_at)
    values (${instructionId}, ${unit.fuId}, ${rig.fsp.fspId}, 'A', ${at(from)}, ${at(to)}, ${turnDownW}, ${intervals}, ${state},
      ${reason}, ${revision}, 'manual', 1, ${at(planned)}, ${at(planned)}, ${reason ? null : at(planned)}, ${at(from)})`
  return instructionId
}

beforeAll(async () => {
  rig = await startSettlementRig()
  unit = await rig.contractedUnit('Islington')
  await rig.passTo('2026-02-02T09:00:00Z')
  for (const day of ['19', '16', '15', '14', '13', '12']) await rig.uploadDay(unit.fuId, `2026-01-${day}`, () => 12_000)
  // It obeys until it is stopped at 17:06: 40 kW less for six minutes are 4,000 Wh.
  await rig.uploadDay(unit.fuId, '2026-01-20', (q) => (q === 68 ? 8_000 : 12_000))
})

test('what was in force counts to the second, and whose end failed decides: a stop, refusals, a link that was down, a sender that was down', async () => {
  const common = { turnDownW: 40_000 }
  await instruction({ ...common, planned: '16:30', from: '17:00', to: '18:00', state: 'superseded' })
  await instruction({ planned: '17:06', from: '17:06', to: '18:00', turnDownW: 0, state: 'ended' })
  const refused = { ...common, state: 'refused' as const }
  await instruction({ ...refused, planned: '17:30', from: '18:00', to: '18:15', reason: 'out-of-service: a fault' })
  await instruction({ ...refused, planned: '17:45', from: '18:15', to: '18:30', reason: 'outside-window' })
  const expired = { ...common, state: 'expired' as const }
  const lost = await instruction({ ...expired, planned: '18:00', from: '18:30', to: '18:45', reason: 'HTTP 503' })
  await rig.db.$client`
    insert into instruction_attempt (instruction_id, attempt, at, action, outcome, no_answer)
    values (${lost}, 1, ${at('18:10')}, 'send', 'not-sent: e-mail.fsp.example does not answer', 'fsp-failed')`
  await instruction({ ...expired, planned: '18:40', from: '18:45', to: '19:00', reason: 'not sent in time' })
  const { body } = await rig.clerk.ask(operations.prepareStatement, {
    body: { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' },
  })
  const lineAt = (time: string) => body.lines.find((line: { from: string }) => line.from === at(time))
  // £0.10 for availability and £100 × 0.004 MWh.
  expect(lineAt('17:00')).toMatchObject({ instructedWh: 4_000, deliveryRatio: 1, settledGbp: '0.50' })
  expect(lineAt('17:00').instructions).toMatchObject([
    { from: '2026-01-20T17:00:00.000Z', to: '2026-01-20T17:06:00.000Z', turnDownW: 40_000, outcome: 'accepted' },
    { from: '2026-01-20T17:06:00.000Z', to: '2026-01-20T17:15:00.000Z', turnDownW: 0, outcome: 'accepted' },
  ])
  expect(lineAt('17:15')).toMatchObject({ instructedWh: 0, settledGbp: '0.10', flags: [] })
  expect(lineAt('18:00')).toMatchObject({
    instructedWh: 10_000,
    deliveredWh: 0,
    settledGbp: '0.00',
    flags: ['refused'],
  })
  expect(lineAt('18:15')).toMatchObject({ instructedWh: null, settledGbp: '0.10', flags: [] })
  expect(lineAt('18:30')).toMatchObject({ settledGbp: '0.00', flags: ['unreachable'] })
  expect(lineAt('18:45')).toMatchObject({ instructedWh: null, settledGbp: '0.10', flags: [] })
  // An emergency stop ends what was refused, too: from 18:06 on nothing would have been in force.
  await rig.db.$client`
    insert into dispatch_stop (stop_id, fsp_id, reason, stopped_at, stopped_by)
    values (${randomUUID()}, null, 'a fault', ${at('18:06')}, 'erin')`
  const again = await rig.clerk.ask(operations.prepareStatement, {
    body: { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' },
  })
  expect(again.body.lines.find((line: { from: string }) => line.from === at('18:00'))).toMatchObject({
    instructedWh: 4_000,
    settledGbp: '0.00',
    flags: ['refused'],
  })
})
