import { gateOperations } from '../../../schemas/market/gates.ts'
import { timetableOperations } from '../../../schemas/market/timetables.ts'
import { bind, proposed } from '../../kit/index.ts'
import { changeTimetable } from './change-timetable.ts'
import { listScheduleGates } from './list-gates.ts'
import { listTimetables } from './list-timetables.ts'
import { listUnissued } from './list-unissued.ts'

export { type Closing, closingsOn } from './closings.ts'
export { wholeProduct } from './reach.ts'
export {
  daysAheadOf,
  dueAt,
  issueOf,
  type ProductTimetable,
  type Span,
  ticksBetween,
  ticksFor,
  windowOf,
} from './rules.ts'
export { timetableFor, timetableInForce, timetablesInForce, timetablesOf } from './store.ts'

/** When products' instructions go out. */
export const timetable = bind(timetableOperations, {
  listTimetables,
  listUnissued,
  changeTimetable: proposed(changeTimetable),
})

/** Until when schedules are accepted. */
export const scheduleGates = bind(gateOperations, { listScheduleGates })
