import { createHash } from 'node:crypto'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import type { LineRow } from './lines.ts'

/** Columns of a line in the order in which they are written. */
const columns = `line_id, statement_id, number, contract_id, fu_id, fu_name, from_at, to_at, contracted_w, instructed_w, baseline_wh,
  metered_wh, limit_wh, in_service, delivered_wh, delivery_ratio, performance_factor, accuracy_factor, availability_gbp_per_mw_h,
  utilisation_gbp_per_mwh, availability_gbp, utilisation_gbp, settled_gbp, previous_gbp, amount_gbp, terms, baseline_days,
  meter_revision, flags`

/** Writes the next lines of a statement, numbered from `after` + 1. */
export async function copyLines(
  tx: Queryable,
  { statementId, number, after }: { statementId: string; number: string; after: number },
  lines: readonly LineRow[],
): Promise<void> {
  if (lines.length === 0) return
  const json = rememberedJson()
  await copyInto(tx, `statement_line (${columns})`, rows())

  function* rows(): Generator<string> {
    for (const [i, line] of lines.entries()) {
      const n = after + i + 1
      yield [
        ...[lineIdOf(number, n), statementId, n, line.contractId, line.fuId, line.fuName],
        ...[isoOf(line.fromAt.toEpochMilli()), isoOf(line.toAt.toEpochMilli()), line.contractedW],
        ...[line.instructedW ?? null, line.baselineWh ?? null, line.meteredWh ?? null, line.limitWh ?? null],
        ...[String(line.inService), line.deliveredWh, line.deliveryRatio ?? null, line.performanceFactor],
        ...[line.accuracyFactor, line.availability, line.utilisation, line.availabilityGbp, line.utilisationGbp],
        ...[line.settledGbp, line.previousGbp ?? null, line.amountGbp, json(line.terms), json(line.baselineDays)],
        ...[line.meterRevision ?? null, json(line.flags)],
      ]
        .map(copyField)
        .join('\t')
    }
  }
}

const isoOf = (ms: number) => new Date(ms).toISOString()

/** JSON of objects that many lines have in common, written once for each. */
function rememberedJson(): (value: object) => string {
  const known = new WeakMap<object, string>()
  return (value) => {
    const found = known.get(value) ?? JSON.stringify(value)
    known.set(value, found)
    return found
  }
}

/** A line's identifier follows from where it stands, so that a re-run on the same inputs is the same to the byte (FM19). */
function lineIdOf(number: string, line: number): string {
  const hex = createHash('sha256').update(`ringmain:statement-line:${number}:${line}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
