import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { type Offer, offer, type Tender } from '../../../../schemas/market/tenders.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { kw } from '../../../shared/format/power.ts'

/** An offer of one FU as it is typed. */
export interface DraftOffer extends Pick<FlexibleUnit, 'fuId' | 'name'> {
  direction: Direction
  /** How far it goes in that direction. */
  mostW: number
  isOffered: boolean
  kw: string
  availability: string
  utilisation: string
}

/** Every FU of one’s own that goes in the direction of a tender, with all that it can, none offered yet. */
export function draftOffers(units: readonly FlexibleUnit[], direction: Direction): DraftOffer[] {
  const mostOf = (unit: FlexibleUnit) => (direction === 'turn-up' ? unit.maxTurnUpW : unit.maxTurnDownW)
  const able = direction === 'turn-up' ? units.filter((unit) => unit.maxTurnUpW > 0) : units
  return able.map((unit) => ({
    fuId: unit.fuId,
    name: unit.name,
    direction,
    mostW: mostOf(unit),
    isOffered: false,
    kw: String(mostOf(unit) / 1_000),
    availability: '',
    utilisation: '',
  }))
}

type Ceilings = Pick<Tender, 'ceilingAvailabilityGbpPerMwH' | 'ceilingUtilisationGbpPerMwh'>

/** The offers as the API takes them, or what is wrong with each FU’s. A price above its ceiling would only be rejected. */
export function readOffers(
  drafts: readonly DraftOffer[],
  ceilings: Ceilings,
): { given: Offer[] | null; faults: Map<string, string> } {
  const faults = new Map<string, string>()
  const given = drafts
    .filter((draft) => draft.isOffered)
    .flatMap((draft) => {
      const parsed = offer.safeParse({
        fuId: draft.fuId,
        direction: draft.direction,
        turnDownW: draft.kw.trim() === '' ? Number.NaN : Number(draft.kw) * 1_000,
        availabilityGbpPerMwH: draft.availability.trim(),
        utilisationGbpPerMwh: draft.utilisation.trim(),
      })
      const fault = parsed.success ? faultOf(draft, parsed.data, ceilings) : wordsOf(parsed.error.issues[0])
      if (fault) faults.set(draft.fuId, fault)
      return parsed.success ? [parsed.data] : []
    })
  return { given: faults.size === 0 && given.length > 0 ? given : null, faults }
}

const fieldWords: Record<string, string> = {
  turnDownW: 'Turn-down',
  availabilityGbpPerMwH: 'Availability',
  utilisationGbpPerMwh: 'Utilisation',
}

function wordsOf(issue: { path: PropertyKey[]; message: string } | undefined): string {
  const field = String(issue?.path[0])
  return `${fieldWords[field] ?? field}: ${issue?.message}`
}

function faultOf(draft: DraftOffer, given: Offer, ceilings: Ceilings): string | null {
  const word = draft.direction === 'turn-up' ? 'up' : 'down'
  if (given.turnDownW > draft.mostW) return `It can turn ${word} by at most ${kw(draft.mostW)}.`
  if (Number(given.availabilityGbpPerMwH) > Number(ceilings.ceilingAvailabilityGbpPerMwH))
    return 'The availability price is above the ceiling.'
  if (Number(given.utilisationGbpPerMwh) > Number(ceilings.ceilingUtilisationGbpPerMwh))
    return 'The utilisation price is above the ceiling.'
  return null
}
