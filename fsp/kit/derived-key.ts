import { createHmac } from 'node:crypto'

/**
 * The AuthorizationKey, in hexadecimal, that a charge point was commissioned with, where all come from one secret, as in the demo: 20
 * octets, from which neither the secret nor another charge point's key follows.
 */
export function keyFrom(secret: string, identity: string): string {
  return createHmac('sha256', secret).update(`AuthorizationKey of ${identity}`).digest('hex').slice(0, 40)
}
