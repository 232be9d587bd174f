import { eq } from 'drizzle-orm'
import { exportJWK, generateKeyPair } from 'jose'
import { digestOf, newSecret } from '../../platform/secrets/index.ts'
import { publicJwk } from '../../schemas/access/keys.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { controlScope } from '../../schemas/vocabulary/roles.ts'
import type { MarketContext } from '../app/context.ts'
import { authorisedSites } from './authorities.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { Members } from './members.ts'
import { registerMember } from './register-member.ts'
import { type Business, membersOf, type Site } from './sites.ts'
import { type Registration, registration, sealedDnoSecret, sealedOwnKey } from './tables.ts'
import type { FlexUnits } from './units.ts'

/** FA01, FA02: our registration with the DNO, up to the units. Each step is stored before and after, so that a restart resumes it. */
export class Registrar {
  readonly #context: MarketContext
  readonly #dno: DnoApi
  readonly #business: Business
  readonly #flexUnits: FlexUnits
  readonly #members: Members
  #row: Registration | null = null

  constructor(context: MarketContext, dno: DnoApi, business: Business, flexUnits: FlexUnits) {
    this.#context = context
    this.#dno = dno
    this.#business = business
    this.#flexUnits = flexUnits
    this.#members = new Members(context, dno)
  }

  /** The DNO's credentials for our token endpoint. */
  get controlClient(): { clientId: string; secretDigest: string } {
    const row = this.#known()
    return { clientId: row.controlClientId, secretDigest: row.controlSecretDigest }
  }

  async load(): Promise<void> {
    const { db } = this.#context
    const [found] = await db.select().from(registration)
    this.#row = found ?? (await this.#create())
    if (this.#row.status === 'accepted') await this.#authenticate()
  }

  /** Takes the next steps; `true` while the DNO has accepted us and every site is registered. Units stay up to date with their homes. */
  async proceed(): Promise<boolean> {
    if (this.#known().status === 'new') await this.#apply()
    if (this.#known().status === 'applied') await this.#askDecision()
    if (this.#known().status !== 'accepted') return false
    const sites = this.#business.sites()
    for (const site of sites) {
      const unit = this.#flexUnits.ofDepot(site.depotId)
      if (unit) await this.#members.align(site, unit.fuId)
    }
    const missing = sites.filter(({ depotId }) => !this.#flexUnits.ofDepot(depotId))
    const authorised = await authorisedSites(this.#context, this.#dno, missing)
    for (const site of authorised) if (!(await this.#register(site))) return false
    return authorised.length === missing.length
  }

  async #create(): Promise<Registration> {
    const { secrets, db } = this.#context
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(privateKey)), kid: newSecret().slice(0, 12), alg: 'ES256', use: 'sig' }
    const secret = newSecret()
    const [row] = await db
      .insert(registration)
      .values({
        id: 1,
        status: 'new' as const,
        controlClientId: 'dno',
        sealedKey: secrets.seal(JSON.stringify(jwk), sealedOwnKey.use(1)),
        sealedControlSecret: secrets.seal(secret, sealedDnoSecret.use(1)),
        controlSecretDigest: digestOf(secret),
      })
      .returning()
    if (!row) throw new Error('the registration was not stored')
    return row
  }

  async #apply(): Promise<void> {
    const { publicUrl, secrets, log } = this.#context
    const row = this.#known()
    const { d: _private, ...ours } = this.#jwk()
    const answer = await this.#dno.call(partyOperations.applyAsFsp, {
      body: {
        ...this.#business.company,
        controlApi: {
          baseUrl: `${publicUrl}/control`,
          tokenEndpoint: `${publicUrl}/oidc/token`,
          scope: controlScope,
          clientId: row.controlClientId,
          clientSecret: secrets.open(row.sealedControlSecret, sealedDnoSecret.use(row.id)),
        },
        clientAuthentication: { method: 'private_key_jwt', jwks: { keys: [publicJwk.parse(ours)] } },
      },
    })
    if (!answer.ok) return log.warn({ reason: reasonOf(answer.failure) }, 'the application could not be sent')
    const { applicationId, clientId, issuer, tokenEndpoint, resource, scope } = answer.value
    await this.#change({ applicationId, clientId, issuer, tokenEndpoint, resource, scope, status: 'applied' })
  }

  async #askDecision(): Promise<void> {
    const { applicationId } = this.#known()
    if (!applicationId) throw new Error('the application has no identifier')
    const answer = await this.#dno.call(partyOperations.readApplication, { params: { id: applicationId } })
    if (!answer.ok || answer.value.status === 'applied') return
    const { status, reason } = answer.value
    await this.#change({ status, reason })
    this.#context.log.info({ status, reason }, 'the DNO has decided on our application')
    if (status === 'accepted') await this.#authenticate()
  }

  async #register(site: Site): Promise<boolean> {
    const { depotId, unitName, ratedW, maxTurnUpW, nodeId } = site
    const derIds: string[] = []
    for (const member of membersOf(site)) {
      const made = await registerMember(this.#dno, site, member)
      if (!made.ok) return this.#complain(depotId, reasonOf(made.failure))
      derIds.push(made.value.derId)
    }
    const registered = await this.#dno.call(partyOperations.registerFlexibleUnit, {
      body: {
        name: unitName,
        derIds,
        ...(nodeId === undefined ? {} : { nodeId }),
        maxTurnDownW: ratedW,
        ...(maxTurnUpW === undefined ? {} : { maxTurnUpW }),
      },
      idempotencyKey: `fu-${depotId}`,
    })
    if (!registered.ok) return this.#complain(depotId, reasonOf(registered.failure))
    const { fuId, nodeId: node, maxTurnDownW } = registered.value
    await this.#flexUnits.add({ depotId, fuId, nodeId: node, maxTurnDownW })
    return true
  }

  #complain(depotId: string, reason: string): false {
    this.#context.log.warn({ depotId, reason }, 'a site could not be registered')
    return false
  }

  async #change(change: Partial<Registration>): Promise<void> {
    const row = this.#known()
    await this.#context.db.update(registration).set(change).where(eq(registration.id, row.id))
    this.#row = { ...row, ...change }
  }

  #authenticate(): Promise<void> {
    return this.#dno.authenticateAs(this.#known(), this.#jwk())
  }

  #jwk(): Record<string, unknown> {
    const { id, sealedKey } = this.#known()
    return JSON.parse(this.#context.secrets.open(sealedKey, sealedOwnKey.use(id)))
  }

  #known(): Registration {
    if (!this.#row) throw new Error('the registration has not been loaded')
    return this.#row
  }
}
