/** Read requests into response plans (IEEE 1815-2012 clause 4.4.2): classes, ranges, all points, single indexes. */
import { type Fragment, type ObjectHeader, unsignedAt } from '../app/fragment.ts'
import { objectOctets } from '../app/writer.ts'
import type { PointType } from '../spec/groups.ts'
import { Iin } from '../spec/iin.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import { readAttributeHeader } from './attributes.ts'
import type { PointColumns } from './columns.ts'
import { type AttributeValues, isOffered } from './config.ts'
import type { Database } from './database.ts'
import { ALL_CLASSES, type EventBuffers } from './events.ts'
import { emptyPlan, type ResponsePlan } from './plan.ts'

/** The parts of the device that a read can see. */
export interface ReadScope {
  readonly database: Database
  readonly events: EventBuffers
  /** Device time in ms since 1970 UTC. */
  readonly time: () => number
  readonly attributes: AttributeValues
}

type HeaderReader = (scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan) => void

/** Plans the answer to a read. Headers that cannot be answered set indications; the rest is answered. */
export function planRead(scope: ReadScope, fragment: Fragment): ResponsePlan {
  const plan = emptyPlan()
  for (const header of fragment.headers) {
    const reader = READERS[header.spec.group.role] ?? unknown
    reader(scope, fragment.bytes, header, plan)
  }
  return plan
}

const READERS: Readonly<Partial<Record<ObjectSpec['group']['role'], HeaderReader>>> = {
  static: readStatic,
  event: readEvents,
  class: readClass,
  commandEvent: readEvents,
  deadband: readDeadbands,
  attribute: (scope, _bytes, header, plan) => readAttributeHeader(scope.attributes, header, plan),
  time: readTime,
}

function unknown(_scope: ReadScope, _bytes: Uint8Array, _header: ObjectHeader, plan: ResponsePlan): void {
  plan.iin |= Iin.objectUnknown
}

/** Events and classes have neither order nor place: a range or a list of indexes names none of them (IEEE 1815-2012 clause 4.4.2). */
function isPlaced({ qualifier }: ObjectHeader): boolean {
  return qualifier.range.kind === 'range' || qualifier.prefix.of === 'index'
}

function readClass(scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan): void {
  const { variation } = header.spec
  if (isPlaced(header)) plan.iin |= Iin.parameterError
  else if (variation === 1) {
    for (const columns of scope.database.all()) plan.statics.push({ columns, at: 0, end: columns.count, variation: 0 })
  } else if (variation >= 2 && variation <= 4) {
    scope.events.select(plan.events, [(variation - 1) as 1 | 2 | 3], eventLimit(header))
  } else unknown(scope, bytes, header, plan)
}

function readEvents(scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan): void {
  const { group, variation } = header.spec
  if (!isOffered(group.group, variation)) unknown(scope, bytes, header, plan)
  else if (isPlaced(header)) plan.iin |= Iin.parameterError
  else scope.events.select(plan.events, ALL_CLASSES, eventLimit(header), group.group, variation)
}

/** Qualifiers 07, 08 and 09 limit the number of events; 06 does not. */
function eventLimit(header: ObjectHeader): number {
  return header.qualifier.range.kind === 'count' ? header.count : Number.POSITIVE_INFINITY
}

function readStatic(scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan): void {
  const { group, variation } = header.spec
  const columns = scope.database.of(group.type as PointType)
  if (columns === undefined || !isOffered(group.group, variation)) {
    unknown(scope, bytes, header, plan)
    return
  }
  selectPoints(columns, bytes, header, plan, (at, end) => {
    if (end > at) plan.statics.push({ columns, at, end, variation: group.type === 'octetString' ? 0 : variation })
  })
}

function readDeadbands(scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan): void {
  const columns = scope.database.of('analog')
  const { variation } = header.spec
  if (columns === undefined) unknown(scope, bytes, header, plan)
  else {
    selectPoints(columns, bytes, header, plan, (at, end) => {
      if (end > at) plan.statics.push({ columns, at, end, variation, deadbands: true })
    })
  }
}

/** Finds the points that a header names and adds them as runs of positions. */
function selectPoints(
  columns: PointColumns,
  bytes: Uint8Array,
  header: ObjectHeader,
  plan: ResponsePlan,
  add: (at: number, end: number) => void,
): void {
  const { kind } = header.qualifier.range
  if (kind === 'all') add(0, columns.count)
  else if (header.qualifier.prefix.of === 'index') readIndexes(columns.position.bind(columns), bytes, header, plan, add)
  else if (kind === 'count') add(0, Math.min(header.count, columns.count))
  else {
    const at = columns.firstFrom(header.start)
    const end = columns.firstFrom(header.start + header.count)
    if (end - at < header.count) plan.iin |= Iin.parameterError
    add(at, end)
  }
}

function readIndexes(
  position: (index: number) => number,
  bytes: Uint8Array,
  header: ObjectHeader,
  plan: ResponsePlan,
  add: (at: number, end: number) => void,
): void {
  const { octets } = header.qualifier.prefix
  for (let i = 0; i < header.count; i++) {
    const at = position(unsignedAt(bytes, header.dataAt + i * octets, octets))
    if (at < 0) plan.iin |= Iin.parameterError
    else add(at, at + 1)
  }
}

function readTime(scope: ReadScope, bytes: Uint8Array, header: ObjectHeader, plan: ResponsePlan): void {
  if (header.spec.group.group !== 50 || header.spec.variation > 1) {
    unknown(scope, bytes, header, plan)
    return
  }
  const spec = objectSpec(50, 1) as ObjectSpec
  plan.extras.push(objectOctets((writer) => writer.count(50, 1, 1).record(spec, { time: scope.time() })))
}
