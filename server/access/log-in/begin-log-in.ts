import { digestOf } from '../../../platform/secrets/index.ts'
import type { sessionOperations } from '../../../schemas/access/sessions.ts'
import type { Verb } from '../../kit/index.ts'
import { sessionSecret } from '../session-cookie.ts'
import { rememberAttempt } from './attempt-cookie.ts'
import type { PortalLogIn } from './portal-log-in.ts'
import { pathAfterLogIn } from './rules.ts'

/** Redirects to the issuer; a cookie remembers the attempt. */
export function beginLogIn({ relyingParty }: PortalLogIn): Verb<typeof sessionOperations.beginLogIn> {
  return async ({ context, query, http }) => {
    try {
      const isAgain = query.again === 'true'
      const { url, attempt } = await relyingParty.begin(isAgain)
      const secret = sessionSecret(context, http)
      const replaces = secret === undefined ? null : digestOf(secret)
      rememberAttempt(context, http, { ...attempt, next: pathAfterLogIn(query.next), replaces, isAgain })
      return http.redirect(url)
    } catch (error) {
      context.log.error({ err: error }, 'the issuer cannot be reached for a log-in')
      return http.redirect('/log-in?fault=unreachable')
    }
  }
}
