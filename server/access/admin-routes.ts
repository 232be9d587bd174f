import { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { ProblemError } from '../../platform/http/index.ts'
import { accountForm, apiClient, clientAccess, portalAccount } from '../../schemas/access/accounts.ts'
import { people } from '../../schemas/vocabulary/access.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { answers, createRoute, recordAudit, requirePerson, type ServerContext, serverRouter } from '../kit/index.ts'
import { endSessionsOf, listAccounts, saveAccount } from './accounts/service.ts'
import { account } from './accounts/tables.ts'
import { changeClient, listClients } from './clients/service.ts'
import type { oauthClient } from './clients/tables.ts'

const usernameParam = z.object({ username: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/) })
const clientParam = z.object({ clientId: z.string().max(200) })
const tags = ['Access']

function viewAccount(row: typeof account.$inferSelect): z.infer<typeof portalAccount> {
  const { accountId, username, fullName, roles, fspId } = row
  return { accountId, username, fullName, roles, fspId, external: row.externalSubject !== null }
}

function viewClient(row: typeof oauthClient.$inferSelect): z.infer<typeof apiClient> {
  const { clientId, kind, subjectId, scopes, active } = row
  return {
    clientId,
    kind,
    subjectId,
    scopes,
    active,
    authentication: row.jwks ? 'private_key_jwt' : 'client_secret_basic',
  }
}

/** Who may come in: portal accounts, and the clients of FSPs and gateways. */
export function adminRoutes(context: ServerContext) {
  const { db, clock } = context
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/accounts',
      tags,
      summary: 'Portal accounts',
      access: people('administrator'),
      responses: answers(pageOf(portalAccount)),
    }),
    async (c) => c.json({ items: (await listAccounts(db)).map(viewAccount), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/accounts/{username}',
      tags,
      summary: 'Make a portal account, or change one',
      description: 'Whoever is logged in with a changed account logs in again. A new account needs a password.',
      access: people('administrator'),
      problems: ['conflict'],
      request: {
        params: usernameParam,
        body: { content: { 'application/json': { schema: accountForm } }, required: true },
      },
      responses: answers(portalAccount),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'administrator')
      const { username } = c.req.valid('param')
      const { password, ...form } = c.req.valid('json')
      const saved = await db.transaction(async (tx) => {
        const [before] = await tx.select().from(account).where(eq(account.username, username)).for('update')
        if (before?.externalSubject)
          throw new ProblemError('conflict', `${username} logs in elsewhere: name, roles and password are kept there.`)
        if (!before && !password)
          throw new ProblemError('contract-broken', 'password: must be given for a new account.', {
            errors: [{ field: 'password', message: 'must be given for a new account' }],
          })
        const row = await saveAccount(tx, { username, ...form, ...(password === undefined ? {} : { password }) })
        await endSessionsOf(tx, row.accountId)
        await recordAudit(tx, clock.now(), actor, {
          action: before ? 'account.changed' : 'account.made',
          subject: { type: 'account', id: username },
          detail: { roles: form.roles, fspId: form.fspId, isPasswordNew: password !== undefined },
        })
        return row
      })
      return c.json(viewAccount(saved), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/clients',
      tags,
      summary: 'Clients of FSPs, gateways and customers’ monitors',
      access: people('administrator'),
      responses: answers(pageOf(apiClient)),
    }),
    async (c) => c.json({ items: (await listClients(db)).map(viewClient), nextCursor: null }, 200),
  )

  /** Changes a client on behalf of an administrator, with the record of it. */
  async function change(
    actor: ReturnType<typeof requirePerson>,
    clientId: string,
    given: Parameters<typeof changeClient>[2],
  ): Promise<z.infer<typeof apiClient>> {
    return db.transaction(async (tx) => {
      const row = await changeClient(tx, clientId, given)
      if (!row) throw new ProblemError('not-found', `There is no client ${clientId}.`)
      const detail = given === 'revoke-tokens' ? {} : given
      const action = given === 'revoke-tokens' ? 'client.tokens-revoked' : 'client.access-changed'
      await recordAudit(tx, clock.now(), actor, { action, subject: { type: 'client', id: clientId }, detail })
      return viewClient(row)
    })
  }

  router.openapi(
    createRoute({
      method: 'put',
      path: '/clients/{clientId}/access',
      tags,
      summary: 'Shut a client out, or let it in again',
      description: 'From then on it gets no token, and those that it holds open nothing.',
      access: people('administrator'),
      problems: ['not-found'],
      request: {
        params: clientParam,
        body: { content: { 'application/json': { schema: clientAccess } }, required: true },
      },
      responses: answers(apiClient),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'administrator')
      return c.json(await change(actor, c.req.valid('param').clientId, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/clients/{clientId}/token-revocation',
      tags,
      summary: 'Revoke every access token that a client holds; it may fetch new ones',
      access: people('administrator'),
      problems: ['not-found'],
      request: { params: clientParam },
      responses: answers(apiClient),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'administrator')
      return c.json(await change(actor, c.req.valid('param').clientId, 'revoke-tokens'), 200)
    },
  )
  return router
}
