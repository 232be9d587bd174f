import type { Clock } from '../../platform/clock/index.ts'
import { type DepotAccount, type DepotSession, depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { bind } from '../kit/index.ts'
import type { DepotAccess } from './service.ts'

/** Log-in, accounts, keys, and the record of what people did. */
export function accessApi(
  access: DepotAccess,
  { clock, company, runs }: { clock: Clock } & Pick<DepotSession, 'company' | 'runs'>,
) {
  const { accounts, sessions, keys, audit, logIns } = access
  return bind(depotAccessOperations, access.entrance(), {
    async logIn({ body, address }) {
      const { accountId, username } = await logIns.check(body.username, body.password, address)
      await audit.add({ actor: username, actorId: accountId }, { action: 'session.begun', subject: accountId })
      return sessions.begin(accountId)
    },

    readSession: ({ caller: { username, fullName, role, depotIds, changes } }) => ({
      at: clock.now().toString(),
      company,
      runs,
      username,
      fullName,
      role,
      depotIds: changes && [...changes],
      seesDepotIds: depotIds && [...depotIds].filter((depotId) => changes !== null && !changes.has(depotId)),
    }),

    async logOut({ caller, audit: record }) {
      await record({ action: 'session.ended', subject: caller.accountId })
      await sessions.end(caller.session)
    },

    async changePassword({ caller, body, address, audit: record }) {
      await logIns.check(caller.username, body.present, address)
      await accounts.setPassword(caller.accountId, body.next, (tx, subject) =>
        record({ action: 'account.password-changed', subject }, tx),
      )
    },

    listDepotAccounts: () => accounts.list(),

    createDepotAccount: ({ body, audit: record }) =>
      accounts.create(body, (tx, subject) =>
        record({ action: 'account.created', subject, detail: { username: body.username, ...rightsOf(body) } }, tx),
      ),

    changeDepotAccount({ params, body, audit: record }) {
      const detail = { ...rightsOf(body), isDisabled: body.isDisabled, hasNewPassword: body.password !== undefined }
      return accounts.change(params.accountId, body, (tx, subject) =>
        record({ action: 'account.changed', subject, detail }, tx),
      )
    },

    listDepotKeys: () => keys.list(),

    createDepotKey: ({ caller, body, audit: record }) =>
      keys.create(body, caller.username, (tx, subject) =>
        record({ action: 'key.created', subject, detail: { ...body } }, tx),
      ),

    rotateDepotKey: ({ caller, params: { keyId }, body, audit: record }) =>
      keys.rotate(keyId, body.overlapHours, caller.username, (tx, successor) =>
        record({ action: 'key.rotated', subject: keyId, detail: { ...body, successor } }, tx),
      ),

    revokeDepotKey: ({ params, audit: record }) =>
      keys.revoke(params.keyId, (tx, subject) => record({ action: 'key.revoked', subject }, tx)),

    listDepotAudit: ({ query: { limit, cursor } }) => auditPage(audit, limit, cursor),
  })
}

async function auditPage(audit: DepotAccess['audit'], limit: number, cursor: string | undefined) {
  const rows = await audit.list(limit + 1, cursor === undefined ? null : Number(cursor))
  const page = rows.slice(0, limit)
  return {
    items: page.map(({ entryId: _, at, ...row }) => ({ ...row, at: at.toString() })),
    nextCursor: rows.length > limit ? String(page.at(-1)?.entryId) : null,
  }
}

function rightsOf({ role, depotIds, seesDepotIds }: Pick<DepotAccount, 'role' | 'depotIds' | 'seesDepotIds'>) {
  return { role, depotIds, seesDepotIds }
}
