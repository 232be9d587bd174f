/** A current that sockets share: of a phase, or of all phases together, A. It may be 0. */
export interface SharedLimit {
  id: string
  capacityA: number
}

/** That an ampere at a socket takes `factor` amperes of a limit: 3 of a total where it flows in three phases. */
export interface Use {
  /** Place of the limit in the list of limits. */
  limit: number
  factor: number
}

/** A socket with a vehicle, as the allocation sees it. */
export interface Claim {
  /** Breaks ties, so that equal inputs give equal results. */
  key: string
  /** The lowest current at which it charges, A. */
  leastA: number
  /** What the socket carries and the vehicle can use, A; never below `leastA`. */
  mostA: number
  /** What it is to have before a less urgent one is served, A; absent: `leastA`. */
  floorA?: number
  /** Whether it takes 0 A; one that does not gets its least, whatever the limits. */
  canPause: boolean
  /** Spare time as it ranks vehicles, ms. The least is served first. */
  laxityMs: number
  uses: readonly Use[]
}

/** What a socket gets, and why not more. */
export interface Share {
  limitA: number
  /** Place in the order of urgency, from 1. */
  rank: number
  /** The limit that stops more; `null`: it has all that it can use. */
  boundBy: string | null
  /** It cannot pause, and takes more of a limit than there is. */
  isForced: boolean
}

export interface AllocationRule {
  /** Currents are multiples of this, A; 0: any current. Charge points take whole amperes. */
  stepA: number
  /** Whether every vehicle gets its floor, in order of urgency, before any gets more. */
  floorsFirst: boolean
}

const wholeAmperes: AllocationRule = { stepA: 1, floorsFirst: false }

/** Below what a meter shows, A: sums of fractions are not exact. */
const dustA = 1e-6

/**
 * Shares currents among vehicles by least laxity, under any number of limits that they share: units that cannot pause get their least
 * first, whatever the limits; then each in the order of its urgency gets as much as it can use. Spreading the least current over all would
 * starve the urgent ones. A rest that is too small for the next vehicle is made up by those before it, the least urgent first, so that
 * nothing is left over that a vehicle could use, unless all have their least. A limit is exceeded only if units that cannot pause need it.
 */
export function allocate(
  claims: readonly Claim[],
  limits: readonly SharedLimit[],
  rule: Partial<AllocationRule> = {},
): Map<string, Share> {
  const order = [...claims].sort((a, b) => a.laxityMs - b.laxityMs || (a.key < b.key ? -1 : 1))
  const allocation = new Allocation(order, limits, { ...wholeAmperes, ...rule })
  allocation.serveInOrder()
  allocation.serveWhatFits()
  return new Map(order.map(({ key }, i) => [key, allocation.shareOf(i)]))
}

/** An allocation in the making; claims by their place in the order of urgency. */
class Allocation {
  readonly #order: readonly Claim[]
  readonly #limits: readonly SharedLimit[]
  readonly #rule: AllocationRule
  /** What each claim has to have once it is served, and what it has, A. */
  readonly #floors: Float64Array
  readonly #given: Float64Array
  readonly #served: boolean[]
  /** What is left of each limit, and what would be if all who are served had their floor only, A. */
  readonly #left: Float64Array
  readonly #leftAtFloors: Float64Array

