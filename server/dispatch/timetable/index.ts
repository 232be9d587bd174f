import { timetableOperations } from '../../../schemas/dispatch/timetables.ts'
import { gateOperations } from '../../../schemas/market/gates.ts'
import { bind } from '../../kit/index.ts'
import { gatesInForce, listProducts } from '../../market/index.ts'
import { changeScheduleGate } from './change-gate.ts'
import { changeTimetable } from './change-timetable.ts'
import { timetableInForce } from './store.ts'
import { viewTimetable } from './views.ts'

export { daysAheadOf, dueAt, type ProductTimetable, type Span, ticksBetween, ticksFor, windowOf } from './rules.ts'
export { timetableInForce } from './store.ts'

/** When products' instructions go out. */
export const timetable = bind(timetableOperations, {
  async listTimetables({ db, at }) {
    const products = await listProducts(db)
    const found = await Promise.all(products.map((each) => timetableInForce(db, each, at)))
    return { items: found.map(viewTimetable), nextCursor: null }
  },
  changeTimetable,
})

/** Until when schedules are accepted. Bound here and not in the market because a gate closes no later than its product goes out. */
export const scheduleGates = bind(gateOperations, {
  changeScheduleGate,
  async listScheduleGates({ db }) {
    return { items: await gatesInForce(db), nextCursor: null }
  },
})
