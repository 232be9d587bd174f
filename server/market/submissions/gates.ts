import type { Instant, LocalDate } from '@js-joda/core'
import { asc } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { GateSettings, ScheduleGate } from '../../../schemas/market/gates.ts'
import { type SubmissionKind, submissionKind } from '../../../schemas/market/submissions.ts'
import { isInWindow } from '../../../schemas/market/windows.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { kindsOfProducts } from '../products/index.ts'
import { listContracts } from '../tenders/index.ts'
import { type Closing, defaultGates, gateOf } from './closings.ts'
import { submissionGate } from './tables.ts'

/** The gates in force, by product and kind of schedule: the latest version of each, or the default of the product's kind. */
export async function gatesInForce(tx: Queryable): Promise<ScheduleGate[]> {
  const rows = await tx.select().from(submissionGate).orderBy(asc(submissionGate.version))
  const latest = new Map(rows.map((row) => [`${row.product}|${row.kind}`, row]))
  return [...(await kindsOfProducts(tx))].flatMap(([product, productKind]) =>
    submissionKind.options.map((kind): ScheduleGate => {
      const row = latest.get(`${product}|${kind}`)
      if (row) return { ...row, changedAt: row.changedAt.toString() }
      return { product, kind, version: 0, settings: defaultGates[productKind][kind], changedAt: null, changedBy: null }
    }),
  )
}

/** Stores the next version of a gate. Of two editors at once the primary key admits one: `false` for the other. */
export async function storeGate(
  tx: Queryable,
  next: { product: Product; kind: SubmissionKind; version: number; settings: GateSettings; at: Instant; by: string },
): Promise<boolean> {
  const { at, by, ...row } = next
  const stored = await tx
    .insert(submissionGate)
    .values({ ...row, changedAt: at, changedBy: by })
    .onConflictDoNothing()
    .returning()
  return stored.length === 1
}

/** What closes when for the schedules of an FU. */
export type ClosingsOf = (fuId: string, day: LocalDate, kind: SubmissionKind) => Closing[]

/**
 * The gates that the schedules of FUs have on some days: those of the products that the FU is contracted for on the day. An FU without
 * a contract has the latest gate, because nothing is dispatched from what it submits.
 */
export async function closingsOf(
  tx: Queryable,
  fuIds: readonly string[],
  { first, last }: { first: LocalDate; last: LocalDate },
): Promise<ClosingsOf> {
  const gates = Map.groupBy(await gatesInForce(tx), (gate) => gate.kind)
  const contracts = Map.groupBy(await listContracts(tx, { fuIds, from: first, to: last }), (one) => one.fuId)
  return (fuId, day, kind) => {
    const on = day.toString()
    const own = (contracts.get(fuId) ?? []).filter(({ validFrom, validTo }) => validFrom <= on && on <= validTo)
    const all = (gates.get(kind) ?? []).map(({ product, settings }): Closing => {
      const windows = own.filter((one) => one.product === product).flatMap((one) => one.windows)
      return { product, closesAt: gateOf(settings, day), covers: (at) => isInWindow(windows, at) }
    })
    const contracted = all.filter(({ product }) => own.some((one) => one.product === product))
    if (contracted.length > 0) return contracted
    return all.toSorted((a, b) => b.closesAt.compareTo(a.closesAt)).slice(0, 1)
  }
}
