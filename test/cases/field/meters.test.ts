import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settle, settlementInput } from '../settlement/settle.ts'

/** A half-hour meter of which one quarter-hour was instructed. */
interface HalfHourCase {
  meter: { periodStart: string; energyWh: number }
  'baselineWh per quarter-hour': number
  instruction: { from: string; to: string; turnDownW: number }
}

const given: HalfHourCase = JSON.parse(
  readFileSync(new URL('settlement-F6-half-hour-meter.json', import.meta.url), 'utf8'),
)
const baselineWh = given['baselineWh per quarter-hour']

/** Settles the case with its instruction from one instant to another. */
function settled(from: string, to: string) {
  return settle(
    settlementInput.parse({
      day: '2026-01-15',
      contract: {
        turnDownW: given.instruction.turnDownW,
        availabilityGbpPerMwH: '0.00',
        utilisationGbpPerMwh: '100.00',
        windows: [{ from: '17:00', to: '18:00' }],
      },
      meteredWh: {
        '2026-01-01/2026-01-14': [['00:00', baselineWh]],
        // The half-hour's energy, shared equally by its two quarter-hours.
        '2026-01-15': [
          ['00:00', baselineWh],
          ['17:00', given.meter.energyWh / 2],
          ['17:30', baselineWh],
        ],
      },
      halfHourly: ['2026-01-15'],
      instructions: [{ plannedAt: '2026-01-15T16:00:00Z', from, to, turnDownW: given.instruction.turnDownW }],
    }),
  ).lines
}

test('an instructed quarter-hour whose energy was shared out of a half-hour says so on its line', () => {
  const { from, to } = given.instruction
  // 10,000 Wh in the half-hour is 5,000 Wh a quarter-hour: half of the 10,000 Wh instructed is below 63 %, so that nothing is paid.
  expect(settled(from, to).find((line) => line.from === from)).toMatchObject({
    meteredWh: 5_000,
    deliveredWh: 5_000,
    performanceFactor: 0,
    amountGbp: '0.00',
    flags: ['apportioned-meter-data'],
  })
})

test('a half-hour that was instructed as a whole loses nothing by sharing, and its lines are not flagged', () => {
  for (const line of settled(given.meter.periodStart, given.instruction.to).slice(0, 2))
    expect(line).toMatchObject({ deliveredWh: 5_000, flags: [] })
})

test('an instruction for seven minutes of one quarter-hour is flagged too', () => {
  const [first, second] = settled('2026-01-15T17:02:00Z', '2026-01-15T17:09:00Z')
  expect(first?.flags).toEqual(['apportioned-meter-data'])
  expect(second?.flags).toEqual([])
})
