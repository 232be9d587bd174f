import { networkOf } from '../../../platform/http/index.ts'
import type { Attempt, Brake } from '../brakes/index.ts'

/**
 * How many passwords may be wrong (OWASP ASVS 5.0, 6.1.1 and 6.3.1; decision 11). A guesser has 5 attempts for an account from one address
 * and then one every three minutes; with many addresses 40 and then one every 90 s, which is a thousand a day: too few for a password of
 * 12 characters.
 */
const ofPair: Brake = { name: 'log-in to an account from an address', most: 5, perS: 15 * 60 }
const ofAccount: Brake = { name: 'log-in to an account', most: 40, perS: 3_600 }

/** One address tries many accounts. An office behind one address has that many people who mistype in an hour. */
const ofAddress: Brake = { name: 'log-in from an address', most: 100, perS: 3_600 }

/** A person at a browser at which that person has logged in before: nobody else's failures count. */
const ofBrowser: Brake = { name: 'log-in at a known browser', most: 10, perS: 15 * 60 }

/** Entries about refusals in the audit trail, which strangers must not be able to fill; all of them are in the log. */
const ofTrail: Brake = { name: 'refused log-ins in the audit trail', most: 200, perS: 3_600 }

/** What an attempt to log in counts against. @param browser of the person, if it is known. */
export function attemptsOf(username: string, address: string, browser: string | null): readonly Attempt[] {
  if (browser !== null) return [{ brake: ofBrowser, subject: [browser] }]
  const network = networkOf(address)
  return [
    { brake: ofPair, subject: [username, network] },
    { brake: ofAddress, subject: [network] },
    { brake: ofAccount, subject: [username] },
  ]
}

/** What an entry about a refusal counts against. */
export function trailOf(address: string): Attempt {
  return { brake: ofTrail, subject: [networkOf(address)] }
}