  constructor(order: readonly Claim[], limits: readonly SharedLimit[], rule: AllocationRule) {
    this.#order = order
    this.#limits = limits
    this.#rule = rule
    this.#floors = Float64Array.from(order, (claim) => floorOf(claim))
    this.#given = new Float64Array(order.length)
    this.#served = order.map(({ canPause }) => !canPause)
    this.#left = Float64Array.from(limits, ({ capacityA }) => capacityA)
    for (const [i] of order.entries()) if (this.#served[i]) this.#give(this.#left, i, this.#floors[i] as number)
    this.#leftAtFloors = Float64Array.from(this.#left)
    this.#fill()
  }

  /** Serves each in its turn who fits, or for whom room can be made of a rest that nobody could use. */
  serveInOrder(): void {
    for (const [i] of this.#order.entries()) {
      if (this.#served[i]) continue
      if (this.#fits(this.#left, i)) {
        this.#admit(i)
        this.#raise(i)
      } else if ((this.#rule.floorsFirst || this.#hasRest(i)) && this.#fits(this.#leftAtFloors, i)) {
        this.#admit(i)
        this.#fill()
      }
    }
  }

  /** Room that was made on one limit may have left some on another: those who were passed over take it. */
  serveWhatFits(): void {
    for (const [i] of this.#order.entries()) {
      if (this.#served[i] || !this.#fits(this.#left, i)) continue
      this.#admit(i)
      this.#raise(i)
    }
  }

  shareOf(i: number): Share {
    const [given, isServed] = [this.#given[i] as number, this.#served[i] as boolean]
    const { uses, canPause } = this.#order[i] as Claim
    const isForced = !canPause && uses.some(({ limit }) => (this.#left[limit] as number) < -dustA)
    const isFull = isServed && given >= this.#mostOf(i) - dustA
    return { limitA: given, rank: i + 1, boundBy: isFull ? null : this.#tightest(i), isForced }
  }

  #tightest(i: number): string | null {
    let found: { id: string; leftA: number } | null = null
    for (const { limit, factor } of (this.#order[i] as Claim).uses) {
      const leftA = (this.#left[limit] as number) / factor
      if (found === null || leftA < found.leftA - dustA) found = { id: (this.#limits[limit] as SharedLimit).id, leftA }
    }
    return found?.id ?? null
  }

  #admit(i: number): void {
    this.#served[i] = true
    this.#give(this.#leftAtFloors, i, this.#floors[i] as number)
    this.#give(this.#left, i, this.#floors[i] as number)
    this.#given[i] = this.#floors[i] as number
  }

  /** Gives all who are served their floor, and then each in turn as much as fits. */
  #fill(): void {
    this.#left.set(this.#leftAtFloors)
    for (const [i] of this.#order.entries()) this.#given[i] = this.#served[i] ? (this.#floors[i] as number) : 0
    for (const [i] of this.#order.entries()) if (this.#served[i]) this.#raise(i)
  }

  #raise(i: number): void {
    const more = this.#down(Math.min(this.#mostOf(i) - (this.#given[i] as number), this.#roomOf(i)))
    if (more <= 0) return
    this.#given[i] = (this.#given[i] as number) + more
    this.#give(this.#left, i, more)
  }

  #give(left: Float64Array, i: number, ampere: number): void {
    for (const { limit, factor } of (this.#order[i] as Claim).uses)
      left[limit] = (left[limit] as number) - factor * ampere
  }

  #fits(left: Float64Array, i: number): boolean {
    const floor = this.#floors[i] as number
    return (this.#order[i] as Claim).uses.every(
      ({ limit, factor }) => (left[limit] as number) >= factor * floor - dustA,
    )
  }

  /** Whether something is left that this claim could use if it were not below its floor. */
  #hasRest(i: number): boolean {
    return this.#roomOf(i) >= Math.max(this.#rule.stepA, dustA) - dustA
  }

  #roomOf(i: number): number {
    let room = Number.POSITIVE_INFINITY
    for (const { limit, factor } of (this.#order[i] as Claim).uses)
      room = Math.min(room, (this.#left[limit] as number) / factor)
    return room
  }

  #mostOf(i: number): number {
    const { leastA, mostA } = this.#order[i] as Claim
    return Math.max(leastA, this.#down(mostA))
  }

  #down(ampere: number): number {
    const { stepA } = this.#rule
    return stepA === 0 ? ampere : Math.floor((ampere + dustA) / stepA) * stepA
  }
}

/** What a claim has before others: one that cannot pause its least, so that no limit is exceeded by more than it has to be. */
function floorOf({ leastA, mostA, floorA = leastA, canPause }: Claim): number {
  return canPause ? Math.max(leastA, Math.min(floorA, mostA)) : leastA
}
