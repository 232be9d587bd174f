import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../platform/db/index.ts'
import { planInstructions } from '../../server/dispatch/instructions/index.ts'
import type { flexibleUnit, fsp } from '../../server/market/parties/tables.ts'
import { fuForecast } from '../../server/planning/forecast/tables.ts'

/** Where an FSP of a benchmark takes instructions. */
export interface BenchControl {
  baseUrl: string
  tokenEndpoint: string
  /** Sealed for the FSP's row. */
  sealedSecret: string
}

/** The row of an FSP that was accepted. */
export function fspRow(
  fspId: string,
  companyName: string,
  acceptedAt: Instant,
  { baseUrl, tokenEndpoint, sealedSecret }: BenchControl,
): typeof fsp.$inferInsert {
  return {
    fspId,
    companyName,
    contactName: 'x',
    contactEmail: 'x@example.org',
    status: 'accepted',
    appliedAt: acceptedAt,
    controlBaseUrl: baseUrl,
    controlTokenEndpoint: tokenEndpoint,
    controlClientId: 'dno',
    sealedControlSecret: sealedSecret,
    controlScope: null,
  }
}

/** The rows of FUs of 50 kW of an FSP. */
export function unitRows(
  fspId: string,
  count: number,
  place: { nodeId: string; connectionOf: (n: number) => string },
): (typeof flexibleUnit.$inferInsert & { fuId: string })[] {
  return Array.from({ length: count }, (_, n) => ({
    fuId: randomUUID(),
    fspId,
    name: `FU ${n}`,
    nodeId: place.nodeId,
    maxTurnDownW: 50_000,
    connectionId: place.connectionOf(n),
  }))
}

/** Plans a turn-down of 30 kW for each FU in the quarter-hour from an instant, by when it has to have been sent. */
export async function planTurnDowns(
  tx: Queryable,
  units: readonly { fuId: string; fspId: string }[],
  { at, from }: { at: Instant; from: Instant },
): Promise<void> {
  await tx
    .insert(fuForecast)
    .values(units.map(({ fuId }) => ({ fuId, periodStart: from, importW: 60_000, source: 'bench', updatedAt: at })))
  await planInstructions(
    tx,
    units.map(({ fuId, fspId }) => ({
      fuId,
      fspId,
      product: 'A' as const,
      plannedAt: at,
      expiresAt: from,
      scheduleKind: 'manual' as const,
      scheduleVersion: 1,
      intervals: [{ from, to: from.plusSeconds(900), turnDownW: 30_000 }],
    })),
  )
}
