import type { Instant } from '@js-joda/core'

/** How an FSP is queried about an unknown outcome. */
export interface Asking {
  /** First pause between questions; each further pause is twice as long, up to the longest. */
  firstPauseSeconds: number
  longestPauseSeconds: number
  /** Queries stop this long after the window's end: the instruction expires, and the alarm stays open. */
  giveUpSeconds: number
}

export const usualAsking: Asking = {
  firstPauseSeconds: 60,
  longestPauseSeconds: 900,
  giveUpSeconds: 86_400,
}

/** When to ask again after `asked` unanswered questions. Pauses stay short until the window ends: there is still time to act. */
export function nextAskAt(rules: Asking, now: Instant, windowEnd: Instant, asked: number): Instant {
  if (now.isBefore(windowEnd)) return now.plusSeconds(rules.firstPauseSeconds)
  const pause = Math.min(rules.firstPauseSeconds * 2 ** Math.min(asked, 20), rules.longestPauseSeconds)
  return now.plusSeconds(pause)
}

/** Whether to stop querying an unknown outcome. */
export function isGivenUp(rules: Asking, now: Instant, windowEnd: Instant): boolean {
  return !now.isBefore(windowEnd.plusSeconds(rules.giveUpSeconds))
}
