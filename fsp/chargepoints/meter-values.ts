import { reachWh, socketW } from './rules.ts'
import type { EnergyAndPower } from './samples.ts'
import type { Connector } from './units.ts'

/** Longest span between two readings of a register that its mean power may be taken from, ms. */
const longestSpanMs = 15 * 60_000

/** What a reading says of its socket: its power, `undefined` if nothing, and the rule that its register breaks. */
export interface Judged {
  powerW: number | null | undefined
  registerFault: string | null
}

/**
 * Judges a reading by what the socket can carry, and moves the transaction's register on if it is believed. A unit that states no power
 * is seen by what its register rises; power that cannot be read, or that no socket carries, is unknown.
 */
export function judge(connector: Connector, atMs: number, given: EnergyAndPower & { statesPower: boolean }): Judged {
  const { transaction, unit } = connector
  const { energyWh } = given
  const isPossible =
    given.powerW !== null && Math.abs(given.powerW) <= socketW({ ...unit.model, phases: mostPhases }) * 1.25
  const stated = isPossible ? given.powerW : given.statesPower ? null : undefined
  if (energyWh === null || !transaction || atMs < transaction.lastReadMs) return { powerW: stated, registerFault: null }
  if (!transaction.isStartKnown) {
    Object.assign(transaction, { isStartKnown: true, startWh: energyWh, lastWh: energyWh, lastReadMs: atMs })
    return { powerW: stated, registerFault: null }
  }
  const spanMs = atMs - transaction.lastReadMs
  const roseWh = energyWh - transaction.lastWh
  if (roseWh < 0) return { powerW: stated, registerFault: 'fell below an earlier reading' }
  if (roseWh > reachWh(unit.model, spanMs))
    return { powerW: stated, registerFault: 'rose faster than the socket can carry' }
  Object.assign(transaction, { lastWh: energyWh, lastReadMs: atMs })
  if (typeof stated === 'number' || spanMs === 0 || spanMs > longestSpanMs)
    return { powerW: stated, registerFault: null }
  return { powerW: (roseWh * 3_600_000) / spanMs, registerFault: null }
}

/** A model's current is that of each phase; power of three is possible, whatever the register says. */
const mostPhases = 3
