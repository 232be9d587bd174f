import type { Connector, Unit } from './units.ts'

/** Where a token is shown: at a charge point's reader, or, once the charge begins, at one of its sockets. */
export interface ShownAt {
  unit: Pick<Unit, 'identity' | 'model'>
  /** `null`: the reader does not say. */
  connector: number | null
}

/** The sockets but for one that charge with a token. */
export function otherSocketsWith(units: readonly Unit[], idTag: string, { unit, connector }: ShownAt): Connector[] {
  return units
    .flatMap(({ connectors }) => connectors)
    .filter(({ transaction }) => transaction?.idTag === idTag)
    .filter((each) => each.unit.identity !== unit.identity || each.connector !== connector)
}

/**
 * The socket for whose sake a token is refused at another of the same brand (DDB11); `null`: none. A reader does not say for which socket a
 * token is, and it may be there to end its charge: one that charges at the same charge point passes it. A charge that may be over, or whose
 * charge point has no link, refuses nobody: a lost message must not leave a driver standing.
 */
export function refusedFor(units: readonly Unit[], idTag: string, shown: ShownAt): Connector | null {
  const others = otherSocketsWith(units, idTag, shown)
  const isOwn = (other: Connector) => other.unit.identity === shown.unit.identity
  if (shown.connector === null && others.some(isOwn)) return null
  return (
    others.find(
      ({ unit, transaction }) =>
        brandOf(unit) === brandOf(shown.unit) && unit.link !== null && transaction?.doubtedMs === null,
    ) ?? null
  )
}

/** A charge point's brand, in a form that can be compared. */
export function brandOf({ model }: Pick<Unit, 'model'>): string {
  return model.vendor.trim().toLowerCase()
}
