import { Instant, LocalDate } from '@js-joda/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import type { Client } from '../support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../support/dispatch.ts'
import { type MailDesk, startMailDesk } from '../support/mail-desk.ts'
import { agreed, moveStatement, secondPerson } from '../support/second-person.ts'

/** Working days before the event: they make its baseline. */
const daysBefore = ['14', '13', '12', '09', '08', '07', '06', '05', '02'].map((day) => `2026-01-${day}`)

let rig: DispatchRig
let desk: MailDesk
beforeAll(async () => {
  desk = await startMailDesk()
  rig = await startDispatchRig(Instant.parse(`${rigDay}T11:45:00Z`))
  process.env['RINGMAIN_SMTP_URL'] = desk.url
  rig.startJobs()
})
afterAll(() => {
  delete process.env['RINGMAIN_SMTP_URL']
})

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
async function ok(answer: ReturnType<Client['ask']>): Promise<any> {
  const { status, body } = await answer
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const upload = (fuId: string, day: string, wh: (at: Instant) => number) =>
  ok(
    rig.fsp.client.ask(operations.uploadReadings, {
      body: {
        fuId,
        meterId: 'm1',
        resolution: 'PT15M',
        stamp: 'period-start',
        revision: 1,
        readings: periodStarts(LocalDate.parse(day), 'PT15M')
          .filter((at) => !at.plusSeconds(900).isAfter(rig.clock.now()))
          .map((at) => ({ at: at.toString(), energyWh: wh(at), quality: 'measured' })),
      },
    }),
  )

test('FB08 the manual e-mail fallback carries a C event from request to the issued statement', async () => {
  // The contract asks for 13:00 to 16:00; the timetable of C sends the hour from 14:00 at 12:00.
  const fuId = await rig.unitFor('C', 'Mount Pleasant', { from: '13:00', to: '16:00' })
  await agreed(
    await secondPerson(rig.server),
    rig.engineer.ask(operations.setDispatchRoute, {
      params: { id: rig.fsp.fspId },
      body: { route: 'email', email: 'desk@fsp.example' },
    }),
  )
  await ok(rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } }))
  const values = Array.from({ length: 96 }, () => 350_000)
  await ok(
    rig.engineer.ask(operations.saveLoadForecast, {
      params: { nodeId: 'sec', day: rigDay },
      body: { resolution: 'PT15M', values },
    }),
  )
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T12:00:00Z`))

  // The request: one sheet at the FSP's desk, and nothing at its API.
  expect(rig.control.received).toEqual([])
  expect(desk.mails).toMatchObject([{ to: 'desk@fsp.example' }])
  expect(desk.mails[0]?.text).toContain(`${rigDay} 14:00 to ${rigDay} 15:00   turn down by 40 kW`)
  const [sent] = await rig.instructions(fuId)
  expect(desk.mails[0]?.text).toContain(sent?.instructionId)
  expect(sent).toMatchObject({ state: 'sent', product: 'C' })

  // The confirmation, by hand.
  const note = 'Jo at the desk answered ACCEPTED, 12:07'
  await ok(
    rig.engineer.ask(operations.confirmInstruction, {
      params: { id: sent?.instructionId },
      body: { outcome: 'accepted', note },
    }),
  )
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T15:01:00Z`))
  expect((await rig.instructions(fuId))[0]).toMatchObject({ state: 'ended' })

  // Meter data: 12,000 Wh a quarter-hour on the days before; half an hour in full, then three quarters of what was asked.
  for (const day of daysBefore) await upload(fuId, day, () => 12_000)
  const event = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)
  await upload(fuId, rigDay, (at) => {
    if (at.isBefore(event('14:00')) || !at.isBefore(event('15:00'))) return 12_000
    return at.isBefore(event('14:30')) ? 2_000 : 4_500
  })

  // Settlement, with two persons, to the issued statement that the FSP reads.
  const [clerk, second] = [
    await rig.server.person('clara', 'settlement'),
    await rig.server.person('sven', 'settlement'),
  ]
  const prepared = await ok(
    clerk.ask(operations.prepareStatement, { body: { fspId: rig.fsp.fspId, product: 'C', month: '2026-01' } }),
  )
  for (const [who, step] of [
    [clerk, 'check'],
    [second, 'approve'],
    [second, 'issue'],
  ] as const)
    await ok(moveStatement(who, prepared.statementId, step))
  const issued = await ok(rig.fsp.client.ask(operations.readStatement, { params: { id: prepared.statementId } }))
  expect(issued).toMatchObject({ state: 'issued', product: 'C' })
  const instructed = issued.lines.filter((line: { instructedW: number | null }) => line.instructedW !== null)
  expect(instructed.map((line: { from: string }) => line.from.slice(11, 16))).toEqual([
    '14:00',
    '14:15',
    '14:30',
    '14:45',
  ])
  expect(instructed.map((line: { deliveredWh: number }) => line.deliveredWh)).toEqual([10_000, 10_000, 7_500, 7_500])
  // £10 × 0.04 MW × ¼ h + £100 × delivered MWh, by 1 in full, and by 1 − 20 × 0.03 at 75 %.
  expect(instructed.map((line: { amountGbp: string }) => line.amountGbp)).toEqual(['1.10', '1.10', '0.34', '0.34'])
  const audited = await rig.server.context.db.$client`
    select actor, detail from audit_entry where action = 'instruction.confirmed'`
  expect(audited).toMatchObject([{ actor: 'erin', detail: { note } }])
})
