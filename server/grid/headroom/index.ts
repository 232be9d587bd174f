import { headroomOperations } from '../../../schemas/grid/network.ts'
import { bind } from '../../kit/index.ts'
import { readHeadroom } from './read-headroom.ts'
import { type NodeTelemetry, readNode } from './read-node.ts'

export { assess } from './assessment.ts'
export { capacityW, type LoadNode, type RatedNode } from './rules.ts'
export { type DayHeadroom, headroomsOf, headroomsToday, type TypicalHeadroom, typicalHeadrooms } from './typical.ts'
export { halfHourOf, halfHours, ratingSeasonOf, stepsOf, vectorOf } from './vectors.ts'

/** The load and headroom of nodes, from agreements, history and ratings. */
export const headroom = (telemetry: NodeTelemetry) =>
  bind(headroomOperations, { readNode: readNode(telemetry), readHeadroom })
