import type { MeasurementBatch } from '../dnp3/index.ts'
import { type BeliefRules, flagOf } from './belief.ts'
import type { DeadBandFilter } from './dead-band.ts'
import { type PointMap, pointKey, pointTypeOf, staticGroupOf } from './point-map.ts'
import { qualityOf } from './quality.ts'

/** Readings as the text of JSON array elements, passed to the spool and the server unchanged. */
export interface ReadingsText {
  readonly count: number
  readonly text: string
}

/**
 * The readings of one response by the hub's point map: `value = raw × scale`, and both times. A device's time that is not believed is left
 * out and flagged: the time of receipt stands. `filter` applies the dead bands. The text is
 * built directly, because a fleet makes thousands of readings a second. `onUnmapped` receives points that are not in the map, by static
 * group and index.
 */
export function readingsOf(
  batch: MeasurementBatch,
  map: PointMap,
  filter: DeadBandFilter,
  belief: BeliefRules,
  onUnmapped: (group: number, index: number) => void,
): ReadingsText {
  const tail = `,"receivedTime":"${new Date(batch.receivedMs).toISOString()}"}`
  const times = new TimeText()
  let text = ''
  let count = 0
  for (let i = 0; i < batch.length; i++) {
    const group = batch.group[i] as number
    const index = batch.index[i] as number
    const type = pointTypeOf(group)
    const staticGroup = staticGroupOf(group)
    const key = pointKey(staticGroup, index)
    const point = map.get(key)
    if (type === undefined || point === undefined) {
      onUnmapped(staticGroup, index)
      continue
    }
    const value = (batch.value[i] as number) * point.scale
    const known = Number.isFinite(value)
    const quality = known ? qualityOf(type, batch.flags[i] as number) : 'bad'
    const polled = staticGroup === group
    if (point.deadBand !== null && polled && !filter.passes(key, point.deadBand, value, quality, batch.receivedMs))
      continue
    const ms = batch.timeMs[i] as number
    const flag = flagOf(ms, batch.receivedMs, batch.unsynchronised.has(i), belief)
    const time = flag === 'replaced' ? 'null' : times.of(ms)
    const flagged = flag === null ? '' : `,"timeFlag":"${flag}"`
    text += `${count === 0 ? '' : ','}{${point.json},"value":${known ? value : null},"quality":"${quality}","deviceTime":${time}${flagged}${tail}`
    count++
  }
  return { count, text }
}

/** Device times as JSON; the points of one response mostly share one. */
class TimeText {
  #ms = Number.NaN
  #text = 'null'

  of(ms: number): string {
    if (Number.isNaN(ms)) return 'null'
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#text = `"${new Date(ms).toISOString()}"`
    }
    return this.#text
  }
}
