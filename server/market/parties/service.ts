import { randomUUID } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { toInstant } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { outboundUrlFault, ProblemError } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type {
  Der,
  DispatchLimits,
  decision,
  dispatchRoute,
  FlexibleUnit,
  Fsp,
  FspApplication,
  FspApplicationReceipt,
  newDer,
  newFlexibleUnit,
  serviceStatus as serviceStatusBody,
  statedLimits,
} from '../../../schemas/market/market.ts'
import { saveClient, setClientsActive } from '../../access/index.ts'
import { connectionOfMpan } from '../../grid/index.ts'
import {
  type Actor,
  arePrivateAddressesAllowed,
  nameOf,
  newIdFor,
  recordAudit,
  refuseReusedKey,
  type ServerContext,
} from '../../kit/index.ts'
import { listFlexibleUnits, viewFsp } from './store.ts'
import { der, flexibleUnit, flexibleUnitDer, fsp, serviceStatus } from './tables.ts'

/** Where FSPs fetch their tokens and what they are for; from the composition root. */
export interface TokenIssuer {
  issuer: string
  tokenEndpoint: string
  jwksUri: string
  resource: string
}

const fspScopes = ['market', 'meter'] as const

/** FA01: an FSP applies. Its client exists from now on but gets no token before the DNO accepts. */
export async function applyAsFsp(
  context: ServerContext,
  issuer: TokenIssuer,
  application: FspApplication,
): Promise<FspApplicationReceipt> {
  refuseInternalAddresses(context, application)
  const [fspId, at] = [randomUUID(), context.clock.now()]
  const clientId = `fsp-${fspId}`
  const secret = application.clientAuthentication.method === 'client_secret_basic' ? newSecret() : null
  const { controlApi } = application
  await context.db.transaction(async (tx) => {
    await tx.insert(fsp).values({
      fspId,
      companyName: application.companyName,
      contactName: application.contactName,
      contactEmail: application.contactEmail,
      status: 'applied',
      appliedAt: at,
      controlBaseUrl: controlApi.baseUrl.replace(/\/+$/, ''),
      controlTokenEndpoint: controlApi.tokenEndpoint,
      controlClientId: controlApi.clientId,
      controlAuthentication: controlApi.authentication,
      controlIssuer: controlApi.issuer ?? null,
      sealedControlSecret: controlApi.clientSecret === undefined ? null : context.secrets.seal(controlApi.clientSecret),
      controlScope: controlApi.scope ?? null,
    })
    const authentication =
      application.clientAuthentication.method === 'private_key_jwt'
        ? application.clientAuthentication
        : ({ method: 'client_secret_basic', secret: secret ?? '' } as const)
    await saveClient(tx, {
      clientId,
      kind: 'fsp',
      subjectId: fspId,
      authentication,
      scopes: [...fspScopes],
      active: false,
    })
    await recordAudit(
      tx,
      at,
      { kind: 'system', name: clientId },
      { action: 'fsp.applied', subject: { type: 'fsp', id: fspId } },
    )
  })
  context.announce('market')
  return { applicationId: fspId, clientId, clientSecret: secret, ...issuer, scope: fspScopes.join(' ') }
}

/** FM41: an FSP that names an internal address would make the server call into the DNO's own network. */
function refuseInternalAddresses(context: ServerContext, { controlApi }: FspApplication): void {
  const isAllowed = arePrivateAddressesAllowed(context)
  const errors = (['baseUrl', 'tokenEndpoint'] as const).flatMap((key) => {
    const message = outboundUrlFault(controlApi[key], isAllowed)
    return message ? [{ field: `controlApi.${key}`, message }] : []
  })
  const [first] = errors
  if (first) throw new ProblemError('contract-broken', `${first.field} ${first.message}.`, { errors })
}

