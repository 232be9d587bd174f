import { LocalDate } from '@js-joda/core'
import { boardOperations } from '../../../schemas/dispatch/board.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { bind } from '../../kit/index.ts'
import { type DeliveredReader, readBoard } from './board.ts'

export type { DeliveredReader } from './board.ts'
export { readTotalsByProduct, readTotalsOfAll } from './totals.ts'

/** The dispatch board. Settlement, a layer above, knows what was delivered, so its reader is passed in. */
export function board(delivered: DeliveredReader) {
  return bind(boardOperations, {
    readDispatchBoard: ({ db, at, query }) =>
      readBoard(db, at, query.day ? LocalDate.parse(query.day) : tradingDayOf(at), query.product, delivered),
  })
}
