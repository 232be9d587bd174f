import { timetableOperations } from '../../../schemas/dispatch/timetables.ts'
import { bind } from '../../kit/index.ts'
import { listProducts } from '../../market/index.ts'
import { changeTimetable } from './change-timetable.ts'
import { timetableInForce } from './store.ts'
import { viewTimetable } from './views.ts'

export { dueAt, type ProductTimetable, type Span, ticksBetween, ticksFor, windowOf } from './rules.ts'
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
