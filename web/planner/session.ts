import { operations } from '../../schemas/operations.ts'
import { addressOf } from '../shared/api/client.ts'

/**
 * Leaves for the log-in of the DNO's server, which is one for all of its faces, and which leads back.
 * @param next path of this server with its search.
 */
export function toLogIn(next: string): void {
  window.location.assign(addressOf(operations.beginLogIn, { query: { next } }))
}
