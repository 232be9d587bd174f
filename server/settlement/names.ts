import { namerOf } from '../kit/index.ts'
import { statement } from './statements/lines/tables.ts'

/** The numbers of statements. */
export const settlementNames = { statement: namerOf(statement, statement.statementId, statement.number) }
