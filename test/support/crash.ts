import type { Instant } from '@js-joda/core'
import { expect } from 'vitest'
import { atEnd } from './cleanup.ts'
import { type Client, createClient } from './client.ts'
import type { CrashPoint } from './crash-points.ts'
import { type DispatchRig, startDispatchRig } from './dispatch.ts'
import { holdAt, type ServerProcess, startServerProcess } from './killed-server.ts'
import { type MailDesk, startMailDesk } from './mail-desk.ts'

/** A market whose server is a process that is killed, and followed by another on the same database. */
export interface CrashRig {
  rig: DispatchRig
  desk: MailDesk
  /** The server that was started last. */
  readonly server: ServerProcess
  /** Starts one more server, which the caller kills. */
  start(at: Instant): Promise<ServerProcess>
  /** Lets the server's time pass; starts one just then if none is up. */
  passTo(at: Instant): Promise<void>
  /** Kills the server at a point on its way to an instant; another takes its place a second later. */
  crash(point: CrashPoint, on: Instant): Promise<void>
  /** Kills the server at a statement of a request that `ask` sends to it; another takes its place a second later. */
  crashAtRequest(point: CrashPoint, at: Instant, ask: (server: ServerProcess) => Promise<unknown>): Promise<void>
  /** The FSP as a client of the server that is up. */
  fspAt(server: ServerProcess): Client
}

/** Starts the market at an instant; no server is up before the first `passTo`. */
export async function startCrashRig(at: Instant): Promise<CrashRig> {
  const desk = await startMailDesk()
  const rig = await startDispatchRig(at)
  let server: ServerProcess | undefined
  const start = (from: Instant) =>
    // Tokens of one server of the DNO are good at every other.
    startServerProcess({ databaseUrl: rig.databaseUrl, publicUrl: rig.server.portUrl }, from, {
      RINGMAIN_SECRET_KEY: rig.server.secretKey.toString('hex'),
      RINGMAIN_SMTP_URL: desk.url,
    })
  const victimAt = async (from: Instant): Promise<ServerProcess> => {
    if (server?.isAlive()) await server.advanceTo(from)
    else server = await start(from)
    return server
  }
  atEnd(async () => server?.kill())
  return {
    rig,
    desk,
    start,
    get server() {
      if (!server) throw new Error('no server was started')
      return server
    },
    passTo: async (to) => void (await victimAt(to)),
    async crash(point, on) {
      // One that has a token would ask for none.
      if ('peer' in point && point.peer === 'token') {
        await server?.kill()
        server = await start(on.minusSeconds(1))
      }
      const victim = server
      if (!victim) throw new Error('there is no server to kill')
      if ('peer' in point) await killAtPeer({ rig, desk }, point.peer, victim, on)
      else await killAtStatement(rig, point, victim, () => victim.advanceTo(on))
      server = await start(on.plusSeconds(1))
    },
    async crashAtRequest(point, on, ask) {
      if ('peer' in point) throw new Error('a request is held at a statement')
      const victim = await victimAt(on)
      await killAtStatement(rig, point, victim, () => ask(victim))
      server = await start(on.plusSeconds(1))
    },
    fspAt: ({ url }) => createClient(`${url}${new URL(rig.server.url).pathname}`, rig.fsp.client.headers),
  }
}

async function killAtStatement(
  { db }: DispatchRig,
  point: Extract<CrashPoint, { table: string }>,
  victim: ServerProcess,
  act: () => Promise<unknown>,
): Promise<void> {
  const held = await holdAt(db, point)
  // What was asked of a server that is killed is never answered.
  const cut = act().catch(() => undefined)
  await held.reached()
  await victim.kill()
  await held.end()
  await cut
}

async function killAtPeer(
  { rig: { control }, desk }: Pick<CrashRig, 'rig' | 'desk'>,
  peer: Extract<CrashPoint, { peer: string }>['peer'],
  victim: ServerProcess,
  on: Instant,
): Promise<void> {
  // Notices to the FSP go to the same desk.
  const sheets = () => desk.mails.filter(({ text }) => text.includes('Local time (Europe/London):')).length
  const before = control.hanging + sheets()
  if (peer === 'token') control.isTokenEndpointHanging = true
  else if (peer === 'mail') desk.isHanging = true
  else control.behaviour = peer
  void victim.advanceTo(on)
  const isThere = () => control.hanging + sheets() > before
  await expect.poll(isThere, { timeout: 60_000, interval: 20 }).toBe(true)
  await victim.kill()
  control.behaviour = 'accept'
  control.isTokenEndpointHanging = false
  desk.isHanging = false
}
