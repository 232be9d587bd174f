import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AuthorityState } from '../../../schemas/market/authorities.ts'
import type { FspNoticeState } from '../../../schemas/market/notices.ts'
import { day, oneOf, searchOf, text } from '../../shared/search.ts'
import { inside } from './base.ts'

const tenders = createRoute({
  getParentRoute: () => inside,
  path: '/market',
  component: lazyRouteComponent(() => import('../screens/market/tenders/tenders.tsx'), 'Tenders'),
})

const newTender = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-tender',
  component: lazyRouteComponent(() => import('../screens/market/tenders/new-tender.tsx'), 'NewTender'),
})

const tender = createRoute({
  getParentRoute: () => inside,
  path: '/market/tenders/$tenderId',
  component: lazyRouteComponent(() => import('../screens/market/tenders/tender.tsx'), 'TenderPage'),
})

const contracts = createRoute({
  getParentRoute: () => inside,
  path: '/market/contracts',
  component: lazyRouteComponent(() => import('../screens/market/contracts/contracts.tsx'), 'Contracts'),
})

const newContract = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-contract',
  component: lazyRouteComponent(() => import('../screens/market/contracts/new-contract.tsx'), 'NewContract'),
})

const contract = createRoute({
  getParentRoute: () => inside,
  path: '/market/contracts/$contractId',
  component: lazyRouteComponent(() => import('../screens/market/contracts/contract.tsx'), 'ContractPage'),
})

const units = createRoute({
  getParentRoute: () => inside,
  path: '/market/units',
  validateSearch: searchOf({ fu: text }),
  component: lazyRouteComponent(() => import('../screens/market/units/units.tsx'), 'Units'),
})

const newUnit = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-unit',
  component: lazyRouteComponent(() => import('../screens/market/units/new-unit.tsx'), 'NewUnit'),
})

const ders = createRoute({
  getParentRoute: () => inside,
  path: '/market/ders',
  validateSearch: searchOf({ der: text }),
  component: lazyRouteComponent(() => import('../screens/market/ders/ders.tsx'), 'Ders'),
})

const newDer = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-der',
  component: lazyRouteComponent(() => import('../screens/market/ders/new-der.tsx'), 'NewDer'),
})

const importDers = createRoute({
  getParentRoute: () => inside,
  path: '/market/import-ders',
  component: lazyRouteComponent(() => import('../screens/market/units/import-ders.tsx'), 'ImportDers'),
})

const schedules = createRoute({
  getParentRoute: () => inside,
  path: '/market/schedules',
  validateSearch: searchOf({ day: day, schedule: text }),
  component: lazyRouteComponent(() => import('../screens/market/schedules/schedules.tsx'), 'Schedules'),
})

const timetables = createRoute({
  getParentRoute: () => inside,
  path: '/market/timetables',
  validateSearch: searchOf({ day: day, timetable: text }),
  component: lazyRouteComponent(() => import('../screens/market/timetables/timetables.tsx'), 'Timetables'),
})

const products = createRoute({
  getParentRoute: () => inside,
  path: '/market/products',
  validateSearch: searchOf({ product: text }),
  component: lazyRouteComponent(() => import('../screens/market/products/products.tsx'), 'Products'),
})

const fsps = createRoute({
  getParentRoute: () => inside,
  path: '/market/fsps',
  validateSearch: searchOf({ fsp: text }),
  component: lazyRouteComponent(() => import('../screens/market/fsps/fsps.tsx'), 'Fsps'),
})

const newFsp = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-fsp',
  component: lazyRouteComponent(() => import('../screens/market/fsps/new-fsp.tsx'), 'NewFsp'),
})

const authorities = createRoute({
  getParentRoute: () => inside,
  path: '/market/authorities',
  validateSearch: searchOf({
    state: oneOf<AuthorityState>({ applied: true, approved: true, refused: true, ended: true }),
    authority: text,
  }),
  component: lazyRouteComponent(() => import('../screens/market/authorities/authorities.tsx'), 'Authorities'),
})

const newAuthority = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-authority',
  component: lazyRouteComponent(() => import('../screens/market/authorities/new-authority.tsx'), 'NewAuthority'),
})

const importAuthorities = createRoute({
  getParentRoute: () => inside,
  path: '/market/import-mpans',
  component: lazyRouteComponent(
    () => import('../screens/market/authorities/import-authorities.tsx'),
    'ImportAuthorities',
  ),
})

const notices = createRoute({
  getParentRoute: () => inside,
  path: '/market/notices',
  validateSearch: searchOf({ state: oneOf<FspNoticeState>({ owed: true, sent: true, dead: true, unaddressed: true }) }),
  component: lazyRouteComponent(() => import('../screens/market/notices/notices.tsx'), 'Notices'),
})

const servicesToOthers = createRoute({
  getParentRoute: () => inside,
  path: '/market/services-to-others',
  validateSearch: searchOf({ fu: text, service: text }),
  component: lazyRouteComponent(() => import('../screens/market/others/services.tsx'), 'ServicesToOthers'),
})

const newServiceToOthers = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-service-to-others',
  validateSearch: searchOf({ fu: text }),
  component: lazyRouteComponent(() => import('../screens/market/others/new-service.tsx'), 'NewServiceToOthers'),
})

/** Screens of the market. */
export const marketRoutes = [
  tenders,
  newTender,
  tender,
  contracts,
  newContract,
  contract,
  units,
  newUnit,
  ders,
  newDer,
  importDers,
  importAuthorities,
  schedules,
  timetables,
  products,
  authorities,
  newAuthority,
  fsps,
  newFsp,
  notices,
  servicesToOthers,
  newServiceToOthers,
] as const
