import { join } from 'node:path'
import { Command } from 'commander'
import { keyFrom, startFsp } from '../fsp/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import { newSecret } from '../platform/secrets/index.ts'
import type { DepotData } from '../schemas/fsp/registers/subjects.ts'
import { readDepots } from '../seeds/index.ts'
import {
  chargePointSecretOption,
  dataOption,
  hostOption,
  type MetricsFlags,
  metricsOptions,
  metricsPlace,
  option,
  parsePort,
  parseWithin,
} from './options.ts'
import { buildPortals } from './portal-build.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { tracedSurroundings } from './surroundings.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'
import { parseSafeUrl, safeTransport, type TransportFlags, transportOptions } from './transport-flags.ts'

/** Where the DNO’s server is on one machine. */
const usualDno = 'http://127.0.0.1:7800'

/** `ringmain fsp`: the reference FSP, beside a DNO or alone. */
export function fspCommand(): Command {
  const command = new Command('fsp').description(
    'the reference FSP: control API, token endpoint, OCPP 1.6-J central system, depot optimiser',
  )
  for (const each of metricsOptions()) command.addOption(each)
  for (const each of transportOptions('its APIs')) command.addOption(each)
  return command
    .addOption(hostOption())
    .addOption(option('--port <port>', 'its APIs', { env: 'RINGMAIN_FSP_PORT', fallback: 7810, parse: parsePort }))
    .addOption(option('--http-port <port>', 'the same', { parse: parsePort }))
    .addOption(
      option('--ocpp-port <port>', 'charge points', { env: 'RINGMAIN_OCPP_PORT', fallback: 7811, parse: parsePort }),
    )
    .addOption(
      option('--dno <url>', `the DNO’s server (with a site load key ${usualDno}; without both it stands alone)`, {
        env: 'RINGMAIN_SERVER',
        parse: parseSafeUrl,
      }),
    )
    .addOption(
      option('--accept-unknown', 'let in and register charge points of any make that are not registered', {
        env: 'RINGMAIN_ACCEPT_UNKNOWN',
      }),
    )
    .addOption(
      option('--asc-kva <kva>', 'agreed supply capacity of the depot that an FSP alone begins with', {
        fallback: 69,
        parse: parseWithin(1, 1_000_000),
      }),
    )
    .addOption(
      option('--site-load-key <key>', 'what the site load feed shows; better given by the variable', {
        env: 'RINGMAIN_SITE_LOAD_KEY',
      }),
    )
    .addOption(chargePointSecretOption())
    .addOption(
      option(
        '--air-message-cost <gbp>',
        'what a message to a charge point costs over the air, £, for the comparison of routes',
        {
          env: 'RINGMAIN_AIR_MESSAGE_COST',
          fallback: 0,
          parse: parseWithin(0, 10),
        },
      ),
    )
    .addOption(
      option('--ocpp-tls-cert <file>', 'certificate (PEM) that charge points see', { env: 'RINGMAIN_OCPP_TLS_CERT' }),
    )
    .addOption(option('--ocpp-tls-key <file>', 'its key (PEM)', { env: 'RINGMAIN_OCPP_TLS_KEY' }))
    .addOption(
      option('--ocpp-tls-ca <file>', 'authorities (PEM) of charge points’ certificates, which then replace passwords', {
        env: 'RINGMAIN_OCPP_TLS_CA',
      }),
    )
    .addOption(
      option('--ocpp-plain', 'let passwords of charge points pass in the clear beyond this machine, as through a VPN', {
        env: 'RINGMAIN_OCPP_PLAIN',
      }),
    )
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nRINGMAIN_FSP_DATABASE_URL names its PostgreSQL; without it and DATABASE_URL an embedded one runs in the data folder.\nWhere there is no account yet, the first is made: admin, with RINGMAIN_FSP_ADMIN_PASSWORD. An FSP that stands alone makes a password for it, and says it once.',
    )
    .action(fsp)
}

