import { writeCsv } from '../../platform/csv/index.ts'
import { earningsOperations } from '../../schemas/fsp/earnings.ts'
import { sumGbp } from '../../schemas/vocabulary/money.ts'
import { bind, type Caller, type Entrance, maySee } from '../kit/index.ts'
import type { Earnings } from './earnings.ts'

const headings = [
  'month',
  'source',
  'depotId',
  'name',
  'product',
  'fuId',
  'availabilityGbp',
  'utilisationGbp',
  'amountGbp',
  'instructedWh',
  'deliveredWh',
  'statements',
  'isFinal',
] as const

interface Asked {
  caller: Caller
  query: { month: string }
}

/** What each service earned, as a list and as a file. */
export function earningsApi(earnings: Earnings, entrance: Entrance) {
  const report = async ({ caller, query: { month } }: Asked) => {
    const { services, withoutStatements } = await earnings.of(month)
    const seen = services.filter(({ depotId }) => maySee(caller, depotId))
    return { month, services: seen, totalGbp: sumGbp(seen.map(({ amountGbp }) => amountGbp)), withoutStatements }
  }
  return bind(earningsOperations, entrance, {
    readEarnings: report,

    async exportEarnings(call) {
      const { month, services } = await report(call)
      const rows = services.map(({ statements, isFinal, ...service }) => ({
        ...service,
        month,
        statements: statements.map(({ number }) => number).join(' '),
        isFinal: String(isFinal),
      }))
      const content = writeCsv(
        [...headings],
        rows.map((row) => headings.map((heading) => row[heading])),
      )
      return { content, name: `earnings-${month}.csv` }
    },
  })
}
