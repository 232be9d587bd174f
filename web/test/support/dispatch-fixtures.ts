import type { z } from 'zod'
import type { emergencyStop } from '../../../schemas/dispatch/board.ts'
import type { InstructionSummary, instructionRecord } from '../../../schemas/dispatch/instructions.ts'
import type { explanation, Optimisation } from '../../../schemas/dispatch/optimisation.ts'
import type { SubmittedSchedule } from '../../../schemas/market/submissions.ts'
import { board, fixtureNow, flexibleUnits } from './fixtures.ts'

/** The board's instructions, one by one. */
export function instructions(day: string): InstructionSummary[] {
  return board(day).rows.flatMap((row) =>
    row.periods.flatMap((period): InstructionSummary[] =>
      period.instruction
        ? [
            {
              instructionId: period.instruction.instructionId,
              fuId: row.fuId,
              fspId: row.fspId,
              product: 'A',
              intervals: [{ from: period.from, to: period.to, turnDownW: period.instruction.turnDownW }],
              state: period.instruction.state,
              revision: 1,
              supersedes: null,
              scheduleKind: 'manual',
              scheduleVersion: 1,
              plannedAt: period.dueAt,
              issuedAt: period.instruction.issuedAt,
              answeredAt: period.instruction.acknowledgedAt,
              acknowledgedAt: period.instruction.acknowledgedAt,
              expiresAt: period.to,
              reason: period.instruction.reason,
            },
          ]
        : [],
    ),
  )
}

export function instruction(id: string): z.infer<typeof instructionRecord> | null {
  const found = instructions('2026-01-15').find((each) => each.instructionId === id)
  if (!found) return null
  const at = found.issuedAt ?? fixtureNow
  return {
    ...found,
    attempts: [
      { attempt: 1, at, action: 'send', outcome: found.state === 'unknown' ? 'no answer within 10 s' : 'accepted' },
    ],
    reports:
      found.state === 'acknowledged' ? [{ status: 'started', at: found.intervals[0]?.from ?? at, detail: null }] : [],
  }
}

export function newStop(given: { fspId: string | null; reason: string }): z.infer<typeof emergencyStop> {
  return {
    stopId: '00000000-0000-4000-8000-001700000001',
    ...given,
    stoppedAt: fixtureNow,
    stoppedBy: 'engineer',
    liftedAt: null,
    liftedBy: null,
  }
}

export function optimisations(day: string): Optimisation[] {
  const periods = (needW: number, shortfallW: number) =>
    board(day)
      .rows[0]?.periods.slice(64, 80)
      .map(({ from }, i) => ({
        from,
        needW: Math.round(needW * (0.6 + 0.4 * Math.sin((i / 15) * Math.PI))),
        shortfallW: i === 7 ? shortfallW : 0,
        marginalPriceGbpPerMwh: i === 7 && shortfallW > 0 ? 5_000 : 320,
      })) ?? []
  return [
    {
      runId: '00000000-0000-4000-8000-001800000001',
      tradingDay: day,
      product: 'A',
      startedAt: '2026-01-14T20:00:01Z',
      startedBy: 'timetable',
      units: 6,
      method: 'mixed-integer',
      gap: 0.004,
      nodes: [
        { nodeId: 'lpn-city-road-bsp', name: 'City Road BSP', periods: periods(320_000, 0) },
        { nodeId: 'lpn-dartford-lv', name: 'Dartford 415 V', periods: periods(48_000, 12_000) },
      ],
    },
  ]
}

export function explained(runId: string, fuId: string): z.infer<typeof explanation> {
  const other = flexibleUnits()[4]
  return {
    runId,
    fuId,
    periods:
      board('2026-01-15')
        .rows[0]?.periods.slice(64, 80)
        .map(({ from }) => ({
          from,
          availableW: 60_000,
          turnDownW: 38_000,
          priceGbpPerMwh: '310.00',
          marginalPriceGbpPerMwh: 320,
          reasons: [{ nodeId: 'lpn-city-road-bsp', turnDownW: 38_000 }],
          alternatives: other ? [{ fuId: other.fuId, priceGbpPerMwh: '335.00', leftW: 115_000 }] : [],
        })) ?? [],
  }
}

export function submissions(day: string): SubmittedSchedule[] {
  const start = board(day).rows[0]?.periods[0]?.from ?? fixtureNow
  const base = { tradingDay: day, start, submittedAt: '2026-01-14T16:31:00Z', submittedBy: 'depot-flex' }
  return flexibleUnits().flatMap((unit, i): SubmittedSchedule[] => [
    {
      ...base,
      fuId: unit.fuId,
      kind: 'baseline',
      resolution: 'PT30M',
      revision: 2,
      values: Array.from({ length: 48 }, (_, h) => 60_000 + i * 5_000 + Math.round(30_000 * Math.sin((h / 48) * 6.3))),
    },
    {
      ...base,
      fuId: unit.fuId,
      kind: 'cost',
      resolution: 'PT30M',
      revision: 1,
      values: Array.from({ length: 48 }, () => '310.00'),
    },
  ])
}