/** E2EPA001–002: the DNO accepts or rejects an application, with its reason. A decision is made once. */
export async function decideOnFsp(
  context: ServerContext,
  actor: Actor,
  fspId: string,
  given: z.infer<typeof decision>,
): Promise<Fsp> {
  const at = context.clock.now()
  const row = await context.db.transaction(async (tx) => {
    const [found] = await tx.select().from(fsp).where(eq(fsp.fspId, fspId)).for('update')
    if (!found) throw new ProblemError('not-found', `There is no application ${fspId}.`)
    if (found.status !== 'applied')
      throw new ProblemError('conflict', `${found.companyName} is already ${found.status}.`)
    const accepted = given.decision === 'accept'
    const change = {
      status: accepted ? ('accepted' as const) : ('rejected' as const),
      reason: given.decision === 'reject' ? given.reason : null,
      decidedAt: at,
      decidedBy: nameOf(actor),
    }
    await tx.update(fsp).set(change).where(eq(fsp.fspId, fspId))
    await setClientsActive(tx, fspId, accepted)
    await recordAudit(tx, at, actor, {
      action: `fsp.${change.status}`,
      subject: { type: 'fsp', id: fspId },
      detail: { reason: change.reason },
    })
    return { ...found, ...change }
  })
  context.announce('market')
  return viewFsp(row)
}

/** Chooses the way by which an FSP's instructions go out from now on. */
export async function setDispatchRoute(
  context: ServerContext,
  actor: Actor,
  fspId: string,
  given: z.infer<typeof dispatchRoute>,
): Promise<Fsp> {
  const row = await context.db.transaction(async (tx) => {
    const change = { dispatchRoute: given.route, dispatchEmail: given.route === 'email' ? given.email : null }
    const [changed] = await tx.update(fsp).set(change).where(eq(fsp.fspId, fspId)).returning()
    if (!changed) throw new ProblemError('not-found', `There is no FSP ${fspId}.`)
    const subject = { type: 'fsp', id: fspId }
    await recordAudit(tx, context.clock.now(), actor, { action: 'fsp.dispatch-route', subject, detail: change })
    return changed
  })
  context.announce('market')
  return viewFsp(row)
}

/** FA02: an FSP registers an asset behind one of the DNO's MPANs. */
export async function registerDer(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  key: string | undefined,
  given: z.infer<typeof newDer>,
): Promise<Der> {
  const connection = await connectionOfMpan(context.db, given.mpan)
  if (!connection) {
    const errors = [{ field: 'mpan', message: 'is not an MPAN of this network' }]
    throw new ProblemError(
      'contract-broken',
      `mpan: ${given.mpan} is not an MPAN of this network; check its 13 digits.`,
      { errors },
    )
  }
  const derId = newIdFor(actor, 'POST /ders', key)
  return context.db.transaction(async (tx) => {
    const row = { derId, fspId: actor.fspId, ...given }
    const made = await tx
      .insert(der)
      .values({ ...row, connectionId: connection.connectionId })
      .onConflictDoNothing()
      .returning()
    if (made.length === 0) {
      const [before] = await tx.select().from(der).where(eq(der.derId, derId))
      if (!before || before.mpan !== given.mpan || before.name !== given.name || before.ratedW !== given.ratedW)
        return refuseReusedKey()
      return row
    }
    await recordAudit(tx, context.clock.now(), actor, {
      action: 'der.registered',
      subject: { type: 'der', id: derId },
      detail: { ...given },
    })
    return row
  })
}

