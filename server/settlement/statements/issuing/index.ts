import { reliabilityOperations } from '../../../../schemas/settlement/reliability.ts'
import { statementOperations } from '../../../../schemas/settlement/statements.ts'
import { bind, report, tenantOf } from '../../../kit/index.ts'
import { compareBaselines } from '../lines/index.ts'
import { statementCsv } from './csv.ts'
import { listDelivery } from './delivery.ts'
import { explainLine } from './explain-line.ts'
import { moveStatement } from './move-statement.ts'
import { statementPdf } from './pdf.ts'
import { prepareStatement } from './prepare-statement.ts'
import { readUnitReliability } from './reliability.ts'
import { pageOfStatements, readStatement } from './store.ts'

export { type DayOfUnits, dayOfUnits } from './day.ts'
export { makeDraft } from './draft.ts'
export { readSummary } from './store.ts'

/** Statements, their files, and their life up to issue. */
export const statements = bind(statementOperations, {
  prepareStatement: report(prepareStatement),
  moveStatement,
  explainLine,
  listDelivery: report(listDelivery),
  compareBaselines: report(compareBaselines),

  listStatements: ({ db, actor, query }) => pageOfStatements(db, tenantOf(actor), query),
  readStatement: ({ db, actor, params }) => readStatement(db, params.id, tenantOf(actor)),

  async readStatementCsv({ db, actor, params }) {
    const found = await readStatement(db, params.id, tenantOf(actor))
    return { content: statementCsv(found), name: `statement-${found.number}.csv` }
  },

  async readStatementPdf({ db, actor, params }) {
    const found = await readStatement(db, params.id, tenantOf(actor))
    return { content: new Uint8Array(await statementPdf(found)), name: `statement-${found.number}.pdf` }
  },
})

/** Reliability of FUs, from what was settled. */
export const reliability = bind(reliabilityOperations, { readUnitReliability })
