import type { SubmissionKind } from '../../../../../schemas/market/submissions.ts'

/** Name of each kind, and the unit and divisor that its values are read in. */
export const submissionWords: Record<SubmissionKind, { word: string; unit: string; per: number }> = {
  baseline: { word: 'Baseline', unit: 'kW', per: 1_000 },
  cost: { word: 'Cost', unit: '£/MWh', per: 1 },
  deviation: { word: 'Deviation', unit: 'kW', per: 1_000 },
  availability: { word: 'Availability', unit: 'kW', per: 1_000 },
}
