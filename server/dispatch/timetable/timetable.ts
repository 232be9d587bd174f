/**
 * Product A's timetable (domain section 4): every 15 minutes the instruction for the single window 30 minutes ahead.
 * Configuration, not law: the trial's figures are the defaults.
 */
export interface SingleWindowTimetable {
  /** Minutes between ticks, and length of the window that each tick issues. */
  periodMinutes: number
  /** Minutes from a tick to the start of its window. */
  aheadMinutes: number
  /** A tick that could not run within so many seconds is missed: recorded and alarmed, never fired late (FM09). */
  graceSeconds: number
  /** A worker that has not finished a claimed tick by then is taken for dead, and another may claim it. */
  leaseSeconds: number
}

export const productATimetable: SingleWindowTimetable = {
  periodMinutes: 15,
  aheadMinutes: 30,
  graceSeconds: 120,
  leaseSeconds: 60,
}