interface FspFlags extends MetricsFlags, TransportFlags {
  port: number
  httpPort?: number
  ocppPort: number
  dno?: string
  acceptUnknown?: boolean
  airMessageCost: number
  ascKva: number
  siteLoadKey?: string
  chargePointSecret?: string
  ocppTlsCert?: string
  ocppTlsKey?: string
  ocppTlsCa?: string
  ocppPlain?: boolean
  data?: string
}

async function fsp(flags: FspFlags): Promise<void> {
  if (flags.dno && !flags.siteLoadKey)
    throw new StartupError(
      'The FSP needs the key of its site load feed: set RINGMAIN_SITE_LOAD_KEY, or use --site-load-key.',
    )
  const isAlone = !flags.siteLoadKey
  const { chargePointSecret } = flags
  const ocppTls = ocppCertificate(flags)
  const givenPassword = process.env['RINGMAIN_FSP_ADMIN_PASSWORD']
  const firstPassword = givenPassword ?? (isAlone ? newSecret() : undefined)
  const around = await tracedSurroundings('fsp')
  const certificate = safeTransport(flags, 'the FSP', { ...around, hasProxy: false })
  const dataFolder = flags.data ?? (await defaultDataFolder())
  await buildPortals(['depot'], (line) => process.stdout.write(`${line}\n`))
  const databases = await lastingDatabases(dataFolder)
  try {
    const running = await startFsp({
      first: isAlone ? { depots: [], models: [], entries: { depot: soleDepot(flags.ascKva) } } : await readDepots(),
      acceptUnknown: flags.acceptUnknown ?? false,
      messageCostsGbp: { 'over-the-air': flags.airMessageCost },
      databaseUrl: databases.fspUrl,
      environment: 'live',
      host: flags.host,
      port: flags.httpPort ?? flags.port,
      ocppPort: flags.ocppPort,
      isPlainOcppAllowed: flags.ocppPlain ?? false,
      ...(ocppTls ? { ocppTls } : {}),
      ...(chargePointSecret ? { firstKeys: (identity: string) => keyFrom(chargePointSecret, identity) } : {}),
      dnoUrl: isAlone ? null : (flags.dno ?? usualDno),
      feedKeys: flags.siteLoadKey ? { 'site-load': flags.siteLoadKey } : {},
      ...(firstPassword === undefined ? {} : { firstPassword }),
      ...(certificate ? { certificate } : {}),
      ...metricsPlace(flags),
      ...(flags.publicUrl ? { publicUrl: flags.publicUrl } : {}),
      secretKeyFile: join(dataFolder, 'fsp.key'),
      feedFolder: join(dataFolder, 'feeds'),
      ...around,
    })
    if (running.hasNewAccounts && givenPassword === undefined && firstPassword !== undefined)
      process.stdout.write(`Log in as admin with the password ${firstPassword}: it is shown this once.\n`)
    process.stdout.write(`The FSP is at ${running.url}, its charge points come to ${running.ocppUrl}\n`)
    await runUntilStopped(around, { close: () => running.close().then(() => databases.stop()) })
  } catch (error) {
    await databases.stop()
    throw error
  }
}

function ocppCertificate({ ocppTlsCert: certFile, ocppTlsKey: keyFile, ocppTlsCa: caFile }: FspFlags) {
  if (certFile && keyFile) return { certFile, keyFile, ...(caFile ? { caFile } : {}) }
  if (certFile || keyFile || caFile)
    throw new StartupError('TLS for charge points needs both --ocpp-tls-cert and --ocpp-tls-key.')
  return null
}

/** The depot that an FSP alone begins with: its connection, and nothing else on it. Its operator states more in the register. */
function soleDepot(ascKva: number): DepotData {
  return {
    name: 'Depot',
    customer: 'Ourselves',
    address: '',
    licenceArea: null,
    mpan: null,
    connectionId: null,
    ascKva,
    powerFactor: 0.95,
    bufferW: 0,
    buildingDayW: 0,
    buildingNightW: 0,
    feeders: [{ feeder: 1, role: 'ev', mpan: null, ratedA: null }],
    phaseLimitA: null,
    supplies: null,
    profile: null,
  }
}
