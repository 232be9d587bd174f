import { readdirSync } from 'node:fs'

// The dependency rules of the house (docs/flow.md). Each says why; `npm run verify` checks them.
const wings = ['kit', 'access', 'grid', 'planning', 'market', 'dispatch', 'settlement', 'app']
const slices = {
  access: [
    'brakes',
    'audit',
    'customers',
    'data-providers',
    'clients',
    'accounts',
    'own-account',
    'log-in',
    'proposals',
    'settings',
  ],
  grid: [
    'notices',
    'alarms',
    'feeds',
    'areas',
    'network',
    'connections',
    'dynamic-limits',
    'headroom',
    'applications',
    'hubs',
    'installations',
    'gateways',
    'telemetry',
    'exports',
    'compliance',
    'network-map',
    'day-report',
    'jobs',
  ],
  planning: ['forecast', 'load', 'node-terms', 'load-model', 'dynamic-limits', 'demand', 'sites', 'data-feeds'],
  market: [
    'authorities',
    'parties',
    'customers',
    'notices',
    'products',
    'requirements',
    'stacking',
    'tenders',
    'timetables',
    'submissions',
    'services-to-others',
  ],
  dispatch: [
    'emergency',
    'transports',
    'optimisation/algorithm',
    'optimisation/solver',
    'instructions',
    'constraints',
    'sending',
    'import-limits',
    'schedules',
    'optimisation/runs',
    'issuing',
    'rehearsals',
    'experiments',
    'live-readings',
    'board',
    'delivery',
    'reserve',
  ],
  settlement: [
    'metering/days',
    'metering/uploads',
    'baselines',
    'payments',
    'statements/lines',
    'statements/issuing',
    'statements/disputes',
    'daily-report',
  ],
}
// A slice that is not named would be under no rule.
const foldersIn = (path) => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
for (const [wing, names] of Object.entries(slices))
  for (const { name } of foldersIn(`server/${wing}`)) {
    if (['migrations', 'test', ...names].includes(name)) continue
    const inner = foldersIn(`server/${wing}/${name}`).map((entry) => `${name}/${entry.name}`)
    const unnamed = inner.length > 0 ? inner.filter((slice) => !names.includes(slice)) : [name]
    if (unnamed.length > 0)
      throw new Error(
        `server/${wing}/${unnamed[0]} has no place in the order of slices: name it in .dependency-cruiser.mjs.`,
      )
  }
const folders = [
  'schemas',
  'platform',
  'dnp3-gateway',
  'server',
  'fsp',
  'web',
  'seeds',
  'cli',
  'bench',
  'test',
  'tools',
]
const notTests = '\\.test\\.tsx?$|(^|/)test/'

/** One folder may import only these of ours. */
function only(from, allowed, comment) {
  const others = folders.filter((folder) => folder !== from && !allowed.includes(folder))
  return {
    name: `${from}-imports-only-${allowed.join('-') || 'itself'}`,
    comment,
    severity: 'error',
    from: { path: `^${from}/`, pathNot: notTests },
    to: { path: `^(${others.join('|')})/` },
  }
}

const wingOrder = wings.map((wing, i) => ({
  name: `server-${wing}-imports-no-wing-above-it`,
  comment: 'Wings stand on those before them; loops in the business close through tables, not imports.',
  severity: 'error',
  from: { path: `^server/${wing}/`, pathNot: notTests },
  to: { path: `^server/(${wings.slice(i + 1).join('|') || '(?!)'})/` },
}))

const wingDoors = wings.map((wing) => ({
  name: `server-${wing}-is-entered-by-its-index`,
  comment: 'A wing has one door, so that what is behind it can change.',
  severity: 'error',
  from: { path: '^(server|seeds)/', pathNot: [`^server/${wing}/`, notTests] },
  to: { path: `^server/${wing}/`, pathNot: [`^server/${wing}/index\\.ts$`, '^server/app/migrations\\.ts$', notTests] },
}))

const sliceOrder = Object.entries(slices).flatMap(([wing, names]) =>
  names.map((slice, i) => ({
    name: `server-${wing}-${slice}-imports-no-slice-above-it`,
    comment: 'Within a wing a slice may use those before it, by their index.ts only.',
    severity: 'error',
    from: { path: `^server/${wing}/${slice}/`, pathNot: notTests },
    to: { path: `^server/${wing}/(${names.slice(i + 1).join('|') || '(?!)'})/` },
  })),
)

