import { Instant } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import { digestOf } from '../../../platform/secrets/index.ts'
import type { LogInFault, sessionOperations } from '../../../schemas/access/sessions.ts'
import { failure, type Outcome, success } from '../../../schemas/vocabulary/outcome.ts'
import type { PeoplePolicy, ServerContext, Verb } from '../../kit/index.ts'
import { accountOfExternal, actorOf, endSession, findAccount, openSession } from '../accounts/index.ts'
import { type Http, keepSession, sessionSecret } from '../session-cookie.ts'
import { type Remembered, takeAttempt } from './attempt-cookie.ts'
import { rememberBrowser } from './known-browser.ts'
import type { PortalLogIn } from './portal-log-in.ts'
import { recordRefusal } from './record-refusal.ts'
import { authenticationAgeS, identityOf, pathAfterLogIn } from './rules.ts'

/**
 * Handles the issuer's callback: opens a session and sets its cookie, or returns to the log-in page with what went wrong. The session is
 * always a new one, and the one that the browser had before ends (ASVS 7.2.4).
 */
export function completeLogIn(logIn: PortalLogIn): Verb<typeof sessionOperations.completeLogIn> {
  return async (call) => {
    const { context, at, http } = call
    const attempt = takeAttempt(context, http)
    if (!attempt) return http.redirect('/log-in?fault=expired')
    const callback = new URL(`${context.publicUrl}${http.req.path}`)
    callback.search = new URL(http.req.url).search
    const outcome = await personIn(context, logIn, callback, attempt)
    const account = outcome.ok ? await findAccount(context.db, outcome.value.accountId) : undefined
    const actor = account ? await actorOf(context.db, account, context.people) : null
    if (!outcome.ok || !account || !actor) {
      const fault = outcome.ok ? 'refused' : outcome.failure
      await recordRefusal(call, fault, account?.username ?? null)
      return http.redirect(`/log-in?fault=${fault}`)
    }
    const before = sessionSecret(context, http)
    const secret = await call.transaction(async (tx) => {
      for (const digest of [before && digestOf(before), attempt.replaces]) if (digest) await endSession(tx, digest)
      const address = http.get('address')
      const factors = account.sealedTotp ? ['password', 'totp'] : ['password']
      const detail = logIn.external ? { address, issuer: logIn.external.issuer } : { address, issuer: 'own', factors }
      call.audit({ action: 'log-in.succeeded', subject: { type: 'account', id: account.username }, detail }, actor)
      return openSession(tx, at, policyOf(context, logIn), account.accountId, {
        ...originOf(http),
        authenticatedAt: instantOf(at, outcome.value.ageS),
      })
    })
    keepSession(context, http, secret)
    if (logIn.own) rememberBrowser(context, http, at, account.accountId)
    return http.redirect(pathAfterLogIn(attempt.next))
  }
}

/** With an external issuer a session lasts an hour at most, so that the issuer's roles are read again (ASVS 7.6.1). */
function policyOf({ people }: ServerContext, { external }: PortalLogIn): PeoplePolicy {
  return external ? { ...people, absoluteS: Math.min(people.absoluteS, external.sessionS) } : people
}

/** Token times are real time, whatever the server's clock shows. An unknown instant is as good as long ago. */
function instantOf(at: Instant, ageS: number | null): Instant {
  return ageS === null ? Instant.EPOCH : at.minusSeconds(ageS)
}

function originOf(http: Http) {
  return { address: http.get('address'), agent: http.req.header('user-agent') ?? null }
}

/** The account of the person in the issuer's claims, and how long ago the person authenticated. */
async function personIn(
  { db, log }: ServerContext,
  { relyingParty, external }: PortalLogIn,
  callback: URL,
  attempt: Remembered,
): Promise<Outcome<{ accountId: string; ageS: number | null }, LogInFault>> {
  try {
    const claims = await relyingParty.complete(callback, attempt)
    // The server's own issuer asks for the password each time.
    if (!external) return success({ accountId: claims.sub, ageS: 0 })
    if (external.acr && claims['acr'] !== external.acr) {
      log.warn(
        { subject: claims.sub, acr: claims['acr'] },
        'the issuer did not authenticate a person as strongly as required',
      )
      return failure('refused')
    }
    const read = identityOf(claims, external.mapping)
    if (!read.ok) {
      log.warn({ subject: claims.sub }, 'a person without a role here tried to log in')
      return read
    }
    const accountId = await accountOfExternal(db, external.issuer, claims.sub, read.value)
    return success({ accountId, ageS: authenticationAgeS(claims, attempt.isAgain, Math.floor(Date.now() / 1000)) })
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'a log-in failed')
    return failure('refused')
  }
}
