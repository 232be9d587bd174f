import { ProblemError } from '../../../platform/http/index.ts'
import type { sessionOperations } from '../../../schemas/access/sessions.ts'
import type { Verb } from '../../kit/index.ts'
import { actorOf, checkPassword } from '../accounts/index.ts'
import type { PortalLogIn } from './portal-log-in.ts'

/** Takes name and password from the log-in page; the answer redirects to the issuer. */
export function sendPassword({ finishInteraction }: PortalLogIn): Verb<typeof sessionOperations.sendPassword> {
  return async ({ context: { db }, body: { username, password, interaction } }) => {
    const found = finishInteraction && (await checkPassword(db, username, password))
    if (!finishInteraction || !found || !(await actorOf(db, found)))
      throw new ProblemError('wrong-credentials', 'The user name or the password is wrong. Check both and try again.')
    const redirectTo = await finishInteraction(interaction, found.accountId)
    if (redirectTo === null) throw new ProblemError('conflict', 'This log-in page has expired: start again.')
    return { redirectTo }
  }
}
