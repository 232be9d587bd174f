import { accountOperations, clientOperations } from './access/accounts.ts'
import { sessionOperations } from './access/sessions.ts'
import { partyOperations } from './market/parties.ts'
import { portalOperations } from './portal/portal.ts'

/** Every operation of the DNO's API, by group. The server binds each group; one that it does not bind does not compile. */
export const operationGroups = {
  sessions: sessionOperations,
  accounts: accountOperations,
  clients: clientOperations,
  portal: portalOperations,
  parties: partyOperations,
}
export type OperationGroups = typeof operationGroups

/** `A & B` of `A | B`. */
type Merged<U> = (U extends unknown ? (member: U) => void : never) extends (merged: infer M) => void ? M : never

/** Every operation of the DNO's API under its own name, for clients. No two groups share a name (operations.test.ts). */
export const operations = Object.assign({}, ...Object.values(operationGroups)) as Merged<
  OperationGroups[keyof OperationGroups]
>
