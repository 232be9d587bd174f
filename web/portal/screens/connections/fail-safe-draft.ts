/** A fail-safe policy as its form has it. */
export interface FailSafeDraft {
  onBreach: boolean
  onLinkLost: boolean
  failSafeKw: string
  validMinutes: string
}

interface Read {
  /** What is sent; `null` while something is wrong. */
  body: { onBreach: boolean; onLinkLost: boolean; failSafeW: number; validMinutes: number } | null
  faults: { failSafeKw: string | null; validMinutes: string | null }
}

const number = /^\d+(\.\d{1,3})?$/

/** What was typed, or what is wrong with it. */
export function readFailSafe({ onBreach, onLinkLost, failSafeKw, validMinutes }: FailSafeDraft): Read {
  const [limit, minutes] = [failSafeKw.trim(), validMinutes.trim()]
  const isLimit = number.test(limit) && Number(limit) <= 100_000
  const isMinutes = /^\d+$/.test(minutes) && Number(minutes) >= 2 && Number(minutes) <= 1_440
  const faults = {
    failSafeKw: isLimit ? null : 'Enter kW, such as 50 or 62.5.',
    validMinutes: isMinutes ? null : 'Enter whole minutes, from 2 to 1,440 (a day).',
  }
  if (!isLimit || !isMinutes) return { body: null, faults }
  const failSafeW = Math.round(Number(limit) * 1_000)
  return { body: { onBreach, onLinkLost, failSafeW, validMinutes: Number(minutes) }, faults }
}
