/**
 * What a client claims in its request for an OCPP connection: pure rules. OCPP-J 1.6, section 3.1.1: the identity is the last segment of
 * the address, percent-encoded. OCPP 1.6 security whitepaper, A00.FR.204 and 205: the user name of HTTP Basic is the identity, and the
 * password is the octets of the AuthorizationKey, at least 16 and at most 20 of them.
 */

/** Characters of an identity: those of an identifierString but the colon, which ends the user name in HTTP Basic. */
const identityForm = /^[A-Za-z0-9*_=+|@.-]{1,48}$/

/** Longest path that can hold an identity: each character percent-encoded. */
const pathForm = /^\/ocpp\/([^/?#]{1,144})$/

/** Longest user name and password with their colon in base64. */
const basicForm = /^basic +([A-Za-z0-9+/_-]{1,160}={0,2}) *$/i

const fewestOctets = 16
/** The password's octets, or its hexadecimal digits, as some charge points send it. */
const mostOctets = 40

/** The identity in a request’s target, decoded once; `null` if the target is none of a charge point’s. */
export function identityIn(target: string): string | null {
  const encoded = pathForm.exec(target)?.[1]
  if (encoded === undefined) return null
  try {
    const identity = decodeURIComponent(encoded)
    return identityForm.test(identity) ? identity : null
  } catch {
    return null
  }
}

/** The password that a client shows for an identity; `null` if it shows none, or one for another identity or of a forbidden length. */
export function passwordIn(authorization: string | undefined, identity: string): Buffer | null {
  const encoded = basicForm.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const given = Buffer.from(encoded, 'base64')
  const user = Buffer.from(`${identity}:`)
  if (!given.subarray(0, user.length).equals(user)) return null
  const password = given.subarray(user.length)
  return password.length >= fewestOctets && password.length <= mostOctets ? password : null
}

/**
 * The AuthorizationKeys, in hexadecimal, that a password may stand for: its octets are the key, but many charge points send the digits
 * that they were configured with. The password of OCPP 2.0.1 is a text of 16 to 40 characters (A00.FR.205), whose octets count as well.
 */
export function keysOf(password: Buffer): string[] {
  const text = password.toString('latin1')
  const isDigits = /^(?:[0-9a-f]{2}){16,20}$/i.test(text)
  if (isDigits && password.length > 20) return [text.toLowerCase()]
  return [password.toString('hex'), ...(isDigits ? [text.toLowerCase()] : [])]
}
