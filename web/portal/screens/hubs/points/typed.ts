import { type MappedPoint, mappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { phase, quantity } from '../../../../../schemas/grid/measurements.ts'

/** The members of a point in the order of a file's columns, which are also its headings. */
export const pointColumns = ['group', 'index', 'feeder', 'phase', 'quantity', 'scale', 'deadBand'] as const
export type PointColumn = (typeof pointColumns)[number]

/** A point as it is typed or stands in a row of a file. An empty dead band is none. */
export type TypedPoint = Record<PointColumn, string>

/** What is wrong with a member of a point, by the member. */
export type PointFaults = Partial<Record<PointColumn, string>>

const wrong: Record<PointColumn, string> = {
  group: 'must be a DNP3 group, 1 to 255',
  index: 'must be a DNP3 index, 0 to 65,535',
  feeder: 'must be a feeder, 1 to 64, or 0 for the whole hub',
  phase: `must be ${orList(phase.options)}`,
  quantity: `must be ${orList(quantity.options)}`,
  scale: 'must be a number other than 0, such as 0.1 or -1',
  deadBand: 'must be empty, or a number from 0 on',
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

const number = /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i

/** What a text says as a number; not a number if it says none. */
function numberOf(text: string): number {
  return number.test(text.trim()) ? Number(text) : Number.NaN
}

/** A point as it was typed, or what is wrong with it. A scale of 0 is refused here: whatever is measured would read 0. */
export function readPoint(typed: TypedPoint): { point: MappedPoint | null; faults: PointFaults } {
  const read = mappedPoint.safeParse({
    group: numberOf(typed.group),
    index: numberOf(typed.index),
    feeder: numberOf(typed.feeder),
    phase: typed.phase.trim(),
    quantity: typed.quantity.trim(),
    scale: numberOf(typed.scale) || Number.NaN,
    ...(typed.deadBand.trim() === '' ? {} : { deadBand: numberOf(typed.deadBand) }),
  })
  if (read.success) return { point: read.data, faults: {} }
  const members = pointColumns.filter((column) => read.error.issues.some(({ path }) => path[0] === column))
  return { point: null, faults: Object.fromEntries(members.map((column) => [column, wrong[column]])) }
}

/** A stored point as it would be typed. */
export function typedOf(point: MappedPoint): TypedPoint {
  return Object.fromEntries(
    pointColumns.map((column) => [column, point[column] === undefined ? '' : String(point[column])]),
  ) as TypedPoint
}

/** What a new point begins with: the next index of the last one's group, for the same feeder. */
export function nextPoint(points: readonly MappedPoint[]): TypedPoint {
  const last = points.at(-1)
  if (!last) return { group: '30', index: '0', feeder: '1', phase: 'L1', quantity: 'voltage', scale: '1', deadBand: '' }
  const used = points.filter(({ group }) => group === last.group).map(({ index }) => index)
  return { ...typedOf(last), index: String(Math.max(...used) + 1) }
}

/** What tells a point from every other of its hub. */
export const keyOf = ({ group, index }: Pick<MappedPoint, 'group' | 'index'>): string => `${group} ${index}`

/** How points differ from those that are stored. */
export interface PointDifference {
  added: number
  changed: number
  removed: number
}

/** Compares points by what they mean, in whatever order they stand. */
export function differenceOf(stored: readonly MappedPoint[], now: readonly MappedPoint[]): PointDifference {
  const [before, after] = [byKey(stored), byKey(now)]
  const kept = [...after].filter(([key]) => before.has(key))
  return {
    added: after.size - kept.length,
    changed: kept.filter(([key, said]) => before.get(key) !== said).length,
    removed: before.size - kept.length,
  }
}

const byKey = (points: readonly MappedPoint[]) =>
  new Map(points.map((point) => [keyOf(point), Object.values(typedOf(point)).join()]))
