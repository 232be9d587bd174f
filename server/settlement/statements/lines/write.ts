import { hash } from 'node:crypto'
import { copyField, copyInto, type Queryable } from '../../../../platform/db/index.ts'
import type { LineRow } from './line.ts'

/** Columns of a line, in the order written. */
const columns = `statement_id, number, line_id, contract_id, fu_id, fu_name, from_at, to_at, direction, contracted_w, available_w,
  instructed_w, instructed_wh, baseline_wh, metered_wh, limit_wh, elsewhere_wh, in_service, turned_down_wh, delivered_wh, delivery_ratio,
  performance_factor, accuracy_factor, availability_gbp_per_mw_h, utilisation_gbp_per_mwh, price_rule, contract_gbp_per_mwh,
  bid_gbp_per_mwh, cleared_gbp_per_mwh, tolerance_wh, availability_gbp, utilisation_gbp, penalty_gbp, settled_gbp, previous_gbp,
  amount_gbp, instructions, site, terms, baseline_days, meter_revision, flags`

/** Writes the next lines of a statement, numbered from `after` + 1. */
export async function copyLines(
  tx: Queryable,
  { statementId, number, after }: { statementId: string; number: string; after: number },
  lines: readonly LineRow[],
): Promise<void> {
  if (lines.length === 0) return
  const [json, isoOf] = [cachedJson(), cachedIso()]
  const optional = (value: object | null | undefined) => (value ? json(value) : nothing)
  await copyInto(tx, `statement_line (${columns})`, rows())

  function* rows(): Generator<string> {
    let [unit, head] = ['', '']
    for (const [i, line] of lines.entries()) {
      const n = after + i + 1
      if (line.contractId + line.fuName !== unit) {
        unit = line.contractId + line.fuName
        head = `${line.contractId}\t${line.fuId}\t${copyField(line.fuName)}`
      }
      yield `${statementId}\t${n}\t${lineIdOf(number, n)}\t${head}\t${fieldsOf(line, isoOf)}\t${optional(line.instructions)}\t${optional(line.site)}\t${json(line.terms)}\t${json(line.baselineDays)}\t${line.meterRevision ?? nothing}\t${json(line.flags)}`
    }
  }
}

/** COPY's notation for null. */
const nothing = '\\N'

/** Numbers and decimal strings need no escaping. */
function fieldsOf(line: LineRow, isoOf: (ms: number) => string): string {
  const [from, to] = [isoOf(line.fromAt.toEpochMilli()), isoOf(line.toAt.toEpochMilli())]
  const power = `${line.direction ?? 'turn-down'}\t${line.contractedW}\t${line.availableW ?? nothing}\t${line.instructedW ?? nothing}\t${line.instructedWh ?? nothing}`
  const energies = `${line.baselineWh ?? nothing}\t${line.meteredWh ?? nothing}\t${line.limitWh ?? nothing}\t${line.elsewhereWh ?? 0}`
  const delivery = `${line.turnedDownWh ?? nothing}\t${line.deliveredWh}\t${line.deliveryRatio ?? nothing}\t${line.performanceFactor}\t${line.accuracyFactor}`
  const prices = `${line.availability}\t${line.utilisation}\t${line.priceRule ?? 'contract'}\t${line.contractPrice ?? nothing}\t${line.bidPrice ?? nothing}\t${line.clearedPrice ?? nothing}`
  const money = `${line.toleranceWh ?? nothing}\t${line.availabilityGbp}\t${line.utilisationGbp}\t${line.penaltyGbp ?? '0'}`
  const amounts = `${line.settledGbp}\t${line.previousGbp ?? nothing}\t${line.amountGbp}`
  return `${from}\t${to}\t${power}\t${energies}\t${line.inService}\t${delivery}\t${prices}\t${money}\t${amounts}`
}

/** Writes instants, each once: the lines of many FUs are of the same quarter-hours. */
function cachedIso(): (ms: number) => string {
  const known = new Map<number, string>()
  return (ms) => {
    const found = known.get(ms) ?? new Date(ms).toISOString()
    known.set(ms, found)
    return found
  }
}

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
