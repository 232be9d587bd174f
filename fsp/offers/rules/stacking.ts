/** Who holds a watt in a quarter-hour, in the order in which they are served. */
export const claimOrder = ['dno', 'others', 'tariff'] as const

/** Something that a part of a site's load is already given to in a quarter-hour, W. */
export interface Claim {
  holder: (typeof claimOrder)[number]
  name: string
  powerW: number
}

/** A claim with what it holds of what is there, W. */
export interface Held extends Claim {
  heldW: number
}

/**
 * The rule of services that stand beside each other (L16): a watt serves one of them in a quarter-hour. What was promised to the DNO by
 * contract holds first, what was promised to others second, what the tariff's plan has moved away third, and only the rest can be offered.
 * Of one rank the earlier in the list holds first.
 * @param potentialW what can be put off at all.
 */
export function stack(potentialW: number, claims: readonly Claim[]): { held: Held[]; freeW: number } {
  let freeW = Math.max(0, potentialW)
  const rank = ({ holder }: Claim) => claimOrder.indexOf(holder)
  const held = claims
    .toSorted((a, b) => rank(a) - rank(b))
    .map((claim) => {
      const heldW = Math.min(freeW, Math.max(0, claim.powerW))
      freeW -= heldW
      return { ...claim, heldW }
    })
  return { held, freeW }
}
