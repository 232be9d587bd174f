import { join } from 'node:path'
import { Command } from 'commander'
import { startGateway } from '../dnp3-gateway/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import { makeWritableFolder } from '../platform/files/index.ts'
import { option, parseHttpUrl } from './options.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { surroundings } from './surroundings.ts'
import { defaultDataFolder } from './system/databases.ts'

/** `ringmain gateway`: a DNP3 gateway alone. */
export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('a DNP3 gateway: polls the hubs that the server assigns to it, and delivers what they measure')
    .addOption(
      option('--server <url>', 'the DNO’s server', {
        env: 'RINGMAIN_SERVER',
        fallback: 'http://127.0.0.1:7800',
        parse: parseHttpUrl,
      }),
    )
    .addOption(
      option('--id <name>', 'this gateway’s name at the server', { env: 'RINGMAIN_GATEWAY_ID', fallback: 'gateway-1' }),
    )
    .addOption(
      option('--client-id <id>', 'its OAuth 2.0 client (default: its name)', { env: 'RINGMAIN_GATEWAY_CLIENT_ID' }),
    )
    .addOption(
      option('--client-secret <secret>', 'its secret; better given by the variable', {
        env: 'RINGMAIN_GATEWAY_SECRET',
      }),
    )
    .addOption(
      option('--spool <folder>', 'where measurements wait for the server (default: spool in the data folder)', {
        env: 'RINGMAIN_SPOOL',
      }),
    )
    .action(gateway)
}

interface GatewayFlags {
  server: string
  id: string
  clientId?: string
  clientSecret?: string
  spool?: string
}

async function gateway(flags: GatewayFlags): Promise<void> {
  if (!flags.clientSecret)
    throw new StartupError('The gateway needs its client secret: set RINGMAIN_GATEWAY_SECRET, or use --client-secret.')
  const spoolFolder = flags.spool ?? join(await defaultDataFolder(), 'spool')
  await makeWritableFolder(spoolFolder, 'The spool folder', '--spool')
  const around = surroundings('gateway')
  const running = await startGateway({
    ...{ gatewayId: flags.id, serverUrl: flags.server, clientId: flags.clientId ?? flags.id },
    ...{ clientSecret: flags.clientSecret, spoolFolder, ...around },
  })
  process.stdout.write(`The gateway ${flags.id} works for ${flags.server}\n`)
  await runUntilStopped(around.clock, running)
}
