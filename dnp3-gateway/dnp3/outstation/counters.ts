/** Counts of what an outstation has done; they only grow. */
export interface OutstationCounters {
  requests: number
  repeatedRequests: number
  responseFragments: number
  /** Static points in every response fragment sent. */
  staticPointsSent: number
  /** Event points in every response fragment sent; an unconfirmed event is sent again. */
  eventPointsSent: number
  /** Events that left the buffers because a master confirmed them. */
  eventPointsConfirmed: number
  /**
   * Points answered: counted when sent in fragments that ask for no confirm, otherwise when confirmed. Equals the points
   * that a master has counted, if every response reached it.
   */
  pointsAnswered: number
  confirmTimeouts: number
  /** Unsolicited responses sent, repeats included. */
  unsolicitedSent: number
  /** Unsolicited responses given up after their retries. */
  unsolicitedGivenUp: number
  /** Confirms that nothing was waiting for. */
  strayConfirms: number
  /** Fragments that cannot be read, or that a master may not send. */
  malformed: number
}

export function newOutstationCounters(): OutstationCounters {
  return {
    requests: 0,
    repeatedRequests: 0,
    responseFragments: 0,
    staticPointsSent: 0,
    eventPointsSent: 0,
    eventPointsConfirmed: 0,
    pointsAnswered: 0,
    confirmTimeouts: 0,
    unsolicitedSent: 0,
    unsolicitedGivenUp: 0,
    strayConfirms: 0,
    malformed: 0,
  }
}
