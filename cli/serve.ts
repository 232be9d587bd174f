import { join } from 'node:path'
import { Command, Option } from 'commander'
import { readPeople } from '../seeds/index.ts'
import { startServer } from '../server/app/index.ts'
import {
  dataOption,
  hostOption,
  type MetricsFlags,
  metricsOptions,
  metricsPlace,
  option,
  parseAddressRanges,
  parsePort,
  parseWithin,
} from './options.ts'
import { portalIssuerFrom } from './portal-issuer.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { tracedSurroundings } from './surroundings.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'
import { makeFirstAdministrator } from './system/first-administrator.ts'
import { safeTransport, type TransportFlags, transportOptions } from './transport-flags.ts'

/** `ringmain serve`: the DNO's server alone, in live mode. */
export function serveCommand(): Command {
  const command = new Command('serve').description(
    'the DNO’s server: API, portal, authorization server and periodic work',
  )
  for (const each of metricsOptions()) command.addOption(each)
  for (const each of transportOptions('this server')) command.addOption(each)
  for (const each of meteringOptions()) command.addOption(each)
  return command
    .addOption(hostOption())
    .addOption(option('--port <port>', 'port to listen on', { env: 'RINGMAIN_PORT', fallback: 7800, parse: parsePort }))
    .addOption(
      option('--trusted-proxy <addresses>', 'addresses or ranges of the proxies in front, separated by commas', {
        env: 'RINGMAIN_TRUSTED_PROXIES',
        parse: parseAddressRanges,
      }),
    )
    .addOption(dataOption())
    .addOption(
      new Option('--role <role>', 'what this process does of the server’s work')
        .choices(['api', 'worker', 'both'])
        .default('both')
        .env('RINGMAIN_ROLE'),
    )
    .addOption(
      option(
        '--allow-internal-fsps',
        'let FSPs and webhooks be at addresses inside this network; never across an open one',
        {
          env: 'RINGMAIN_ALLOW_INTERNAL_FSPS',
        },
      ),
    )
    .addOption(
      option('--replica-max-lag <seconds>', 'how far a replica may be behind for reports to be read from it', {
        env: 'RINGMAIN_REPLICA_MAX_LAG',
        fallback: 30,
        parse: parseWithin(0, 3_600),
      }),
    )
    .addHelpText(
      'after',
      '\nDATABASE_URL names its PostgreSQL; without it an embedded one runs in the data folder. Where there is no account yet,\nRINGMAIN_ADMIN_PASSWORD makes the first, admin.\nRINGMAIN_REPLICA_URL names a streaming replica of it, which reports are read from.',
    )
    .action(serve)
}

/** When meter data are held for approval, and when a hub counts as a meter. */
function meteringOptions(): Option[] {
  return [
    option('--meter-odd-factor <times>', 'factor from a unit’s usual power at which meter data are held for approval', {
      env: 'RINGMAIN_METER_ODD_FACTOR',
      fallback: 50,
      parse: parseWithin(2, 1_000),
    }),
    option('--meter-most-times <times>', 'import, as a multiple of the registered turn-down, at which they are held', {
      env: 'RINGMAIN_METER_MOST_TIMES',
      fallback: 50,
      parse: parseWithin(1, 10_000),
    }),
    option('--hub-completeness <part>', 'part of a half-hour that a hub must have measured to count as its meter', {
      env: 'RINGMAIN_HUB_COMPLETENESS',
      fallback: 0.9,
      parse: parseWithin(0, 1),
    }),
  ]
}

interface ServeFlags extends MetricsFlags, TransportFlags {
  port: number
  trustedProxy?: string[]
  data?: string
  role: 'api' | 'worker' | 'both'
  allowInternalFsps?: boolean
  meterOddFactor: number
  meterMostTimes: number
  hubCompleteness: number
  replicaMaxLag: number
}

async function serve(flags: ServeFlags): Promise<void> {
  const portalIssuer = portalIssuerFrom(process.env)
  const around = await tracedSurroundings('server')
  const certificate = safeTransport(flags, 'the server', { ...around, hasProxy: flags.trustedProxy !== undefined })
  const dataFolder = flags.data ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder)
  const replicaUrl = process.env['RINGMAIN_REPLICA_URL']
  try {
    const server = await startServer({
      databaseUrl: databases.serverUrl,
      ...(databases.serverOwnerUrl ? { ownerDatabaseUrl: databases.serverOwnerUrl } : {}),
      ...(replicaUrl ? { replica: { url: replicaUrl, maxLagS: flags.replicaMaxLag } } : {}),
      host: flags.host,
      port: flags.port,
      role: flags.role,
      ...metricsPlace(flags),
      ...(certificate ? { certificate } : {}),
      ...(flags.publicUrl ? { publicUrl: flags.publicUrl } : {}),
      ...(flags.trustedProxy ? { trustedProxies: flags.trustedProxy } : {}),
      metering: {
        unitErrorFactor: flags.meterOddFactor,
        implausibleFactor: flags.meterMostTimes,
        minHubCompleteness: flags.hubCompleteness,
      },
      ...(portalIssuer ? { portalIssuer } : {}),
      arePrivateAddressesAllowed: flags.allowInternalFsps ?? false,
      secretKeyFile: join(dataFolder, 'server.key'),
      environment: 'live',
      demoAccounts: await readPeople(),
      ...around,
    })
    await makeFirstAdministrator(server.context, process.env['RINGMAIN_ADMIN_PASSWORD'])
    process.stdout.write(`The server is at ${server.publicUrl}\n`)
    await runUntilStopped(around, { close: () => server.close().then(() => databases.stop()) })
  } catch (error) {
    await databases.stop()
    throw error
  }
}
