import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { openSources } from '../../grid/index.ts'
import { listFlexibleUnits, serviceAt } from '../../market/index.ts'
import { fuForecasts } from '../../planning/index.ts'
import { stoppedUnits } from '../emergency/index.ts'
import { type InstructionRow, stopReason } from '../instructions/index.ts'
import type { UnitFacts } from './answers.ts'

export interface RoundFacts extends UnitFacts {
  /** Why a planned instruction must not be sent after all. */
  obstacle(row: InstructionRow): string | null
}

/** What a round needs to know of its FUs, in a few queries for all. */
export async function loadFacts(tx: Queryable, at: Instant, rows: readonly InstructionRow[]): Promise<RoundFacts> {
  const fuIds = [...new Set(rows.map((row) => row.fuId))]
  const units = new Map((await listFlexibleUnits(tx, at, { fuIds })).map((unit) => [unit.fuId, unit]))
  const refused = new Set((await openSources(tx, 'dispatch-refused')).map((source) => source.id))
  const stopped = await stoppedUnits(tx, rows)
  const forecasts = await fuForecasts(tx, fuIds, earliest(rows), latest(rows))
  const service = new Map<number, Map<string, boolean>>()
  for (const row of rows) {
    const key = row.fromAt.toEpochMilli()
    if (row.state === 'planned' && !service.has(key)) service.set(key, await serviceAt(tx, row.fromAt, fuIds))
  }
  return {
    hasRefused: (fuId) => refused.has(fuId),
    unit: (fuId) => units.get(fuId),
    expectedW: (fuId, start) => forecasts.get(fuId)?.get(start.toEpochMilli()) ?? null,
    obstacle(row) {
      if (row.turnDownW !== 0 && stopped.has(row.fuId)) return stopReason
      return service.get(row.fromAt.toEpochMilli())?.get(row.fuId) === false ? 'out of service' : null
    },
  }
}

function earliest(rows: readonly InstructionRow[]): Instant {
  return rows.map((row) => row.fromAt).reduce((a, b) => (b.isBefore(a) ? b : a))
}

function latest(rows: readonly InstructionRow[]): Instant {
  return rows.map((row) => row.toAt).reduce((a, b) => (b.isAfter(a) ? b : a))
}
