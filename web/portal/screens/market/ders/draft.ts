import type { z } from 'zod'
import { type Der, derConsent, type newDer, type newFlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { mpan } from '../../../../../schemas/vocabulary/units.ts'
import { day } from '../../../../shared/search.ts'

/** The consent of a DER's owner as its form holds it; days as the fields have them. */
export interface ConsentDraft {
  reference: string
  from: string
  until: string
}

/** What is wrong with a consent, by field. */
export function consentFaults({ reference, from, until }: ConsentDraft): Partial<Record<keyof ConsentDraft, string>> {
  const isUntil = until === '' || day(until) !== undefined
  return {
    ...(reference.trim().length < 3 && { reference: 'State what shows it, in three characters or more.' }),
    ...(day(from) === undefined && { from: 'Choose the first day.' }),
    ...(!isUntil && { until: 'Choose a day, or leave it empty.' }),
    ...(isUntil && until !== '' && until <= from && { until: 'It must lie after the first day.' }),
  }
}

/** A consent without faults as the API takes it. */
export function readConsent({ reference, from, until }: ConsentDraft): z.infer<typeof derConsent> {
  return derConsent.parse({ reference, from, until: until || null })
}

/** A power as it is typed, in kW, from 0 on and with a limit of a million; `null` if it is none. */
function wattsOf(typed: string): number | null {
  const kw = typed.trim() === '' ? Number.NaN : Number(typed)
  return kw >= 0 && kw <= 1e6 ? Math.round(kw * 1_000) : null
}

/** A DER as its form holds it. */
export interface DerDraft {
  name: string
  kind: Der['kind']
  mpan: string
  ratedKw: string
  /** Whether the consent of an owner is recorded with it. */
  hasConsent: boolean
  consent: ConsentDraft
}

/** The draft as the API takes it, or what is wrong, by field; a fault of the consent is under `consent.` with its field. */
export function readDer(draft: DerDraft): {
  given: z.input<typeof newDer> | null
  faults: ReadonlyMap<string, string>
} {
  const faults = new Map<string, string>()
  const ratedW = wattsOf(draft.ratedKw)
  if (draft.name.trim() === '') faults.set('name', 'Give the DER a name.')
  if (!mpan.safeParse(draft.mpan.trim()).success) faults.set('mpan', 'An MPAN has 13 digits.')
  if (ratedW === null || ratedW === 0) faults.set('ratedKw', 'Enter what it is rated for in kW, more than 0.')
  if (draft.hasConsent)
    for (const [field, fault] of Object.entries(consentFaults(draft.consent))) faults.set(`consent.${field}`, fault)
  if (faults.size > 0 || ratedW === null) return { given: null, faults }
  const { name, kind, hasConsent, consent } = draft
  const given = { name: name.trim(), kind, mpan: draft.mpan.trim(), ratedW }
  return { given: hasConsent ? { ...given, consent: readConsent(consent) } : given, faults }
}

/** An FU as its form holds it. */
export interface UnitDraft {
  name: string
  derIds: ReadonlySet<string>
  downKw: string
  upKw: string
  isWholeSite: boolean
  /** The node that its DERs are behind, where they are behind more than one connection. */
  nodeId: string
}

/** The draft as the API takes it, or what is wrong, by field. */
export function readUnit(
  draft: UnitDraft,
  ders: readonly Pick<Der, 'derId' | 'ratedW'>[],
): { given: z.input<typeof newFlexibleUnit> | null; faults: ReadonlyMap<string, string> } {
  const faults = new Map<string, string>()
  const { name, derIds, isWholeSite, nodeId } = draft
  const [downW, upW] = [wattsOf(draft.downKw), wattsOf(draft.upKw || '0')]
  const ratedW = ders.filter(({ derId }) => derIds.has(derId)).reduce((sum, der) => sum + der.ratedW, 0)
  const tooMuch = `Its DERs are rated for ${ratedW / 1_000} kW together.`
  if (name.trim() === '') faults.set('name', 'Give the FU a name.')
  if (derIds.size === 0 && nodeId.trim() === '')
    faults.set('derIds', 'Choose its DERs, or state the node that they will be behind.')
  if (downW === null) faults.set('downKw', 'Enter a power in kW, 0 for an FU that only turns up.')
  if (upW === null) faults.set('upKw', 'Enter a power in kW, 0 for an FU that only turns down.')
  if (downW === 0 && upW === 0) faults.set('downKw', 'An FU turns down, up, or both: enter a power in kW.')
  if (derIds.size > 0 && (downW ?? 0) > ratedW) faults.set('downKw', tooMuch)
  if (derIds.size > 0 && (upW ?? 0) > ratedW) faults.set('upKw', tooMuch)
  if (isWholeSite && nodeId.trim() !== '')
    faults.set('isWholeSite', 'Only an FU behind one connection can be its whole site.')
  if (faults.size > 0 || downW === null || upW === null) return { given: null, faults }
  const given = {
    name: name.trim(),
    derIds: [...derIds],
    maxTurnDownW: downW,
    maxTurnUpW: upW,
    isWholeSite,
    ...(nodeId.trim() !== '' && { nodeId: nodeId.trim() }),
  }
  return { given, faults }
}