const sliceDoors = Object.entries(slices).flatMap(([wing, names]) =>
  names.map((slice) => ({
    name: `server-${wing}-${slice}-is-entered-by-its-index`,
    comment: 'The index.ts of a slice is its only door; tables may refer to tables, for foreign keys.',
    severity: 'error',
    from: { path: `^server/${wing}/[^/]+/`, pathNot: [`^server/${wing}/${slice}/`, notTests] },
    to: { path: `^server/${wing}/${slice}/`, pathNot: [`^server/${wing}/${slice}/(index|tables)\\.ts$`, notTests] },
  })),
)

const dnp3Order = ['spec', 'link', 'transport', 'app', '(master|outstation)', 'io']
const dnp3Layers = dnp3Order.map((layer, i) => ({
  name: `dnp3-${layer.replace(/\W+/g, '-')}-imports-only-downwards`,
  comment: 'Layers of the protocol know only those beneath them.',
  severity: 'error',
  from: { path: `^dnp3-gateway/dnp3/${layer}/`, pathNot: notTests },
  to: { path: `^dnp3-gateway/dnp3/(${dnp3Order.slice(i + 1).join('|') || '(?!)'})/` },
}))

const simulatorRooms = ['common', 'vehicles', 'sites', 'charge-points', 'world', 'days']
const simulatorOrder = simulatorRooms.slice(0, -1).map((room, i) => ({
  name: `simulator-${room}-imports-no-room-above-it`,
  comment: 'The simulated world stands on its sites and charge points, and those on vehicles; never the other way.',
  severity: 'error',
  from: { path: `^fsp/simulator/${room}/`, pathNot: notTests },
  to: { path: `^fsp/simulator/(${simulatorRooms.slice(i + 1).join('|')})/` },
}))

const pure = [
  '^server/.+/rules\\.ts$',
  '^server/(grid|planning|market|dispatch|settlement)/.+-rules\\.ts$',
  '^server/grid/headroom/(vectors|agreed)\\.ts$',
  '^server/.+/rules/',
  '^fsp/.+/rules\\.ts$',
  '^fsp/.+/rules/',
  '^server/dispatch/optimisation/algorithm/',
  '^server/planning/load-model/model/',
  '^server/planning/demand/(engine|mapping|outlook)/',
  '^server/planning/sites/engine/',
  '^dnp3-gateway/dnp3/(spec|link|transport|app)/',
]

/** What brings I/O, time or chance with it. */
const impure = [
  '^platform/(db|http|clock|oauth|log|secrets|jobs|tracing)/',
  'node_modules/drizzle-orm/',
  'node_modules/postgres/',
  'node_modules/hono/',
]

const purity = [{ path: impure }, { dependencyTypes: ['core'] }].map((to, i) => ({
  name: `rules-are-pure-${i + 1}`,
  comment: 'Rules are functions over plain data: no I/O, no database, no clock, no random.',
  severity: 'error',
  from: { path: pure, pathNot: notTests },
  to,
}))

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Circles hide which part is the foundation, of types as of values.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that cannot be resolved fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    only('schemas', [], 'Contracts between processes depend on nothing of ours.'),
    only('platform', ['schemas'], 'Shells without domain, for every process.'),
    only(
      'dnp3-gateway',
      ['schemas', 'platform'],
      'The gateway sits in the operational zone: it shares contracts with the server, not code.',
    ),
    only('server', ['schemas', 'platform'], 'The server shares contracts with gateways and FSPs, not code.'),
    only('fsp', ['schemas', 'platform'], 'The FSP is another company’s software.'),
    only('web', ['schemas'], 'The portal knows the API by its contracts alone.'),
    only('seeds', ['schemas', 'platform', 'server'], 'Seeds load data through the server’s own verbs.'),
    {
      name: 'dnp3-stands-alone',
      comment: 'The protocol is a product in itself.',
      severity: 'error',
      from: { path: '^dnp3-gateway/dnp3/', pathNot: notTests },
      to: { path: `^(${folders.join('|')})/`, pathNot: '^dnp3-gateway/dnp3/' },
    },
    {
      name: 'dnp3-is-entered-by-its-index',
      comment: 'dnp3/index.ts is the protocol’s only door.',
      severity: 'error',
      from: { path: '^dnp3-gateway/', pathNot: ['^dnp3-gateway/dnp3/', notTests] },
      to: { path: '^dnp3-gateway/dnp3/', pathNot: '^dnp3-gateway/dnp3/index\\.ts$' },
    },
    ...purity,
    ...wingOrder,
    ...wingDoors,
    ...sliceOrder,
    ...sliceDoors,
    ...dnp3Layers,
    ...simulatorOrder,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)dist/', '(^|/)migrations/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
