import { type Instant, LocalDateTime, ZoneOffset } from '@js-joda/core'

/**
 * How far a stamp may lie from its receipt to be believed (domain section 12, "Field equipment and files"). Ahead: what clocks drift
 * between two heartbeats, and less than the hour of a clock set to local time. Behind: a backlog of a day without a link; OCPP 1.6 has no
 * mark for a backlog, so that every message may be part of one.
 */
const aheadS = 2 * 60
const behindS = 24 * 60 * 60

const form = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))? ?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)?$/

/** An instant as a charge point's message gives it, or the time of receipt and why that is used. */
export interface BelievedInstant {
  at: Instant
  /** The rule that the stamp breaks; `null` if it is believed. */
  fault: string | null
}

/**
 * Reads a time stamp. Taken as it is meant: a blank for the T, an offset of hours, 24:00, any count of decimals, no offset (UTC, as OCPP-J
 * 1.6, section 3.14 asks for). What is no time, or is far from its receipt, becomes the time of receipt.
 */
export function believedInstant(given: unknown, receivedAt: Instant): BelievedInstant {
  const at = statedInstant(given)
  if (!at) return { at: receivedAt, fault: 'no time stamp: the time of receipt is used' }
  const isNear = !at.isAfter(receivedAt.plusSeconds(aheadS)) && !at.isBefore(receivedAt.minusSeconds(behindS))
  if (isNear) return { at, fault: null }
  return { at: receivedAt, fault: 'far from the time of receipt, which is used in its place' }
}

/** An instant as a charge point writes it, however far it is from now; `null` for what is none. */
export function statedInstant(given: unknown): Instant | null {
  return typeof given === 'string' ? instantIn(given.trim()) : null
}

function instantIn(text: string): Instant | null {
  const [, day, time, decimals = '', sign, hours = '0', minutes = '0'] = form.exec(text) ?? []
  if (day === undefined || time === undefined) return null
  const isMidnight = /^24:00(:00)?$/.test(time)
  const fraction = decimals ? `.${decimals.slice(0, 9)}` : ''
  try {
    const clockTime = isMidnight ? '00:00:00' : time.padEnd(8, ':00')
    const local = LocalDateTime.parse(`${day}T${clockTime}${fraction}`)
    const aheadOfUtcS = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
    return local
      .plusDays(isMidnight ? 1 : 0)
      .minusSeconds(aheadOfUtcS)
      .toInstant(ZoneOffset.UTC)
  } catch {
    // A date or a time that does not exist.
    return null
  }
}
