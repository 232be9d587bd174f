import { type StandingContract, standingContract } from '../../../../../schemas/market/contracts.ts'
import { type DraftWindow, draftWindow } from '../tenders/windows-editor.tsx'

/** A contract without a tender as its form holds it; kW and prices as they are typed. */
export interface ContractDraft {
  fuId: string
  product: string
  direction: string
  reference: string
  validFrom: string
  validTo: string
  turnDownKw: string
  availabilityGbpPerMwH: string
  utilisationGbpPerMwh: string
  baselineMethod: string
  baselineFallback: string
  windows: DraftWindow[]
}

/** What a baseline falls back to, in words. */
export const fallbackWords: Record<StandingContract['baselineFallback'], string> = {
  nominated: 'nominated by the FSP',
  zero: 'zero',
  outturn: 'what was metered: nothing is delivered',
}

/** A contract to begin with. */
export function newDraft(validFrom: string, validTo: string): ContractDraft {
  return {
    fuId: '',
    product: '',
    direction: 'turn-down',
    reference: '',
    validFrom,
    validTo,
    turnDownKw: '',
    availabilityGbpPerMwH: '0',
    utilisationGbpPerMwh: '',
    baselineMethod: 'recent-history',
    baselineFallback: 'nominated',
    windows: [draftWindow()],
  }
}

/** The draft as the API takes it, or what is wrong, by field; a window’s faults are under `windows.0`. */
export function readContract({ turnDownKw, windows, ...draft }: ContractDraft): {
  given: StandingContract | null
  faults: Map<string, string>
} {
  const parsed = standingContract.safeParse({
    ...draft,
    turnDownW: turnDownKw === '' ? Number.NaN : Number(turnDownKw) * 1_000,
    windows: windows.map(({ weekdays, from, to }) => ({ weekdays, from, to })),
  })
  const issues = parsed.success ? [] : parsed.error.issues
  return {
    given: parsed.success ? parsed.data : null,
    faults: new Map(issues.map(({ path, message }) => [path.slice(0, 2).join('.'), message])),
  }
}
