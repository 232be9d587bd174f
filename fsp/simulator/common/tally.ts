/** Counts of OCPP calls by action, for external checks. */
export interface OcppCounts {
  /** Calls that charge points made and that were answered. */
  sent: Record<string, number>
  /** Calls that charge points answered. */
  received: Record<string, number>
  /** Calls of charge points that were answered with an error. */
  refused: Record<string, number>
}

/** Counts one more. */
export function count(tally: Record<string, number>, action: string): void {
  tally[action] = (tally[action] ?? 0) + 1
}
