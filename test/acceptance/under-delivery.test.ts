import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import type { Client } from '../support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../support/dispatch.ts'

/** Working days before the event: they make its baseline. */
const daysBefore = ['14', '13', '12', '09', '08', '07', '06', '05', '02'].map((day) => `2026-01-${day}`)
const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
beforeAll(async () => {
  rig = await startDispatchRig(at('16:20'))
  rig.startJobs()
})

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
async function ok(answer: ReturnType<Client['ask']>): Promise<any> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
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
          .filter((start) => !start.plusSeconds(900).isAfter(rig.clock.now()))
          .map((start) => ({ at: start.toString(), energyWh: wh(start), quality: 'measured' })),
      },
    }),
  )

test('E2EPA012 E2EPA013 charge points fail, or no vehicle is there: under-delivery is measured, alarmed and settled', async () => {
  const broken = await rig.contractedUnit('Broken charge points')
  const empty = await rig.contractedUnit('No vehicles')
  await rig.clock.advanceTo(at('17:00'))
  const instructed = new Map<string, string>()
  for (const fuId of [broken, empty]) {
    const [first] = await rig.instructions(fuId)
    expect(first).toMatchObject({
      state: 'acknowledged',
      intervals: [{ from: at('17:00').toString(), turnDownW: 40_000 }],
    })
    instructed.set(fuId, first?.instructionId ?? '')
  }

  // Alarmed: the FSP says what it sees, and the alarm is the FU's own.
  for (const [fuId, detail] of [
    [broken, 'the charge points do not answer'],
    [empty, 'no vehicle is plugged in'],
  ] as const) {
    const report = { instructionId: instructed.get(fuId), status: 'failed', at: at('17:01').toString(), detail }
    await ok(rig.fsp.client.ask(operations.reportOnInstruction, { body: report }))
    const alarm = (await rig.openAlarms()).find((each) => each.sourceId === fuId)
    expect(alarm).toMatchObject({ kind: 'under-delivery', message: expect.stringContaining(detail) })
  }

  // Measured: one goes on with three quarters of its load; the other has drawn nothing for days, and has nothing to turn down.
  await rig.clock.advanceTo(at('17:16'))
  for (const day of daysBefore) {
    await upload(broken, day, () => 12_000)
    await upload(empty, day, () => 100)
  }
  await upload(broken, rigDay, (start) => (start.isBefore(at('17:00')) ? 12_000 : 9_000))
  await upload(empty, rigDay, () => 100)

  // Settled: 3,000 of 10,000 Wh is below the floor of 63 %, and so is nothing.
  const clerk = await rig.server.person('clara', 'settlement')
  const statement = await ok(
    clerk.ask(operations.prepareStatement, { body: { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' } }),
  )
  const lineOf = (fuId: string) =>
    statement.lines.find((l: { fuId: string; from: string }) => l.fuId === fuId && l.from === at('17:00').toString())
  expect(lineOf(broken)).toMatchObject({ deliveredWh: 3_000, deliveryRatio: 0.3, amountGbp: '0.00' })
  expect(lineOf(empty)).toMatchObject({ deliveredWh: 0, deliveryRatio: 0, amountGbp: '0.00' })
})
