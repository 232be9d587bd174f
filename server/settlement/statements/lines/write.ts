import { hash } from 'node:crypto'
import { copyField, copyInto, type Queryable } from '../../../../platform/db/index.ts'
import type { LineRow } from './lines.ts'

/** Columns of a line, in the order written. */
const columns = `statement_id, number, line_id, contract_id, fu_id, fu_name, from_at, to_at, contracted_w, instructed_w, baseline_wh,
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
  const json = cachedJson()
  await copyInto(tx, `statement_line (${columns})`, rows())

  function* rows(): Generator<string> {
    let [unit, head] = ['', '']
    for (const [i, line] of lines.entries()) {
      const n = after + i + 1
      if (line.contractId + line.fuName !== unit) {
        unit = line.contractId + line.fuName
        head = `${line.contractId}\t${line.fuId}\t${copyField(line.fuName)}`
      }
      yield `${statementId}\t${n}\t${lineIdOf(number, n)}\t${head}\t${fieldsOf(line)}\t${json(line.terms)}\t${json(line.baselineDays)}\t${line.meterRevision ?? nothing}\t${json(line.flags)}`
    }
  }
}

/** COPY's notation for null. */
const nothing = '\\N'

/** Numbers and decimal strings need no escaping. */
function fieldsOf(line: LineRow): string {
  const [from, to] = [isoOf(line.fromAt.toEpochMilli()), isoOf(line.toAt.toEpochMilli())]
  const energies = `${line.baselineWh ?? nothing}\t${line.meteredWh ?? nothing}\t${line.limitWh ?? nothing}`
  const delivery = `${line.deliveredWh}\t${line.deliveryRatio ?? nothing}\t${line.performanceFactor}\t${line.accuracyFactor}`
  const money = `${line.availability}\t${line.utilisation}\t${line.availabilityGbp}\t${line.utilisationGbp}`
  const amounts = `${line.settledGbp}\t${line.previousGbp ?? nothing}\t${line.amountGbp}`
  return `${from}\t${to}\t${line.contractedW}\t${line.instructedW ?? nothing}\t${energies}\t${line.inService}\t${delivery}\t${money}\t${amounts}`
}

const isoOf = (ms: number) => new Date(ms).toISOString()

/** Serialises objects that many lines share as fields of COPY, once each. */
function cachedJson(): (value: object) => string {
  const known = new WeakMap<object, string>()
  return (value) => {
    const found = known.get(value) ?? copyField(JSON.stringify(value))
    known.set(value, found)
    return found
  }
}

/** A line's identifier is derived from its position, so that a re-run on the same inputs gives the same bytes (FM19). */
function lineIdOf(number: string, line: number): string {
  const hex = hash('sha256', `ringmain:statement-line:${number}:${line}`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
