import { ProblemError } from '../../../platform/http/index.ts'
import type { sessionOperations } from '../../../schemas/access/sessions.ts'
import type { Call, Verb } from '../../kit/index.ts'
import { actorOf, checkCode, findAccountOf, hasPassword, proofRefused } from '../accounts/index.ts'
import { giveBack, release, takeTurns } from '../brakes/index.ts'
import { readAttempt } from './attempt-cookie.ts'
import { knownBrowser } from './known-browser.ts'
import { attemptsOf } from './limits.ts'
import type { OwnIssuer, PortalLogIn } from './portal-log-in.ts'
import { type LogInRefusal, recordRefusal } from './record-refusal.ts'

type SendPassword = typeof sessionOperations.sendPassword

/** Takes name and password from the log-in page; the answer redirects to the issuer. */
export function sendPassword({ own }: PortalLogIn): Verb<SendPassword> {
  return async (call) => {
    if (!own) throw wrongCredentials()
    const { context, at, body, http } = call
    const found = await findAccountOf(context.db, body.username)
    const browser = found ? knownBrowser(context, http, at, found.accountId) : null
    const attempts = attemptsOf(body.username, http.get('address'), browser)
    const refuse = async (reason: LogInRefusal, problem: ProblemError) => {
      await recordRefusal(call, reason, found?.username ?? null)
      throw problem
    }
    const turns = await takeTurns(context.db, at, attempts)
    if (!turns.ok) return refuse('too-many-attempts', tooMany(turns.failure.retryAfterS))
    // Before the password, so that a page of somebody else's log-in cannot even be used to try passwords.
    const state = await stateOf(call, own)
    if (state === null) return refuse('another-browser', notThisBrowser())
    if (!(await hasPassword(found, body.password)))
      return refuse(found ? 'wrong-password' : 'unknown-account', wrongCredentials())
    if (!found || !(await actorOf(context.db, found, context.people))) return refuse('no-access', wrongCredentials())
    const fault = await checkCode(context.db, context.secrets, at, found, body.code)
    if (fault === 'wrong') return refuse('wrong-code', proofRefused(fault))
    if (fault === 'code-needed') {
      // The password was right, and the page asks for the code now: that is half an attempt, not a failed one.
      await giveBack(context.db, attempts)
      throw proofRefused(fault)
    }
    const redirectTo = await own.finishInteraction(body.interaction, state, found.accountId)
    if (redirectTo === null) return refuse('expired', notThisBrowser())
    await giveBack(context.db, attempts)
    if (attempts[0]) await release(context.db, attempts[0])
    return { redirectTo }
  }
}

/** The state of this browser's own attempt, if the interaction belongs to it; `null` if another browser began it, or it has expired. */
async function stateOf({ context, http, body }: Call<SendPassword>, own: OwnIssuer): Promise<string | null> {
  const state = readAttempt(context, http)?.state
  return state && (await own.isInProgress(body.interaction, state)) ? state : null
}

function wrongCredentials(): ProblemError {
  return new ProblemError('wrong-credentials', 'The user name or the password is wrong. Check both and try again.')
}

function notThisBrowser(): ProblemError {
  const detail =
    'This log-in page has expired, or was begun in another window or browser: go to the portal and begin again.'
  return new ProblemError('conflict', detail)
}

function tooMany(retryAfterS: number): ProblemError {
  const wait = retryAfterS < 90 ? `${retryAfterS} seconds` : `${Math.ceil(retryAfterS / 60)} minutes`
  return new ProblemError('too-many-attempts', `Too many attempts to log in have failed: try again in ${wait}.`, {
    headers: { 'retry-after': String(retryAfterS) },
  })
}
