/** Requests that manage a device: restarts, freezes, classes, unsolicited responses, dead bands, attributes. */
import type { Fragment } from '../app/fragment.ts'
import { type Attribute, readAttributes as attributesOf } from '../app/free-format.ts'
import { readRecords } from '../app/records.ts'
import { ALL_ATTRIBUTES } from '../spec/attributes.ts'
import { FunctionCode } from '../spec/functions.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { Request } from './exchange.ts'
import { delayOf, type ReadHeader, type Run, readRequest, writeHeaders } from './operations.ts'
import { failure, type Outcome, success } from './outcome.ts'

/** Points by group and range; all of the group without a range. */
export type PointRange = Pick<ReadHeader, 'group' | 'start' | 'stop'>

/** Restarts the device; resolves with the delay in ms that it announces. */
export async function restart(run: Run, kind: 'cold' | 'warm'): Promise<Outcome<{ delayMs: number }>> {
  let delayMs = Number.NaN
  const outcome = await run({
    code: kind === 'cold' ? FunctionCode.coldRestart : FunctionCode.warmRestart,
    onFragment: (fragment) => {
      delayMs = delayOf(fragment)
    },
  })
  if (!outcome.ok) return outcome
  if (Number.isNaN(delayMs)) return failure('unexpected-objects', 'the response to a restart has no time delay')
  return success({ delayMs })
}

/** Stops applications by name (g90v1); all of them without names. */
export function stopApplicationRequest(names: readonly string[]): Request {
  return {
    code: FunctionCode.stopApplication,
    build: (writer) => {
      if (names.length === 0) writer.all(90, 1)
      for (const name of names)
        writer.sized(
          90,
          1,
          Uint8Array.from(name, (letter) => letter.charCodeAt(0) & 0xff),
        )
    },
  }
}

/** Freezes counters (g20) or analogs (g30); `clear` also resets the originals to 0. */
export function freezeRequest(points: readonly PointRange[], clear: boolean, ack: boolean): Request {
  const code = clear
    ? ack
      ? FunctionCode.freezeAndClear
      : FunctionCode.freezeAndClearNoAck
    : ack
      ? FunctionCode.immediateFreeze
      : FunctionCode.immediateFreezeNoAck
  return { code, build: (writer) => writeHeaders(writer, points.map(anyVariation)) }
}

/** Assigns points to a class; 0 ends their events. */
export function assignClassRequest(eventClass: 0 | 1 | 2 | 3, points: readonly PointRange[]): Request {
  const headers = [{ group: 60, variation: eventClass + 1 }, ...points.map(anyVariation)]
  return { code: FunctionCode.assignClass, build: (writer) => writeHeaders(writer, headers) }
}

/** Enables or disables unsolicited responses of these classes. */
export function unsolicitedRequest(on: boolean, classes: readonly (1 | 2 | 3)[]): Request {
  const headers = classes.map((number) => ({ group: 60, variation: number + 1 }))
  return {
    code: on ? FunctionCode.enableUnsolicited : FunctionCode.disableUnsolicited,
    build: (writer) => writeHeaders(writer, headers),
  }
}

function anyVariation(range: PointRange): ReadHeader {
  return { ...range, variation: 0 }
}

/** A dead band of an analog input, in the point's unit. */
export interface Deadband {
  readonly index: number
  readonly value: number
}

/** Writes dead bands (g34v3). */
export function deadbandRequest(deadbands: readonly Deadband[]): Request {
  const spec = objectSpec(34, 3) as ObjectSpec
  return {
    code: FunctionCode.write,
    build: (writer) => {
      const width = writer.indexed(34, 3, deadbands.length, Math.max(0, ...deadbands.map(({ index }) => index)))
      for (const { index, value } of deadbands) writer.unsigned(index, width).record(spec, { value })
    },
  }
}

/** Reads dead bands; all of them without a range. */
export async function readDeadbands(run: Run, start?: number, stop?: number): Promise<Outcome<Deadband[]>> {
  const found: Deadband[] = []
  const range = start === undefined ? {} : { start, stop: stop ?? start }
  const outcome = await run({
    ...readRequest([{ group: 34, variation: 0, ...range }]),
    onFragment: (fragment) => {
      for (const header of fragment.headers) {
        if (header.spec.group.group !== 34) continue
        for (const { index, fields } of readRecords(fragment.bytes, header)) {
          found.push({ index, value: fields['value'] as number })
        }
      }
    },
  })
  return outcome.ok ? success(found) : outcome
}

/** Reads device attributes: the given variation, or all. */
export async function readAttributes(run: Run, variation = ALL_ATTRIBUTES): Promise<Outcome<Attribute[]>> {
  const found: Attribute[] = []
  const outcome = await run({
    ...readRequest([{ group: 0, variation, start: 0, stop: 0 }]),
    onFragment: (fragment: Fragment) => {
      for (const header of fragment.headers) {
        if (header.spec.group.group === 0) found.push(...attributesOf(fragment.bytes, header))
      }
    },
  })
  return outcome.ok ? success(found) : outcome
}
