import type { StatementLine } from '../../../../schemas/settlement/statements.ts'
import { sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { isUnpaid } from './words.ts'

/** What a statement pays for one FU. */
export interface UnitTotal {
  fuId: string
  fuName: string
  lines: number
  instructedWh: number
  deliveredWh: number
  flagged: number
  amountGbp: string
}

/** Lines summed by FU, the largest amount first. */
export function byUnit(lines: readonly StatementLine[]): UnitTotal[] {
  const groups = Map.groupBy(lines, (line) => line.fuId)
  return [...groups.values()]
    .map((own) => ({
      fuId: own[0]?.fuId ?? '',
      fuName: own[0]?.fuName ?? '',
      lines: own.length,
      instructedWh: own.reduce((sum, line) => sum + (line.instructedW ?? 0) / 4, 0),
      deliveredWh: own.reduce((sum, line) => sum + line.deliveredWh, 0),
      flagged: own.filter(isUnpaid).length,
      amountGbp: sumGbp(own.map((line) => line.amountGbp)),
    }))
    .toSorted((a, b) => Number(b.amountGbp) - Number(a.amountGbp) || a.fuName.localeCompare(b.fuName))
}
