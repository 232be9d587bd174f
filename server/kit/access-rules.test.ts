import { expect, expectTypeOf, test } from 'vitest'
import {
  type Access,
  anyone,
  customers,
  customersAndFsps,
  depotFeeds,
  depotPeople,
  depotReaders,
  dno,
  fsps,
  gateways,
  people,
  plannersAndProviders,
  readers,
  users,
  wordsOf,
} from '../../schemas/vocabulary/access.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { mayCall, requireAccess } from './access-rules.ts'
import type { Actor, CustomerActor, FspActor, GatewayActor, Person, PortalUser, ProviderActor } from './actors.ts'
import type { ActorOf } from './calls.ts'

/** Who an actor is, as far as its type tells. */
type Kind<A> = A extends null ? 'nobody' : A extends { kind: infer K extends string } ? K : never

const account = (username: string, ...roles: Role[]): PortalUser => ({
  accountId: username,
  username,
  fullName: username,
  roles: new Set(roles),
})
const fsp = (clientId: string, scopes: string[], user?: PortalUser): FspActor => ({
  kind: 'fsp',
  clientId,
  fspId: 'f',
  scopes: new Set(scopes),
  ...(user ? { user } : {}),
})
const customer = (clientId: string, scopes: string[], user?: PortalUser): CustomerActor => ({
  kind: 'customer',
  clientId,
  customerId: 'c',
  scopes: new Set(scopes),
  ...(user ? { user } : {}),
})

/** One actor of each sort that a rule tells from the others. */
const actors = {
  nobody: null,
  planner: { kind: 'person', ...account('planner', 'planner') },
  settlement: { kind: 'person', ...account('settlement', 'settlement') },
  administrator: { kind: 'person', ...account('administrator', 'administrator') },
  'client for the market': fsp('market', ['market']),
  'client for meter data': fsp('meter', ['meter']),
  'client without a scope': fsp('none', []),
  'FSP user': fsp('ines', ['market', 'meter'], account('ines', 'fsp-user')),
  customer: customer('carl', ['customer'], account('carl', 'customer')),
  'client of a customer': customer('carls-program', ['customer']),
  'client of a customer without the scope': customer('none', []),
  'client of a data provider': { kind: 'provider', clientId: 'd', providerId: 'p', scopes: new Set(['data']) },
  'client of a data provider without the scope': {
    kind: 'provider',
    clientId: 'd',
    providerId: 'p',
    scopes: new Set(),
  },
  gateway: { kind: 'gateway', clientId: 'g', gatewayId: 'g', scopes: new Set(['gateway']) },
  'gateway without the scope': { kind: 'gateway', clientId: 'g', gatewayId: 'g', scopes: new Set() },
  timetable: { kind: 'system', name: 'timetable' },
} satisfies Record<string, Actor | null>
type Named = keyof typeof actors

/**
 * A rule with the actors that it lets in. `kinds` has to name each kind of actor that a verb behind the rule is typed to be called by,
 * and no other: the types and the check are held against each other by it.
 */
function rule<const A extends Access>(access: A, kinds: Record<Kind<ActorOf<A>>, true>, letIn: readonly Named[]) {
  return { access: access as Access, kinds: Object.keys(kinds), letIn }
}

const everyone = Object.keys(actors) as Named[]
const persons = ['planner', 'settlement', 'administrator'] as const
const rules = {
  anyone: rule(
    anyone,
    { nobody: true, person: true, fsp: true, customer: true, provider: true, gateway: true, system: true },
    everyone,
  ),
  users: rule(users, { person: true, fsp: true, customer: true }, [...persons, 'FSP user', 'customer']),
  'any people': rule(people(), { person: true }, persons),
  'people with a role': rule(people('planner'), { person: true }, ['planner', 'administrator']),
  'people with one of two roles': rule(people('planner', 'settlement'), { person: true }, persons),
  'FSPs for the market': rule(fsps('market'), { fsp: true }, ['client for the market', 'FSP user']),
  'FSPs for meter data': rule(fsps('meter'), { fsp: true }, ['client for meter data', 'FSP user']),
  readers: rule(readers, { person: true, fsp: true }, [...persons, 'client for the market', 'FSP user']),
  customers: rule(customers, { customer: true }, ['customer', 'client of a customer']),
  'customers and FSPs': rule(customersAndFsps, { customer: true, fsp: true }, [
    'customer',
    'client of a customer',
    'client for the market',
    'FSP user',
  ]),
  'planners and data providers': rule(plannersAndProviders, { person: true, provider: true }, [
    'planner',
    'administrator',
    'client of a data provider',
  ]),
  gateways: rule(gateways, { gateway: true }, ['gateway']),
  'the DNO at an FSP': rule(dno, {}, []),
  'an FSP’s people': rule(depotPeople('depot-admin'), {}, []),
  'an FSP’s feed': rule(depotFeeds('site-load'), {}, []),
  'readers of an FSP’s depots': rule(depotReaders, {}, []),
}

test.each(Object.entries(rules))('%s: the check lets in whom the types promise, and nobody else', (_, given) => {
  const { access, kinds, letIn } = given
  const found = everyone.filter((name) => mayCall(actors[name], access))
  expect(found.toSorted()).toEqual(letIn.toSorted())
  const foundKinds = new Set(found.map((name) => (actors[name] as Actor | null)?.kind ?? 'nobody'))
  expect([...foundKinds].sort()).toEqual(kinds.toSorted())
})

test.each(Object.entries(rules))('%s: a refusal says what is needed', (_, { access, letIn }) => {
  for (const name of everyone) {
    const enter = () => requireAccess(actors[name], access)
    if (letIn.includes(name)) expect(enter).not.toThrow()
    else {
      const kind = name === 'nobody' ? 'unauthenticated' : 'forbidden'
      expect(enter).toThrow(expect.objectContaining({ kind, message: expect.stringContaining(wordsOf(access)) }))
    }
  }
})

test('a verb gets the actor that its rule stands for', () => {
  expectTypeOf<ActorOf<typeof anyone>>().toEqualTypeOf<Actor | null>()
  expectTypeOf<ActorOf<typeof users>>().toEqualTypeOf<Person | ((FspActor | CustomerActor) & { user: PortalUser })>()
  expectTypeOf<ActorOf<ReturnType<typeof people>>>().toEqualTypeOf<Person>()
  expectTypeOf<ActorOf<ReturnType<typeof fsps>>>().toEqualTypeOf<FspActor>()
  expectTypeOf<ActorOf<typeof readers>>().toEqualTypeOf<Person | FspActor>()
  expectTypeOf<ActorOf<typeof customers>>().toEqualTypeOf<CustomerActor>()
  expectTypeOf<ActorOf<typeof customersAndFsps>>().toEqualTypeOf<CustomerActor | FspActor>()
  expectTypeOf<ActorOf<typeof plannersAndProviders>>().toEqualTypeOf<Person | ProviderActor>()
  expectTypeOf<ActorOf<typeof gateways>>().toEqualTypeOf<GatewayActor>()
  expectTypeOf<ActorOf<typeof dno>>().toBeNever()
  expectTypeOf<ActorOf<typeof depotReaders>>().toBeNever()
})

test('an FSP that is let in as a user has its person', () => {
  for (const actor of Object.values(actors) as (Actor | null)[])
    if (actor?.kind === 'fsp' && mayCall(actor, users)) expect(actor.user).toBeDefined()
})
