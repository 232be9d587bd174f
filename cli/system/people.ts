import type { Role } from '../../schemas/vocabulary/roles.ts'
import { readPeople } from '../../seeds/index.ts'
import { PortalClient } from './portal-client.ts'

/** The demo's people with a role, logged in. */
export async function logInAs(serverUrl: string, role: Role): Promise<PortalClient[]> {
  const accounts = (await readPeople()).filter(({ roles }) => roles.includes(role))
  return Promise.all(accounts.map((account) => PortalClient.logIn(serverUrl, account)))
}
