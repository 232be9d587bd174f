import { digestOf } from '../../../platform/secrets/index.ts'
import { sessionCookieAt, type sessionOperations } from '../../../schemas/access/sessions.ts'
import { personBehind, type Verb } from '../../kit/index.ts'
import { endSession } from '../accounts/index.ts'
import { dropCookie, sessionSecret } from '../session-cookie.ts'

/** Ends the browser's session. */
export const logOut: Verb<typeof sessionOperations.logOut> = async ({ context, db, http, actor, audit }) => {
  const secret = sessionSecret(context, http)
  dropCookie(context, http, sessionCookieAt(context.publicUrl))
  if (secret === undefined) return
  await endSession(db, digestOf(secret))
  const user = personBehind(actor)
  if (!actor || !user) return
  audit({
    action: 'log-out',
    subject: { type: 'account', id: user.username },
    detail: { address: http.get('address') },
  })
}
