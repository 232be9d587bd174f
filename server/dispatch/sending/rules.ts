import type { Instant } from '@js-joda/core'

/** How a sending is watched, and how an FSP is asked where its outcome is unknown. */
export interface Asking {
  /** A `sent` instruction whose sender has not reported by then was cut off, and is asked for. Longer than token and call may take. */
  leaseSeconds: number
  /** First pause between questions; each further pause is twice as long, up to the longest. */
  firstPauseSeconds: number
  longestPauseSeconds: number
  /** Nobody asks any more this long after the window's end: the instruction expires, and the alarm stands. */
  giveUpSeconds: number
}

export const usualAsking: Asking = {
  leaseSeconds: 60,
  firstPauseSeconds: 60,
  longestPauseSeconds: 900,
  giveUpSeconds: 86_400,
}

/** When to ask again after `asked` questions that brought no answer. Until the window ends the pauses stay short: there is still time to act. */
export function nextAskAt(rules: Asking, now: Instant, windowEnd: Instant, asked: number): Instant {
  if (now.isBefore(windowEnd)) return now.plusSeconds(rules.firstPauseSeconds)
  const pause = Math.min(rules.firstPauseSeconds * 2 ** Math.min(asked, 20), rules.longestPauseSeconds)
  return now.plusSeconds(pause)
}

/** Whether an unknown outcome is given up. */
export function isGivenUp(rules: Asking, now: Instant, windowEnd: Instant): boolean {
  return !now.isBefore(windowEnd.plusSeconds(rules.giveUpSeconds))
}