/** FA02: an FSP makes an FU of one or more of its DERs, all behind the same connection; it is given a UUID. */
export async function registerFlexibleUnit(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  key: string | undefined,
  given: z.infer<typeof newFlexibleUnit>,
): Promise<FlexibleUnit> {
  if (new Set(given.derIds).size < given.derIds.length) throw derProblem('names a DER twice')
  const fuId = newIdFor(actor, 'POST /flexible-units', key)
  const at = context.clock.now()
  try {
    await context.db.transaction(async (tx) => {
      const ders = await tx.select().from(der).where(inArray(der.derId, given.derIds))
      const foreign = given.derIds.find((id) => ders.every((d) => d.derId !== id || d.fspId !== actor.fspId))
      if (foreign) throw new ProblemError('not-found', `There is no DER ${foreign} of yours.`)
      const [first] = ders
      if (!first || ders.some((d) => d.connectionId !== first.connectionId))
        throw derProblem('are behind different connections; make an FU for each')
      const ratedW = ders.reduce((sum, d) => sum + d.ratedW, 0)
      if (given.maxTurnDownW > ratedW) {
        const message = `is more than the ${ratedW} W that its DERs are rated for`
        const errors = [{ field: 'maxTurnDownW', message }]
        throw new ProblemError('contract-broken', `maxTurnDownW ${message}.`, { errors })
      }
      checkLimits(given.limits ?? null, given.maxTurnDownW)
      const connection = await connectionOfMpan(tx, first.mpan)
      if (!connection) throw new Error(`connection of DER ${first.derId} is gone`)
      const row = {
        fuId,
        fspId: actor.fspId,
        name: given.name,
        connectionId: connection.connectionId,
        nodeId: connection.nodeId,
        maxTurnDownW: given.maxTurnDownW,
        limits: given.limits ?? null,
        isWholeSite: given.isWholeSite ?? false,
      }
      const made = await tx.insert(flexibleUnit).values(row).onConflictDoNothing().returning()
      if (made.length === 0) return
      await tx.insert(flexibleUnitDer).values(given.derIds.map((derId) => ({ derId, fuId })))
      await recordAudit(tx, at, actor, {
        action: 'fu.registered',
        subject: { type: 'fu', id: fuId },
        detail: { ...given },
      })
    })
  } catch (error) {
    if (codeOf(error) === '23505')
      throw new ProblemError(
        'conflict',
        'derIds: one of these DERs already belongs to an FU; a DER can be in one only.',
      )
    throw error
  }
  const [unit] = await listFlexibleUnits(context.db, at, { fuIds: [fuId] })
  const isSame =
    unit?.name === given.name &&
    unit.maxTurnDownW === given.maxTurnDownW &&
    unit.isWholeSite === (given.isWholeSite ?? false)
  if (!isSame || !isSameSet(unit.derIds, given.derIds)) return refuseReusedKey()
  context.announce('market')
  return unit
}

function derProblem(message: string): ProblemError {
  return new ProblemError('contract-broken', `derIds ${message}.`, { errors: [{ field: 'derIds', message }] })
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item))
}

/** An FU that cannot be turned down as little as its limits ask could never be dispatched. */
function checkLimits(limits: DispatchLimits | null, maxTurnDownW: number): void {
  if (!limits || limits.minimumTurnDownW <= maxTurnDownW) return
  const message = `is more than the ${maxTurnDownW} W that the FU can be turned down by`
  const errors = [{ field: 'limits.minimumTurnDownW', message }]
  throw new ProblemError('contract-broken', `limits.minimumTurnDownW ${message}.`, { errors })
}

/** An FSP states what an FU's turn-downs must keep to; the next optimisation does. */
export async function stateLimits(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  fuId: string,
  { limits }: z.infer<typeof statedLimits>,
): Promise<FlexibleUnit> {
  const at = context.clock.now()
  const stated = await context.db.transaction(async (tx) => {
    const own = and(eq(flexibleUnit.fuId, fuId), eq(flexibleUnit.fspId, actor.fspId))
    const [before] = await tx.select().from(flexibleUnit).where(own).for('update')
    if (!before) throw new ProblemError('not-found', `There is no FU ${fuId} of yours.`)
    checkLimits(limits, before.maxTurnDownW)
    await tx.update(flexibleUnit).set({ limits }).where(own)
    await recordAudit(tx, at, actor, {
      action: 'fu.limits',
      subject: { type: 'fu', id: fuId },
      detail: { before: before.limits, after: limits },
    })
    const [unit] = await listFlexibleUnits(tx, at, { fuIds: [fuId] })
    return unit
  })
  if (!stated) throw new Error(`FU ${fuId} is gone`)
  context.announce('market')
  return stated
}

/** E2EPA010: an FSP declares an FU in or out of service. */
export async function declareServiceStatus(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  fuId: string,
  given: z.infer<typeof serviceStatusBody>,
): Promise<FlexibleUnit> {
  const at = context.clock.now()
  const [unit] = await listFlexibleUnits(context.db, at, { fspId: actor.fspId, fuIds: [fuId] })
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId} of yours.`)
  await context.db.transaction(async (tx) => {
    const row = {
      fuId,
      effectiveFrom: toInstant(given.effectiveFrom),
      declaredAt: at,
      inService: given.inService,
      reason: given.reason,
    }
    await tx.insert(serviceStatus).values(row).onConflictDoNothing()
    await recordAudit(tx, at, actor, {
      action: 'fu.service-status',
      subject: { type: 'fu', id: fuId },
      detail: { ...given },
    })
  })
  context.announce('dispatch')
  const [after] = await listFlexibleUnits(context.db, at, { fuIds: [fuId] })
  return after ?? unit
}
